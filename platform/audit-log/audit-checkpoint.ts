/** Signed places of the chain: pure. Whoever holds one knows whether what lies before it was changed since. */

import { createPublicKey, verify } from "node:crypto";
import type { Signer } from "../signer/signer.js";
import { isSignedSm2 } from "../sm2/sm2.js";

export interface AuditPlace {
  readonly seq: number;
  /** Of the entry's line. */
  readonly sha256: string;
  /** When it was signed: ISO 8601, +08:00. */
  readonly at: string;
}

export interface AuditCheckpoint extends AuditPlace {
  readonly keyId: string;
  /** base64. */
  readonly ed25519: string;
  /** DER, base64. */
  readonly sm2: string;
}

/** Public keys as PEM (SPKI). */
export interface CheckpointKey {
  readonly keyId: string;
  readonly ed25519: string;
  readonly sm2: string;
}

/** The bytes that are signed. */
export function checkpointStatement({ seq, sha256, at }: AuditPlace, keyId: string): Uint8Array {
  return Buffer.from(JSON.stringify({ product: "kadun-audit-checkpoint", seq, sha256, at, keyId }));
}

/** @throws SignerError. */
export async function signCheckpoint(place: AuditPlace, signer: Signer): Promise<AuditCheckpoint> {
  const { keyId } = signer;
  const statement = checkpointStatement(place, keyId);
  const [ed25519, sm2] = [await signer.ed25519(statement), await signer.sm2(statement)];
  return { ...place, keyId, ed25519: base64(ed25519), sm2: base64(sm2) };
}

/** @returns what is wrong with it; null where both signatures are those of one of the keys. */
export function checkpointFault(checkpoint: AuditCheckpoint, keys: readonly CheckpointKey[]): string | null {
  const key = keys.find(({ keyId }) => keyId === checkpoint.keyId);
  if (key === undefined) return `it names key ${checkpoint.keyId}, which is not among the published ones`;
  const statement = checkpointStatement(checkpoint, checkpoint.keyId);
  const ed25519 = Buffer.from(checkpoint.ed25519, "base64");
  if (!verify(null, statement, createPublicKey(key.ed25519), ed25519))
    return "its Ed25519 signature is not that of the key";
  return isSignedSm2(statement, Buffer.from(checkpoint.sm2, "base64"), key.sm2)
    ? null
    : "its SM2 signature is not that of the key";
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}

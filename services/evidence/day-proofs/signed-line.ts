/** A day proof as a signed line, and how one follows another. Pure but for the signer. */

import { createPublicKey, hash, verify } from "node:crypto";
import type { Signer } from "../../../platform/signer/signer.js";
import { DAY_PROOF_FORMAT, type DayProof, dayProof, NO_DIGEST } from "../../../schemas/evidence/day-proof.js";
import { dayAfter } from "./shanghai-day.js";

/** A line as it is published, without line feed, and what it says. */
export interface SignedLine {
  readonly text: string;
  readonly proof: DayProof;
}

export type UnsignedProof = Omit<DayProof, "type" | "format" | "previousSha256" | "keyId" | "signature">;

/** @param previous of the partition; null for its first. @throws SignerError. */
export async function signedLine(
  signer: Pick<Signer, "keyId" | "ed25519">,
  previous: SignedLine | null,
  unsigned: UnsignedProof,
): Promise<SignedLine> {
  const { partition, day, part, isDayClosed, fromOffset, endOffset, persons, root } = unsigned;
  const body = {
    type: "day-proof" as const,
    format: DAY_PROOF_FORMAT as typeof DAY_PROOF_FORMAT,
    partition,
    day,
    part,
    isDayClosed,
    fromOffset,
    endOffset,
    persons,
    root,
    previousSha256: previous === null ? NO_DIGEST : sha256OfLine(previous.text),
    keyId: signer.keyId,
  };
  const signature = Buffer.from(await signer.ed25519(Buffer.from(JSON.stringify(body)))).toString("base64");
  const proof: DayProof = { ...body, signature };
  return { text: JSON.stringify(proof), proof };
}

/** null where the text is no line as this program writes it. */
export function readSignedLine(text: string): SignedLine | null {
  const parsed = dayProof.safeParse(jsonOf(text));
  // Written by this program, so the same text comes of it: no field moved, no space added.
  if (!parsed.success || JSON.stringify(parsed.data) !== text) return null;
  return { text, proof: parsed.data };
}

/** @param ed25519 public key (SPKI, PEM). */
export function isSignedBy(line: SignedLine, ed25519: string): boolean {
  const { signature, ...body } = line.proof;
  return verify(
    null,
    Buffer.from(JSON.stringify(body)),
    createPublicKey(ed25519),
    Buffer.from(signature, "base64"),
  );
}

/** Does the line come directly behind `previous` (null: is it a partition's first)? */
export function follows({ proof }: SignedLine, previous: SignedLine | null): boolean {
  if (proof.endOffset < proof.fromOffset) return false;
  if (previous === null) return proof.previousSha256 === NO_DIGEST && proof.part === 1;
  const before = previous.proof;
  return (
    proof.previousSha256 === sha256OfLine(previous.text) &&
    proof.partition === before.partition &&
    proof.fromOffset === before.endOffset &&
    (before.isDayClosed
      ? proof.part === 1 && proof.day === dayAfter(before.day)
      : proof.part === before.part + 1 && proof.day === before.day)
  );
}

export function sha256OfLine(text: string): string {
  return hash("sha256", text);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A signer of day proofs with a key of its own, for tests. */

import { createPrivateKey, createPublicKey, sign } from "node:crypto";
import type { Signer } from "../../platform/signer/signer.js";

/** PKCS 8 of an Ed25519 key, before its 32 bytes (RFC 8410). */
const PKCS8_HEAD = Buffer.from("302e020100300506032b657004220420", "hex");

export interface TestSigner extends Pick<Signer, "keyId" | "ed25519"> {
  /** SPKI, PEM. */
  readonly publicKey: string;
}

/** The same seed gives the same key. */
export function testSigner(seed = 1): TestSigner {
  const key = createPrivateKey({
    key: Buffer.concat([PKCS8_HEAD, Buffer.alloc(32, seed)]),
    format: "der",
    type: "pkcs8",
  });
  return {
    keyId: String(seed).padStart(16, "0"),
    ed25519: async (message) => sign(null, message, key),
    publicKey: createPublicKey(key).export({ format: "pem", type: "spki" }).toString(),
  };
}

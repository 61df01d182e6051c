/** Signs with keys of this machine (platform/signer/signer.ts has the contract). */

import { createPrivateKey, sign } from "node:crypto";
import { signSm2 } from "../../sm2/sm2.js";
import { type Signer, SignerError } from "../signer.js";

export interface FileKeys {
  readonly keyId: string;
  /** PKCS #8, PEM. */
  readonly ed25519: string;
  /** 64 hexadecimal digits. */
  readonly sm2: string;
}

/** @throws SignerError KEY_INVALID. */
export function fileSigner({ keyId, ed25519, sm2 }: FileKeys): Signer {
  const privateKey = privateKeyOf(keyId, ed25519);
  return {
    keyId,
    isRepeatable: true,
    ed25519: async (message) => sign(null, message, privateKey),
    sm2: async (message) => signSm2(message, sm2),
    close: async () => {},
  };
}

function privateKeyOf(keyId: string, pem: string) {
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === "ed25519") return key;
  } catch {
    // Said below: the error itself may repeat parts of the key.
  }
  throw new SignerError("KEY_INVALID", `key ${keyId}: expected an Ed25519 key (PKCS #8, PEM)`, false);
}

/**
 * Port: signs bytes with keys that the caller never sees: in files, in a hardware module (HSM), at a key service (KMS).
 *
 * What an adapter promises
 * - **Which key**: `keyId` names the pair in use; both signatures of one signer belong to it. A rotation makes another
 *   signer: whoever holds this one signs with the keys it had.
 * - **The same again**: the same bytes under the same key give the same signature (Ed25519 by its definition; SM2 with a
 *   nonce derived from key and message as RFC 6979 does). An adapter whose module draws nonces says so by `isRepeatable`.
 * - **Failure**: rejects with SignerError; nothing was signed then. Who asked may ask again where it is retryable.
 */

export interface Signer {
  readonly keyId: string;
  /** Does the same message get the same SM2 signature? */
  readonly isRepeatable: boolean;
  /** 64 bytes (RFC 8032). */
  ed25519(message: Uint8Array): Promise<Uint8Array>;
  /** SM2 with SM3 and the user id 1234567812345678 (GB/T 32918.2): DER. */
  sm2(message: Uint8Array): Promise<Uint8Array>;
  close(): Promise<void>;
}

export class SignerError extends Error {
  override readonly name = "SignerError";
  constructor(
    readonly code: "KEY_INVALID" | "NOT_AVAILABLE" | "FAILED",
    message: string,
    readonly retryable: boolean,
    options: { readonly cause?: unknown } = {},
  ) {
    super(message, options);
  }
}

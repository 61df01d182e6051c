/**
 * Port: an authority that says when something was there (RFC 3161).
 *
 * What an adapter promises
 * - **What**: a token (DER, ContentInfo) over the SHA-256 given, with the authority's certificate in it, checked before it
 *   is given back (time-stamp-token.ts): it is over this hash, and its signature is that of its certificate.
 * - **Another each time**: the same hash asked for again gets another token. Who needs the same again keeps the first.
 * - **Failure**: rejects with TimeStampError; who asked may ask again where it is retryable.
 */

export interface TimeStampAuthority {
  /** @param sha256 32 bytes. */
  stamp(sha256: Uint8Array): Promise<Uint8Array>;
}

export class TimeStampError extends Error {
  override readonly name = "TimeStampError";
  constructor(
    readonly code: "NOT_AVAILABLE" | "REFUSED" | "INVALID",
    message: string,
    readonly retryable: boolean,
    options: { readonly cause?: unknown } = {},
  ) {
    super(message, options);
  }
}

/**
 * Port: reporting a loss to the bureau's own system, which is where a card is blocked for good (a file in embedded use, a
 * web-hook elsewhere).
 *
 * What an adapter promises
 * - **Once**: `requestId` is the idempotency key. A report may be handed over any number of times, also after a restart: the
 *   bureau has it once. It is handed over again to ask what became of it.
 * - **Durability**: when `report` resolves, the report is the other side's: it will not be lost by a crash of this process.
 * - **Errors**: UNAVAILABLE: it was not taken. UNANSWERED: nobody knows. Both are handed over again, by whoever called.
 * - **Secrecy**: persons and cards are named by tokens; an adapter writes no secret into an error.
 * - **close()** waits for a report under way and is idempotent. Every call after it fails with `CLOSED`.
 */

export interface LossNotice {
  readonly requestId: string;
  readonly personKey: string;
  /** Null: all of the person's cards of the credential. */
  readonly cardKey: string | null;
  readonly cardTail: string | null;
  readonly credential: string;
  /** Division code of where the person is insured. */
  readonly region: string;
  /** ISO 8601, +08:00. */
  readonly reportedAt: string;
}

export interface Acceptance {
  readonly receiptNo: string | null;
  /** ISO 8601 with an offset; null where the bureau does not say. */
  readonly acceptedAt: string | null;
  readonly effectiveAt: string | null;
}

export type BureauAnswer =
  /** It lies where people of the bureau will find it; nothing more will be heard. */
  | { readonly kind: "kept" }
  /** The bureau has it and has not decided: ask again. */
  | { readonly kind: "taken" }
  | ({ readonly kind: "accepted" } & Acceptance)
  /** For good. */
  | { readonly kind: "refused"; readonly code: string; readonly reason: string };

export interface BureauChannel {
  /** @throws BureauChannelError. */
  report(notice: LossNotice): Promise<BureauAnswer>;
  close(): Promise<void>;
}

export type BureauChannelErrorCode = "UNAVAILABLE" | "UNANSWERED" | "CORRUPT" | "CLOSED";

export class BureauChannelError extends Error {
  override readonly name = "BureauChannelError";
  readonly retryable: boolean;

  constructor(
    readonly code: BureauChannelErrorCode,
    message: string,
    options: { readonly cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.retryable = code === "UNAVAILABLE" || code === "UNANSWERED";
  }
}

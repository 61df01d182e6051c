/**
 * Port: sending short messages (a file in embedded use, operators' gateways elsewhere).
 *
 * What an adapter promises
 * - **Once**: `smsId` is the idempotency key. An adapter that can know (`remembers`) delivers it once, also after a restart,
 *   and says `known`; it may be handed over again. Any other never sends by itself what it has sent: no retry inside a
 *   client library. What nobody knows is UNANSWERED, and whoever called asks by `query` before sending again.
 * - **Durability**: when `send` resolves, the message is the gateway's: it will not be lost by a crash of this process.
 * - **Order**: messages are handed over in the order of the calls.
 * - **Errors**: REFUSED: this message, for good; others may go. UNAVAILABLE: not taken, the gateway as a whole is not working
 *   just now (down, throttled, no money); retryable. UNANSWERED: it may have been taken.
 * - **Secrecy**: an adapter writes no phone number in clear anywhere, also not into an error.
 * - **close()** waits for a message under way and is idempotent. Every call after it fails with `CLOSED`.
 */

/** Digits, with or without country code. */
export type PhoneNumber = string;

export interface SmsMessage {
  readonly smsId: string;
  readonly phone: PhoneNumber;
  /** Name of the template; the adapter knows the operator's code for it. */
  readonly template: string;
  /** What the template's places are filled with, in their order. */
  readonly values: readonly SmsValue[];
  /** As the phone shows it, signature and all. */
  readonly text: string;
}

export interface SmsValue {
  readonly name: string;
  readonly value: string;
}

export interface SmsSent {
  /** `known`: the gateway had it already; it was not delivered again. */
  readonly receipt: "accepted" | "known";
  /** The operator's own id of it (BizId, SerialNo); null where there is none. */
  readonly providerId: string | null;
}

/** A message that was, or may have been, sent. */
export interface SmsQuestion {
  readonly smsId: string;
  readonly phone: PhoneNumber;
  /** null where the answer to `send` was lost. */
  readonly providerId: string | null;
  /** When it was handed over, epoch milliseconds. */
  readonly sentAtMs: number;
}

export type SmsFate =
  | { readonly state: "delivered"; readonly atMs: number | null }
  /** The operator has it; the phone has not said so yet. */
  | { readonly state: "sent"; readonly providerId: string | null }
  | { readonly state: "failed"; readonly code: string }
  /** The operator certainly does not have it. */
  | { readonly state: "not-found" }
  /** The operator cannot tell. */
  | { readonly state: "unknown" };

export interface SmsGateway {
  /** It can know what it has, also after a restart: what may have been sent is handed over again. */
  readonly remembers?: true;
  /** @throws SmsGatewayError. */
  send(message: SmsMessage): Promise<SmsSent>;
  /** What became of it. Missing: it cannot be asked. @throws SmsGatewayError UNAVAILABLE. */
  query?(question: SmsQuestion): Promise<SmsFate>;
  close(): Promise<void>;
}

export type SmsGatewayErrorCode = "REFUSED" | "UNAVAILABLE" | "UNANSWERED" | "CORRUPT" | "CLOSED";

export class SmsGatewayError extends Error {
  override readonly name = "SmsGatewayError";
  readonly retryable: boolean;
  /** The operator's own code; null where it gave none. */
  readonly providerCode: string | null;

  constructor(
    readonly code: SmsGatewayErrorCode,
    message: string,
    options: {
      readonly retryable?: boolean;
      readonly providerCode?: string | null;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, { cause: options.cause });
    this.retryable = options.retryable ?? false;
    this.providerCode = options.providerCode ?? null;
  }
}

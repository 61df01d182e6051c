/**
 * Port: sending short messages (a file in embedded use, operators' gateways elsewhere).
 *
 * What an adapter promises
 * - **Once**: `smsId` is the idempotency key. The caller sends again whatever it does not know to be sent (after a
 *   crash, after an error); an adapter that can know delivers it once, also after a restart, and says `known`.
 * - **Durability**: when `send` resolves, the message is the gateway's: it will not be lost by a crash of this process.
 * - **Order**: messages are handed over in the order of the calls.
 * - **Errors**: `retryable` means that the gateway as a whole is not working just now: wait and send the same message
 *   again. Not retryable: this message is refused for good; others may go.
 * - **Secrecy**: an adapter writes no phone number in clear anywhere.
 * - **close()** waits for a message under way and is idempotent. Every call after it fails with `CLOSED`.
 */

export interface SmsMessage {
  readonly smsId: string;
  /** Digits, with or without country code. */
  readonly phone: string;
  /** Name of the template, as the operator knows it. */
  readonly template: string;
  readonly text: string;
}

/** `known`: the gateway had it already; it was not delivered again. */
export type SmsReceipt = "accepted" | "known";

export interface SmsGateway {
  /** It can know what it has, also after a restart. Missing: what is sent again may be delivered again. */
  readonly remembers?: true;
  /** @throws SmsGatewayError. */
  send(message: SmsMessage): Promise<SmsReceipt>;
  close(): Promise<void>;
}

export type SmsGatewayErrorCode = "REFUSED" | "UNAVAILABLE" | "CORRUPT" | "CLOSED";

export class SmsGatewayError extends Error {
  override readonly name = "SmsGatewayError";
  readonly retryable: boolean;

  constructor(
    readonly code: SmsGatewayErrorCode,
    message: string,
    options: { readonly retryable?: boolean; readonly cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.retryable = options.retryable ?? false;
  }
}

/** What operators push about messages that they took. */

import { z } from "zod";

export interface SmsReceipt {
  /** Ours, where the operator gives it back. */
  readonly smsId: string | null;
  /** Its own id of the message. */
  readonly providerId: string | null;
  readonly state: "delivered" | "failed";
  /** Epoch milliseconds; null where it was not said or cannot be read. */
  readonly atMs: number | null;
  /** The operator's own; null where there is none. */
  readonly code: string | null;
}

/** The body of a push is none: it names what was expected, never what was in it. */
export class SmsReceiptsError extends Error {
  override readonly name = "SmsReceiptsError";
  readonly code = "RECEIPTS";
  readonly retryable = false;
}

/** Operators send some tens at once; a body is some kilobytes. */
const RECEIPTS_MAX = 1_000;

/** @throws SmsReceiptsError where the body is no array of what `receipt` reads, with the place. */
export function readReceipts<Pushed>(
  provider: string,
  body: unknown,
  receipt: z.ZodType<Pushed>,
): readonly Pushed[] {
  const read = z.array(receipt).max(RECEIPTS_MAX).safeParse(body);
  if (read.success) return read.data;
  const { path, code } = read.error.issues[0]!;
  throw new SmsReceiptsError(
    `receipts of ${provider}: at ${path.join(".") || "the top"}: ${code}; expected an array of at most ${RECEIPTS_MAX} receipts as docs/sms-providers.md shows`,
  );
}

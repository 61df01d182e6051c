/** One message to the gateway, and what its answer means for the ledger. */

import type { SmsValue } from "../../../platform/sms-gateway/sms-gateway.js";
import { type SmsGateway, SmsGatewayError } from "../../../platform/sms-gateway/sms-gateway.js";
import { firstAskMs } from "./sms-asker.js";
import type { Mark } from "./sms-marks.js";

export interface Handed {
  readonly mark: Mark;
  /** Not the message is at fault. */
  readonly outage: { readonly error: unknown } | null;
}

interface Message {
  readonly row: {
    readonly sms_id: string;
    readonly template: string;
    readonly text: string;
    readonly values: readonly SmsValue[] | null;
    readonly attempts: number;
  };
  /** @throws SmsGatewayError where it cannot be had just now. */
  readonly phoneOf: () => string;
  readonly gateway: SmsGateway;
  readonly now: () => number;
}

/** How long a receipt is waited for before the operator is asked. Receipts come in seconds; a phone may be off. */
export const RECEIPT_WAIT_MS = 300_000;
/** By then half a minute of waits has gone by: it may be this number's outage (an operator's limit), and others go first. */
const ASIDE_FROM_ATTEMPT = 8;
const ASIDE_FIRST_MS = 30_000;
const ASIDE_LAST_MS = 300_000;

/** Never rejects. */
export async function handOver(message: Message): Promise<Handed> {
  const { row, phoneOf, gateway, now } = message;
  const { sms_id: smsId, template, text, values } = row;
  try {
    const { providerId } = await gateway.send({
      smsId,
      phone: phoneOf(),
      template,
      text,
      values: values ?? [],
    });
    const atMs = now();
    const checkAtMs = gateway.query === undefined ? null : atMs + RECEIPT_WAIT_MS;
    return { mark: { smsId, to: "sent", providerId, atMs, checkAtMs }, outage: null };
  } catch (error) {
    return failed(message, error);
  }
}

function failed({ row, gateway, now }: Message, error: unknown): Handed {
  const atMs = now();
  const smsId = row.sms_id;
  const { code, providerCode } = error instanceof SmsGatewayError ? error : UNEXPECTED;
  switch (code) {
    case "REFUSED":
      return { mark: { smsId, to: "failed", reason: "refused", providerCode, atMs }, outage: null };
    case "UNAVAILABLE":
    case "CORRUPT":
    case "CLOSED":
      return {
        mark: { smsId, to: "queued", providerCode, atMs, ...asideOf(row.attempts, atMs) },
        outage: { error },
      };
    case "UNANSWERED":
      if (gateway.remembers)
        return { mark: { smsId, to: "queued", atMs, ...asideOf(row.attempts, atMs) }, outage: { error } };
      return {
        mark: {
          smsId,
          to: "unknown",
          reason: "unanswered",
          providerCode,
          atMs,
          checkAtMs: firstAskMs(gateway, atMs),
        },
        outage: null,
      };
  }
}

/** What an adapter did not foresee may have happened after the message was out. */
const UNEXPECTED = { code: "UNANSWERED", providerCode: null } as const;

/** @param attempts before this one. */
function asideOf(attempts: number, nowMs: number): Pick<Mark, "notBeforeMs"> {
  const over = attempts + 1 - ASIDE_FROM_ATTEMPT;
  return {
    notBeforeMs: over < 0 ? null : nowMs + Math.min(ASIDE_LAST_MS, ASIDE_FIRST_MS * 2 ** Math.min(over, 8)),
  };
}

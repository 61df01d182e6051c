/**
 * When a phone may ring. Pure; the hours are Shanghai's, as everywhere in Kadun.
 *
 * No rule of law was found that forbids security notices at night; these hours are Kadun's own (docs/sms.md).
 */

import type { Severity } from "../../../schemas/fields.js";
import type { SmsSituation } from "../../../schemas/sms-templates.js";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const SHANGHAI_MS = 8 * HOUR_MS;

interface Hours {
  readonly fromHour: number;
  readonly toHour: number;
}

/** null: at any time. */
const HOURS: Readonly<Record<Severity, Hours | null>> = {
  critical: null,
  high: { fromHour: 6, toHour: 23 },
  medium: { fromHour: 8, toHour: 23 },
  low: { fromHour: 8, toHour: 23 },
};

/** Somebody may be spending on while the holder sleeps. */
const MONEY_AT_RISK: readonly SmsSituation[] = [
  "rejected",
  "challenge",
  "pin-failures",
  "late-hit",
  "loss-pending",
];
/** Somebody waits for it, phone in hand. */
const ASKED_FOR: readonly SmsSituation[] = ["login-code"];

/** @returns the first moment at or after `atMs`, epoch milliseconds. */
export function notBeforeMs(sms: {
  readonly situation: SmsSituation;
  readonly severity: Severity;
  readonly atMs: number;
}): number {
  const { situation, severity, atMs } = sms;
  const hours = HOURS[severity];
  if (hours === null || ASKED_FOR.includes(situation)) return atMs;
  if (severity === "high" && MONEY_AT_RISK.includes(situation)) return atMs;
  const midnightMs = Math.floor((atMs + SHANGHAI_MS) / DAY_MS) * DAY_MS - SHANGHAI_MS;
  const fromMs = midnightMs + hours.fromHour * HOUR_MS;
  if (atMs < fromMs) return fromMs;
  return atMs < midnightMs + hours.toHour * HOUR_MS ? atMs : fromMs + DAY_MS;
}

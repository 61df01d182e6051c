/** How often somebody may knock. Each figure's reason stands beside it; what they amount to: attack-odds.ts. */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** So many within a window that begins on the clock (each whole hour); at its end the count is 0 again. */
export interface DoorLimit {
  /** Part of the tally's key: never renamed while a window runs. */
  readonly name: string;
  readonly max: number;
  readonly windowMs: number;
}

export const DOOR_LIMITS = {
  /** A village's clinic, a carrier's NAT: many people knock from one address. */
  addressQuarter: { name: "address-quarter", max: 30, windowMs: 15 * MINUTE_MS },
  addressDay: { name: "address-day", max: 300, windowMs: DAY_MS },
  /** Under pressure: enough for a family. */
  addressPressed: { name: "address-pressed", max: 4, windowMs: HOUR_MS },
  /** Somebody who knows a case's code tries ID endings: 20 of some 11,000 a day. */
  codeHour: { name: "code-hour", max: 10, windowMs: HOUR_MS },
  codeDay: { name: "code-day", max: 20, windowMs: DAY_MS },
  /** Mistyping is one or two an hour in the whole office; 600 is somebody who searches. */
  unknownHour: { name: "unknown-hour", max: 600, windowMs: HOUR_MS },
  /** One-time codes of one case: the operators' own limits. */
  sendMinute: { name: "send-minute", max: 1, windowMs: MINUTE_MS },
  sendHour: { name: "send-hour", max: 5, windowMs: HOUR_MS },
  sendDay: { name: "send-day", max: 10, windowMs: DAY_MS },
  /** Wrong one-time codes of one case, over all its entries. */
  wrongDay: { name: "wrong-day", max: 15, windowMs: DAY_MS },
} as const satisfies Record<string, DoorLimit>;

/** Wrong ones of one entry: then a new one has to be begun. */
export const TRIES_MAX = 5;
export const CODE_DIGITS = 6;
export const CODE_VALID_MS = 5 * MINUTE_MS;
/** A code may be sent again within it. */
export const ENTRY_VALID_MS = 15 * MINUTE_MS;
export const SESSION_IDLE_MS = 20 * MINUTE_MS;
export const SESSION_WHOLE_MS = 2 * HOUR_MS;
/**
 * Answers at the door leave at whole multiples of it after the question came: what was found out meanwhile does not show.
 * Some twenty times what the work takes.
 */
export const ANSWER_STEP_MS = 400;

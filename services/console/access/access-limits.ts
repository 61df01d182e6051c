/** How long sessions and links last, and how often somebody may try. Each figure's reason stands beside it. */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** A meeting and lunch; a screen that was left in the evening is over in the morning. */
export const SESSION_IDLE_MS = 4 * HOUR_MS;
/** A working day with overtime: one sign-in a day. */
export const SESSION_WHOLE_MS = 12 * HOUR_MS;
/** A write a request is not needed. */
export const SESSION_USED_STEP_MS = MINUTE_MS;
/** Devices and browsers of one person; the oldest ends. */
export const SESSIONS_MAX = 10;

/** Sent by another way to somebody who may be out of office today. */
export const LINK_VALID_MS = 24 * HOUR_MS;

export interface TryLimit {
  /** Part of the key: never renamed while a window runs. */
  readonly name: string;
  readonly max: number;
  readonly windowMs: number;
  /** After `max` tries; doubles with each wait in a row, up to the longest. */
  readonly waitMs: number;
  readonly waitLongestMs: number;
}

/** A new row of waits begins after so long without one. */
export const WAITS_FORGOTTEN_MS = 24 * HOUR_MS;

const WINDOW_MS = 15 * MINUTE_MS;

export const TRY_LIMITS = {
  /** Mistyping; at an hour's wait some 130 guesses a day are left. */
  name: { name: "name", max: 5, windowMs: WINDOW_MS, waitMs: MINUTE_MS, waitLongestMs: HOUR_MS },
  /** A whole bureau behind one address comes to work at the same time. */
  address: { name: "address", max: 40, windowMs: WINDOW_MS, waitMs: MINUTE_MS, waitLongestMs: WINDOW_MS },
  /** Whoever sits before somebody's open session guesses the password: the door stays as it is. */
  change: { name: "change", max: 5, windowMs: WINDOW_MS, waitMs: MINUTE_MS, waitLongestMs: HOUR_MS },
} as const satisfies Readonly<Record<string, TryLimit>>;

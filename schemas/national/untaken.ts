/** Why a message becomes no record: expected, so a value. */

export type UntakenCode =
  | "FIELD_INVALID"
  | "ORIGINAL_MISSING"
  | "STAY_UNKNOWN"
  | "TRANSACTION_UNKNOWN"
  | "TRANSACTION_NOT_TAKEN"
  | "TRANSACTION_FAILED"
  | "INSTITUTION_UNKNOWN";

export interface Untaken {
  readonly untaken: UntakenCode;
  /** Path in the envelope, such as `input.druginfo.psn_no`. */
  readonly field: string;
  /** What was expected and what to do; never a value that was sent. */
  readonly expected: string;
}

export function untaken(code: UntakenCode, field: string, expected: string): Untaken {
  return { untaken: code, field, expected };
}

export function isUntaken(value: object): value is Untaken {
  return "untaken" in value;
}

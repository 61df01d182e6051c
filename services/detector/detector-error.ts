/** Why a partition cannot go on. Nothing here is repaired by going on: the process stops and says so. */

export type DetectorErrorCode =
  | "JOURNAL_WITHOUT_ACTIVATION"
  | "BUNDLE_MISSING"
  | "ENGINE_UNKNOWN"
  | "STATE_AHEAD_OF_JOURNAL"
  | "STATE_BEHIND_JOURNAL"
  | "STATE_AHEAD_OF_DECISIONS"
  | "DECISIONS_AHEAD_OF_JOURNAL"
  | "STOPPED";

export class DetectorError extends Error {
  override readonly name = "DetectorError";
  readonly retryable = false;
  constructor(
    readonly code: DetectorErrorCode,
    message: string,
  ) {
    super(message);
  }
}

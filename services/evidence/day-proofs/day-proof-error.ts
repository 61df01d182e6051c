/** Why day proofs cannot go on, or cannot be given. The message says where and the next step. */

export type DayProofErrorCode =
  /** File and topic, or line and line, do not belong together: two installations, or two owners of one partition. */
  | "FORKED"
  /** Something that is no day proof, or was changed. */
  | "DAMAGED"
  /** The logs do not hold any more what is asked for. */
  | "RECORDS_MISSING"
  /** The decisions log does not answer a record that it must answer, or answers one twice. */
  | "OUTCOMES_WRONG"
  /** Another process has the partitions, or none yet. */
  | "NOT_OWNER"
  | "CLOSED";

export class DayProofError extends Error {
  override readonly name = "DayProofError";
  readonly retryable: boolean;

  constructor(
    readonly code: DayProofErrorCode,
    message: string,
    options: { readonly retryable?: boolean; readonly cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.retryable = options.retryable ?? false;
  }
}

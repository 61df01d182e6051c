/** Exit statuses of every command (docs/design.md section 10). */
export const ExitStatus = { DONE: 0, FAILED: 1, REFUSED_INPUT: 2, USAGE: 64 } as const;
export type ExitStatus = (typeof ExitStatus)[keyof typeof ExitStatus];

/** The command line cannot be understood: the message says what was expected. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Something outside failed, such as a file that cannot be read: the message names it and the next step. */
export class OperatingError extends Error {
  override readonly name = "OperatingError";
}

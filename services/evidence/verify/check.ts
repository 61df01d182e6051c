/** What a verifier says of a package, one line a check. */

export interface Check {
  /** Such as `zip`, `manifest`, `signature`, `custody`, `completeness`, `replay`. */
  readonly name: string;
  readonly result: "passed" | "failed" | "not-done";
  /** The part that is wrong (a file of the package, with position), or why it was not done; empty where it passed. */
  readonly detail: string;
  /** In plain words. */
  readonly proves: string;
  readonly doesNotProve: string;
}

/** The first thing that is wrong with a package. */
export class EvidenceError extends Error {
  override readonly name = "EvidenceError";
  readonly retryable = false;
  /** @param part a file of the package, or the ZIP itself, with position. */
  constructor(
    readonly part: string,
    readonly expected: string,
  ) {
    super(`${part}: ${expected}`);
  }
}

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

/** What a check is about, whatever comes of it. */
export type Meaning = Pick<Check, "name" | "proves" | "doesNotProve">;

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

/** A check that fails says why; whatever else goes wrong is thrown. */
export async function done(meaning: Meaning, run: () => Promise<string>): Promise<Check> {
  try {
    return { ...meaning, result: "passed", detail: await run() };
  } catch (error) {
    if (!(error instanceof EvidenceError)) throw error;
    return { ...meaning, result: "failed", detail: error.message };
  }
}

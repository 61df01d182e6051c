/**
 * Port: the guard before a version is published. It says beforehand whom a version would hit.
 *
 * What an implementation promises
 * - **check** looks at the version as a whole bundle against the one that runs, may take minutes, changes nothing, and may be
 *   asked again at any time. It never says ok of what it could not look at: then it objects, and says so.
 * - **isFresh**: does what was found out then still hold? Asked before each publishing; a check that is not fresh is done anew.
 * - An error of either (`retryable`) refuses nobody for good: whoever publishes is told and asks again.
 */

export interface GuardedVersion {
  readonly version: number;
  readonly bundleHash: string;
  /** The bundle, whole. */
  readonly content: unknown;
  readonly runningHash: string;
  readonly runningContent: unknown;
}

export interface GuardVerdict {
  /** objection: publishing needs the confirmation of a third person. */
  readonly result: "ok" | "objection";
  /** For people, one paragraph: what was compared, what stands against it. */
  readonly text: string;
  /** What was measured, such as `rejectShare`; for the record and for programs. */
  readonly numbers: Readonly<Record<string, number>>;
}

export interface GuardCheck extends GuardVerdict {
  /** The bundle that ran then. */
  readonly againstHash: string;
  readonly checkedAtMs: number;
}

export interface GuardOptions {
  /** Ends the look: `check` rejects with its reason then. */
  readonly signal?: AbortSignal;
  /** How far it is, where that is known. */
  readonly onProgress?: (progress: GuardProgress) => void;
}

export interface GuardProgress {
  readonly step: string;
  readonly done: number;
  readonly total: number;
  readonly records: number;
}

export interface Guard {
  check(asked: GuardedVersion, options?: GuardOptions): Promise<GuardVerdict>;
  isFresh(check: GuardCheck, runningHash: string): Promise<boolean>;
}

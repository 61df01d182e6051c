/** One thing that `kadun doctor` looks at. */

export type Verdict = "ok" | "warn" | "fail";

export interface Finding {
  readonly name: string;
  readonly verdict: Verdict;
  /** What was seen. */
  readonly detail: string;
  /** What to do; null where all is well. */
  readonly next: string | null;
}

export function ok(name: string, detail: string): Finding {
  return { name, verdict: "ok", detail, next: null };
}

export function warn(name: string, detail: string, next: string): Finding {
  return { name, verdict: "warn", detail, next };
}

export function fail(name: string, detail: string, next: string): Finding {
  return { name, verdict: "fail", detail, next };
}

/** One line: where there are more, how many. */
export function messageOf(error: unknown): string {
  const [first = "", ...more] = (error instanceof Error ? error.message : String(error)).split("\n");
  return more.length === 0 ? first : `${first} (and ${more.length} more)`;
}

/** What a look through the history found, as its judging asks for it. */

import type { HistoryFacts } from "./plan.js";

export type FeedbackVerdict = "honest" | "confirmed";

/** Facts of two pieces of a history, the earlier one first. */
export function joinedFacts(pieces: readonly HistoryFacts[]): HistoryFacts {
  const last = pieces.flatMap(({ lastMs }) => (lastMs === null ? [] : [lastMs]));
  return {
    links: pieces.flatMap(({ links }) => links),
    feedback: pieces.flatMap(({ feedback }) => feedback),
    bundles: [...new Set(pieces.flatMap(({ bundles }) => bundles))],
    engines: [...new Set(pieces.flatMap(({ engines }) => engines))],
    lastMs: last.length === 0 ? null : last.reduce((a, b) => Math.max(a, b)),
    lines: pieces.reduce((sum, { lines }) => sum + lines, 0),
  };
}

/** Every key that moved or that somebody moved to. */
export function movedKeysOf({ links }: Pick<HistoryFacts, "links">): ReadonlySet<string> {
  return new Set(links.flat());
}

/** Who was cleared or confirmed by feedback, under any of their keys. */
export class FeedbackKnown {
  private readonly parents = new Map<string, string>();
  private readonly verdicts = new Map<string, FeedbackVerdict>();

  constructor({ links, feedback }: Pick<HistoryFacts, "links" | "feedback">) {
    for (const [former, key] of links) this.join(former, key);
    for (const [key, rule, verdict] of feedback) this.verdicts.set(`${this.rootOf(key)}/${rule}`, verdict);
  }

  /** One key that stands for all of a person's. */
  rootOf(key: string): string {
    let root = key;
    for (let above = this.parents.get(root); above !== undefined; above = this.parents.get(root))
      root = above;
    return root;
  }

  /** The latest one; null where nobody said anything. */
  verdictOf(root: string, rule: string): FeedbackVerdict | null {
    return this.verdicts.size === 0 ? null : (this.verdicts.get(`${root}/${rule}`) ?? null);
  }

  private join(a: string, b: string): void {
    const first = this.rootOf(a);
    const second = this.rootOf(b);
    if (first !== second) this.parents.set(first, second);
  }
}

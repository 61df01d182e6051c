/** A few swipes for each rule, the earliest of those gained and of those lost. */

import type { BacktestExample } from "../../schemas/backtest.js";

/** A person looks at so many; more are in the analysts' tables. */
export const EXAMPLES_MAX = 5;

export type Direction = "gained" | "lost";
export type Example = BacktestExample & { readonly direction: Direction };

export class ExampleShelf {
  private readonly byRule = new Map<string, Example[]>();

  put(rule: string, direction: Direction, example: BacktestExample): void {
    const known = this.byRule.get(rule) ?? [];
    const same = known.filter((each) => each.direction === direction);
    const last = same.at(-1);
    if (same.length >= EXAMPLES_MAX && last !== undefined && !isEarlier(example, last)) return;
    const others = known.filter((each) => each.direction !== direction);
    this.byRule.set(rule, [...others, ...earliest([...same, { ...example, direction }])]);
  }

  all(): Record<string, readonly Example[]> {
    return Object.fromEntries(this.byRule);
  }
}

/** Of all parts: both directions where both are there, at most EXAMPLES_MAX. */
export function chosenExamples(examples: readonly Example[]): BacktestExample[] {
  const gained = earliest(examples.filter(({ direction }) => direction === "gained"));
  const lost = earliest(examples.filter(({ direction }) => direction === "lost"));
  const half = Math.ceil(EXAMPLES_MAX / 2);
  const gainedShown = gained.slice(0, Math.max(half, EXAMPLES_MAX - lost.length));
  const lostShown = lost.slice(0, EXAMPLES_MAX - gainedShown.length);
  return [...gainedShown, ...lostShown].map(({ direction: _, ...example }) => example);
}

function earliest(examples: readonly Example[]): Example[] {
  return [...examples].sort((a, b) => (isEarlier(a, b) ? -1 : 1)).slice(0, EXAMPLES_MAX);
}

function isEarlier(a: BacktestExample, b: BacktestExample): boolean {
  return a.occurredAt === b.occurredAt ? a.decisionId < b.decisionId : a.occurredAt < b.occurredAt;
}

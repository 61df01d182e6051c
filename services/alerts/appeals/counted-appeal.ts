/** What figures count of an appeal, kept in its row: read out of its events, a month would be thousands of them. Pure. */

import type { Outcomes, PlacedEvent } from "./appeal.js";

/** Columns of `appeals` that change. */
export interface CountedChange {
  readonly submitted_at?: string;
  readonly accepted_at?: string;
  readonly decided_at?: string;
  readonly was_reconsidered?: boolean;
  /** Of the decision as it stands. */
  readonly claimed?: number;
  readonly upheld?: number;
}

export function countedChange(placed: readonly PlacedEvent[]): CountedChange {
  return Object.assign({}, ...placed.map(changeOf));
}

function changeOf({ at, event }: PlacedEvent): CountedChange {
  if (event.type === "submitted") return { submitted_at: at };
  if (event.type === "accepted") return { accepted_at: at };
  if (event.type === "decided") return { decided_at: at, ...outcomesOf(event.outcomes) };
  return event.type === "reconsidered" ? { was_reconsidered: true, ...outcomesOf(event.outcomes) } : {};
}

function outcomesOf(outcomes: Outcomes): CountedChange {
  const all = Object.values(outcomes);
  return { claimed: all.length, upheld: all.filter((outcome) => outcome === "upheld").length };
}

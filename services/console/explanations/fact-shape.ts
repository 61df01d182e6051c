/**
 * What a reason's facts say: values met, thresholds they met, and what would have made the rule silent. From facts alone:
 * nothing is asked again, so what an older bundle decided is told by its own numbers.
 */

import type * as z from "zod";
import type { Bilingual } from "../../../schemas/outcomes.js";

export const UNITS = ["fen", "percent", "times", "minutes", "hours", "days", "km", "km/h", "share"] as const;
export type Unit = (typeof UNITS)[number];
/** Of what was observed to the threshold, where the rule hits. */
export const RELATIONS = ["at-least", "above", "at-most", "below"] as const;
export type Relation = (typeof RELATIONS)[number];

/** A number that met a threshold. */
export interface Measured {
  readonly kind: "measured";
  readonly what: Bilingual;
  readonly unit: Unit;
  readonly observed: number;
  readonly relation: Relation;
  readonly threshold: number;
}

/** What was so, and has no threshold. */
export interface Stated {
  readonly kind: "stated";
  readonly what: Bilingual;
  readonly value: Bilingual;
}

export type Condition = Measured | Stated;

export interface Otherwise {
  /** Is one of the steps enough, or are all of them needed? */
  readonly needs: "any" | "all";
  readonly steps: readonly Bilingual[];
  /** What the facts do not tell of it. */
  readonly note: Bilingual | null;
}

export interface Explanation {
  readonly conditions: readonly Condition[];
  readonly otherwise: Otherwise;
}

/** The swipe that was judged, as far as it is known: of a revision only the swipe's time. */
export interface SwipeSeen {
  readonly occurredAt: string | null;
}

export interface FactShape {
  /** null where the facts are not of this shape. */
  explain(facts: unknown, swipe: SwipeSeen): Explanation | null;
}

export function factShape<Facts>(
  schema: z.ZodType<Facts>,
  explain: (facts: Facts, swipe: SwipeSeen) => Explanation,
): FactShape {
  return {
    explain: (facts, swipe) => {
      const parsed = schema.safeParse(facts);
      return parsed.success ? explain(parsed.data, swipe) : null;
    },
  };
}

export function say(chinese: string, english: string): Bilingual {
  return { "zh-CN": chinese, en: english };
}

export function stated(what: Bilingual, value: Bilingual): Stated {
  return { kind: "stated", what, value };
}

type Threshold = Omit<Measured, "kind">;
export function measured(given: Threshold): Measured {
  return { kind: "measured", ...given };
}

export function anyOf(steps: readonly Bilingual[], note: Bilingual | null = null): Otherwise {
  return { needs: "any", steps, note };
}

export function allOf(steps: readonly Bilingual[], note: Bilingual | null = null): Otherwise {
  return { needs: steps.length > 1 ? "all" : "any", steps, note };
}

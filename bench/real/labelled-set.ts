/** What a labelled set is to the runner: swipes, what the labels say of them, and what they can judge. */
import type { RawSwipe } from "../../schemas/raw.js";

/** What the set labels: one transaction, replayed as one swipe or more. It is alerted once, by any of them. */
export interface Unit {
  readonly unitId: string;
  readonly holderId: string;
  /** The set's own name for the fraud; null = labelled honest. */
  readonly fraudKind: string | null;
  /** Part of the set that is also reported alone; null where the set is reported whole only. */
  readonly period: string | null;
}

export interface Converted {
  readonly record: RawSwipe;
  readonly unit: Unit;
}

/** Tells of each swipe, in order, whether its transaction is flagged. */
export type Flags = (swipe: RawSwipe) => boolean;

export interface Baseline {
  readonly name: string;
  /** A fresh memory for one pass over the set. */
  start(): Flags;
}

export interface MustHold {
  readonly rule: string;
  readonly recallMin: number;
  readonly precisionMin: number;
}

export interface LabelledSet {
  readonly name: string;
  /** File beside the converters, replayed beside the defaults; null where only the defaults are stated. */
  readonly rulesetFile: string | null;
  /** Rules that the labels speak about; the alerts of all others are volume only. */
  readonly judges: readonly string[];
  readonly mustHold: MustHold | null;
  readonly baselines: readonly Baseline[];
  /** Swipes in journal order. Each call reads the files anew; nothing of them is written. */
  convert(dataFolder: string): AsyncIterable<Converted>;
}

/** City of a set that knows no cities: everything happens at home, so rules about places stay silent. */
export const HOME_REGION = "330100";
/** No province has it: nothing is home and nothing is "not home" (docs/rules.md 0.7). */
export const UNKNOWN_REGION = "00";
/** For cash machines, shops and payees: as hospitals they leave R16's clauses about pharmacies silent. */
export const KIND_UNKNOWN = "hospital";

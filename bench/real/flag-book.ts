/**
 * Owns: which units of one set exist and which detector flagged which of them. Does not own: figures (score.ts).
 * 1. A unit is flagged once per detector, however many of its swipes were.
 * 2. An outcome for an unknown eventId is an error: labels and outcomes would no longer be about the same thing.
 */
import type { JudgedOutcome } from "./judge.js";
import type { Converted, Unit } from "./labelled-set.js";

/** Any live reason or floor that asks for more than letting the swipe pass. */
export const ANY_RULE = "any rule";
const ALERT_ACTIONS: ReadonlySet<string> = new Set(["review", "challenge", "reject"]);

export class FlagBook {
  readonly units: ReadonlyMap<string, Unit>;
  readonly #units = new Map<string, Unit>();
  readonly #unitIdByEvent = new Map<string, string>();

  constructor() {
    this.units = this.#units;
  }

  add({ record, unit }: Converted): void {
    this.#unitIdByEvent.set(record.eventId, unit.unitId);
    this.#units.set(unit.unitId, unit);
  }

  unitIdOf(eventId: string): string {
    const unitId = this.#unitIdByEvent.get(eventId);
    if (unitId !== undefined) return unitId;
    throw new Error(`outcome for eventId "${eventId}", which the converter did not write`);
  }
}

/** Detector (rule id, baseline or ANY_RULE) -> ids of the flagged units. */
export class Flagged {
  readonly #unitIds = new Map<string, Set<string>>();

  get detectors(): string[] {
    return [...this.#unitIds.keys()].sort();
  }

  of(detector: string): ReadonlySet<string> {
    return this.#unitIds.get(detector) ?? new Set();
  }

  add(detector: string, unitId: string): void {
    const unitIds = this.#unitIds.get(detector);
    if (unitIds === undefined) this.#unitIds.set(detector, new Set([unitId]));
    else unitIds.add(unitId);
  }
}

/** Shadow hits and approve-level reasons (R10 at home) alert nobody. */
export function flagOutcome(book: FlagBook, flagged: Flagged, outcome: JudgedOutcome): void {
  const unitId = book.unitIdOf(outcome.eventId);
  if (ALERT_ACTIONS.has(outcome.action)) flagged.add(ANY_RULE, unitId);
  for (const { rule, mode, action } of outcome.reasons) {
    if (mode === "live" && ALERT_ACTIONS.has(action)) flagged.add(rule, unitId);
  }
}

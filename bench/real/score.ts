/** Figures of one detector on one set: how much of the fraud it finds and how many people it disturbs. */
import type { Unit } from "./labelled-set.js";

export interface Score {
  readonly alerts: number;
  readonly fraudsFound: number;
  /** Share of the alerts that are labelled fraud; null without alerts. */
  readonly precision: number | null;
  /** Share of the labelled frauds that are alerted; null without frauds. */
  readonly recall: number | null;
  readonly alertsPerThousandCards: number;
  readonly alertsPerHolder: number;
  /** Holders with an alert, and the same two shares counted in holders instead of transactions. */
  readonly holdersAlerted: number;
  readonly holderPrecision: number | null;
  readonly holderRecall: number | null;
  /** Recall by the set's own names of its frauds. */
  readonly recallByKind: Readonly<Record<string, number>>;
}

const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

const holdersOf = (units: readonly Unit[]): Set<string> => new Set(units.map((unit) => unit.holderId));

function countShared(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let shared = 0;
  for (const value of a) if (b.has(value)) shared += 1;
  return shared;
}

function recallByKindOf(frauds: readonly Unit[], flagged: ReadonlySet<string>): Record<string, number> {
  const kinds = [...new Set(frauds.map((unit) => unit.fraudKind ?? ""))].sort();
  return Object.fromEntries(
    kinds.map((kind) => {
      const ofKind = frauds.filter((unit) => unit.fraudKind === kind);
      return [kind, ofKind.filter((unit) => flagged.has(unit.unitId)).length / ofKind.length];
    }),
  );
}

/** In every set a holder has exactly one card, so that holders count the cards. */
export function scoreOf(units: readonly Unit[], flagged: ReadonlySet<string>): Score {
  const alerted = units.filter((unit) => flagged.has(unit.unitId));
  const frauds = units.filter((unit) => unit.fraudKind !== null);
  const fraudsFound = alerted.filter((unit) => unit.fraudKind !== null).length;
  const holders = holdersOf(units).size;
  const holdersAlerted = holdersOf(alerted);
  const holdersDefrauded = holdersOf(frauds);
  const holdersShared = countShared(holdersAlerted, holdersDefrauded);
  return {
    alerts: alerted.length,
    fraudsFound,
    precision: share(fraudsFound, alerted.length),
    recall: share(fraudsFound, frauds.length),
    alertsPerThousandCards: (1000 * alerted.length) / holders,
    alertsPerHolder: alerted.length / holders,
    holdersAlerted: holdersAlerted.size,
    holderPrecision: share(holdersShared, holdersAlerted.size),
    holderRecall: share(holdersShared, holdersDefrauded.size),
    recallByKind: recallByKindOf(frauds, flagged),
  };
}

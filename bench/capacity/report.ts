/** Medians of the rounds, as rows of a table and points of a plot. */

import { median } from "../end-to-end/rounds.js";
import type { MeasuredVariant } from "./measure.js";
import { AXES, type Axis, BASE, nameOf, type Variant, valuesOf, variantOf } from "./variants.js";

export interface CapacityRow {
  readonly axis: Axis;
  readonly value: number;
  readonly events: number;
  readonly rounds: number;
  readonly perSecond: number;
  readonly perSecondSteady: number;
  /** Against the base; of medians, as the topics differ. */
  readonly share: number;
  readonly cpuUs: number;
  readonly brokerCpuUs: number;
  readonly storeCpuUs: number;
  readonly residentMb: number;
  /** Of the worst round; null where nobody says. */
  readonly gcLongestMs: number | null;
  readonly othersCoresMax: number | null;
}

export function capacityRows(measured: readonly MeasuredVariant[]): readonly CapacityRow[] {
  const byName = new Map(measured.map((each) => [nameOf(each.variant), each]));
  const base = byName.get(nameOf(BASE));
  const of = (variant: Variant) => byName.get(nameOf(variant));
  return AXES.flatMap((axis) =>
    valuesOf(axis).flatMap((value) => {
      const found = of(variantOf(axis, value));
      return found === undefined ? [] : [rowOf(axis, value, found, base)];
    }),
  ).filter(({ axis }, _, rows) => rows.filter((row) => row.axis === axis).length > 1);
}

function rowOf(
  axis: Axis,
  value: number,
  { rounds, events }: MeasuredVariant,
  base: MeasuredVariant | undefined,
): CapacityRow {
  const steady = median(rounds.map(({ perSecondSteady }) => perSecondSteady));
  const baseSteady =
    base === undefined ? steady : median(base.rounds.map(({ perSecondSteady }) => perSecondSteady));
  return {
    axis,
    value,
    events,
    rounds: rounds.length,
    perSecond: median(rounds.map(({ perSecond }) => perSecond)),
    perSecondSteady: steady,
    share: steady / baseSteady,
    cpuUs: median(rounds.map(({ cpuUs }) => cpuUs)),
    brokerCpuUs: median(rounds.map(({ brokerCpuUs }) => brokerCpuUs)),
    storeCpuUs: median(rounds.map(({ storeCpuUs }) => storeCpuUs)),
    residentMb: median(rounds.map(({ residentMbMax }) => residentMbMax)),
    gcLongestMs: maxOrNull(rounds.map(({ gcPauses }) => gcPauses?.longestMs ?? null)),
    othersCoresMax: maxOrNull(rounds.map(({ othersCores }) => othersCores)),
  };
}

function maxOrNull(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
}

export function capacityText(rows: readonly CapacityRow[]): string {
  const head =
    "| what | value | swipes/s | steady | of the base | CPU µs a swipe | broker µs | Redis µs | MB | longest GC ms | others' cores |";
  const lines = rows.map((row) => {
    const cells = [
      row.axis,
      String(row.value),
      String(Math.round(row.perSecond)),
      String(Math.round(row.perSecondSteady)),
      row.share.toFixed(2),
      row.cpuUs.toFixed(1),
      row.brokerCpuUs.toFixed(1),
      row.storeCpuUs.toFixed(1),
      String(Math.round(row.residentMb)),
      row.gcLongestMs === null ? "–" : row.gcLongestMs.toFixed(1),
      row.othersCoresMax === null ? "–" : row.othersCoresMax.toFixed(2),
    ];
    return `| ${cells.join(" | ")} |`;
  });
  return [head, `|${"---|".repeat(11)}`, ...lines].join("\n");
}

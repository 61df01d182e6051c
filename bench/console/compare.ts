/** Both sizes side by side: a page may take three times as long with a hundred times the rows. */

import { ALERTS_PER_DAY, BLOCK_ALERTS } from "./alerts/case-numbers.js";
import { measureAlerts } from "./alerts/measure-alerts.js";
import { measureConsole } from "./measure.js";
import type { QueryFigures } from "./measure-queries.js";

const SMALLER = 100;
/** With fewer, days and pairs of divisions are empty and each table is one granule: what is not there costs nothing. */
const SMALL_DECISIONS_MIN = 100_000;
/** Three weeks of a city: with fewer its queue holds no two pages. */
const SMALL_ALERTS_MIN = 10_000;
export const RATIO_MAX = 3;

export interface CompareOptions {
  /** 0: what the analytics database is asked is left out. */
  readonly decisions: number;
  /** 0: what PostgreSQL is asked is left out. */
  readonly alerts: number;
  /** Of each query in each round (measure-queries.ts). */
  readonly times: number;
  readonly seed: number;
  /** Where rows are kept for the next time; absent: they are removed. */
  readonly keptIn?: string | undefined;
}

export interface ComparedQuery {
  readonly name: string;
  readonly all: QueryFigures;
  readonly small: QueryFigures;
  /** Of the 95th percentiles. */
  readonly ratio: number;
  readonly isHeld: boolean;
}

/** One store's. */
export interface ComparedStore {
  readonly rows: "decisions" | "alerts";
  readonly count: number;
  /** A hundredth, where that says something. */
  readonly smallCount: number;
  readonly queries: readonly ComparedQuery[];
}

export interface ConsoleComparison {
  readonly times: number;
  readonly node: string;
  readonly stores: readonly ComparedStore[];
  readonly isHeld: boolean;
}

type Progress = (text: string) => void;

export async function compareConsole(
  { decisions, alerts, ...options }: CompareOptions,
  progress: Progress,
): Promise<ConsoleComparison> {
  const stores: ComparedStore[] = [];
  if (alerts > 0) {
    const counts = [alerts, smallerOf(alerts, SMALL_ALERTS_MIN)].map(wholeBlocks) as [number, number];
    const sizes = await measureAlerts({ ...options, alerts: counts, alertsPerDay: ALERTS_PER_DAY }, progress);
    stores.push(comparedStore("alerts", counts, sizes as Sizes));
  }
  if (decisions > 0) {
    const counts: [number, number] = [decisions, smallerOf(decisions, SMALL_DECISIONS_MIN)];
    const small = await measureConsole({ ...options, decisions: counts[1] }, progress);
    const all = await measureConsole({ ...options, decisions: counts[0] }, progress);
    stores.push(comparedStore("decisions", counts, [all, small]));
  }
  const isHeld = stores.every(({ queries }) => queries.every((query) => query.isHeld));
  return { times: options.times, node: process.version, stores, isHeld };
}

/** All rows, then the smaller number. */
type Sizes = readonly [readonly QueryFigures[], readonly QueryFigures[]];

function comparedStore(
  rows: ComparedStore["rows"],
  [count, smallCount]: readonly [number, number],
  [all, small]: Sizes,
): ComparedStore {
  return {
    ...{ rows, count, smallCount },
    queries: all.map((figures, index) => comparedOf(figures, small[index]!)),
  };
}

function smallerOf(count: number, min: number): number {
  return Math.max(min, Math.ceil(count / SMALLER));
}

function wholeBlocks(alerts: number): number {
  return Math.ceil(alerts / BLOCK_ALERTS) * BLOCK_ALERTS;
}

function comparedOf(all: QueryFigures, small: QueryFigures): ComparedQuery {
  const ratio = Number((all.p95Ms / small.p95Ms).toFixed(2));
  return { name: all.name, all, small, ratio, isHeld: ratio <= RATIO_MAX && all.rowsRead <= all.rowsMax };
}

export function consoleText({ stores }: ConsoleComparison): string {
  return stores.map(storeText).join("\n\n");
}

function storeText({ rows, count, smallCount, queries }: ComparedStore): string {
  const lines = queries.map(({ name, all, small, ratio, isHeld }) =>
    [
      name.padEnd(38),
      `${all.p50Ms}`.padStart(8),
      `${all.p95Ms}`.padStart(8),
      `${small.p95Ms}`.padStart(10),
      `${ratio}`.padStart(6),
      `${all.cpuMs}`.padStart(7),
      `${small.cpuMs}`.padStart(9),
      `${all.rowsRead}`.padStart(9),
      `${all.rowsMax}`.padStart(9),
      isHeld ? "" : "  MISSED",
    ].join(" "),
  );
  const head = `${count} and ${smallCount} ${rows}; ms`.padEnd(38);
  return [`${head}      p50      p95  small p95  ratio     cpu small cpu      read   at most`, ...lines].join(
    "\n",
  );
}

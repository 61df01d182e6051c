/** Both sizes side by side: a page may take three times as long with a hundred times the rows. */

import { type MeasureOptions, measureConsole, type QueryFigures } from "./measure.js";

const SMALLER = 100;
/** With fewer, days and pairs of divisions are empty and each table is one granule: what is not there costs nothing. */
const SMALL_MIN = 100_000;
export const RATIO_MAX = 3;

export interface ComparedQuery {
  readonly name: string;
  readonly all: QueryFigures;
  readonly small: QueryFigures;
  /** Of the 95th percentiles. */
  readonly ratio: number;
  readonly isHeld: boolean;
}

export interface ConsoleComparison {
  readonly decisions: number;
  /** A hundredth, where that says something. */
  readonly smallDecisions: number;
  readonly times: number;
  readonly node: string;
  readonly queries: readonly ComparedQuery[];
  readonly isHeld: boolean;
}

export async function compareConsole(
  options: MeasureOptions,
  progress: (text: string) => void,
): Promise<ConsoleComparison> {
  const smallDecisions = Math.max(SMALL_MIN, Math.ceil(options.decisions / SMALLER));
  const small = await measureConsole({ ...options, decisions: smallDecisions }, progress);
  const all = await measureConsole(options, progress);
  const queries = all.map((figures, index) => comparedOf(figures, small[index]!));
  return {
    ...{ decisions: options.decisions, smallDecisions, times: options.times, node: process.version },
    queries,
    isHeld: queries.every(({ isHeld }) => isHeld),
  };
}

function comparedOf(all: QueryFigures, small: QueryFigures): ComparedQuery {
  const ratio = Number((all.p95Ms / small.p95Ms).toFixed(2));
  return { name: all.name, all, small, ratio, isHeld: ratio <= RATIO_MAX && all.rowsRead <= all.rowsMax };
}

export function consoleText({ decisions, smallDecisions, queries }: ConsoleComparison): string {
  const lines = queries.map(({ name, all, small, ratio, isHeld }) =>
    [
      name.padEnd(34),
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
  const head = `${decisions} and ${smallDecisions} decisions; ms`.padEnd(34);
  return [`${head}      p50      p95  small p95  ratio     cpu small cpu      read   at most`, ...lines].join(
    "\n",
  );
}

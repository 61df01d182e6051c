/** Both sizes side by side: a page may take three times as long with a hundred times the rows. */

import { type MeasureOptions, measureConsole, type QueryFigures } from "./measure.js";

const SMALLER = 100;
export const RATIO_MAX = 3;

export interface ComparedQuery {
  readonly name: string;
  readonly all: QueryFigures;
  readonly hundredth: QueryFigures;
  /** Of the 95th percentiles. */
  readonly ratio: number;
  readonly isHeld: boolean;
}

export interface ConsoleComparison {
  readonly decisions: number;
  readonly times: number;
  readonly node: string;
  readonly queries: readonly ComparedQuery[];
  readonly isHeld: boolean;
}

export async function compareConsole(
  options: MeasureOptions,
  progress: (text: string) => void,
): Promise<ConsoleComparison> {
  const small = { ...options, decisions: Math.ceil(options.decisions / SMALLER) };
  const hundredth = await measureConsole(small, progress);
  const all = await measureConsole(options, progress);
  const queries = all.map((figures, index) => comparedOf(figures, hundredth[index]!));
  return {
    ...{ decisions: options.decisions, times: options.times, node: process.version },
    queries,
    isHeld: queries.every(({ isHeld }) => isHeld),
  };
}

function comparedOf(all: QueryFigures, hundredth: QueryFigures): ComparedQuery {
  const ratio = Number((all.p95Ms / hundredth.p95Ms).toFixed(2));
  return { name: all.name, all, hundredth, ratio, isHeld: ratio <= RATIO_MAX && all.rowsRead <= all.rowsMax };
}

export function consoleText({ decisions, queries }: ConsoleComparison): string {
  const lines = queries.map(({ name, all, hundredth, ratio, isHeld }) =>
    [
      name.padEnd(34),
      `${all.p50Ms}`.padStart(8),
      `${all.p95Ms}`.padStart(8),
      `${hundredth.p95Ms}`.padStart(10),
      `${ratio}`.padStart(6),
      `${all.rowsRead}`.padStart(9),
      `${all.rowsMax}`.padStart(9),
      isHeld ? "" : "  MISSED",
    ].join(" "),
  );
  const head = `${decisions} decisions; ms`.padEnd(34);
  return [`${head}      p50      p95 p95 of 1/100  ratio      read  at most`, ...lines].join("\n");
}

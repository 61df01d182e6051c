/** All ratios of a comparison in one table: a row for each program that Kadun was measured beside. */

import type { Report } from "./report.js";
import { median } from "./rounds.js";

/** Of the base over the program; null where that was not measured. */
export interface SummaryRow {
  readonly title: string;
  /** Processor time a decision, in process. */
  readonly inProcessCpu: number | null;
  readonly drainRate: number | null;
  readonly drainCpu: number | null;
  /** In the order of the report's rates, each in the setting of the program that is best for it. */
  readonly paced: readonly { readonly p50: number | null; readonly p99: number | null }[];
}

export function summaryOf(report: Report): readonly SummaryRow[] {
  return [...inProcessRows(report), ...endToEndRows(report)];
}

function inProcessRows({ inProcess, paced }: Report): readonly SummaryRow[] {
  return (inProcess?.peers ?? []).map(({ title, timesKadun }) => ({
    title: `${title}, in process`,
    inProcessCpu: median(timesKadun.rounds.map((times) => 1 / times)),
    drainRate: null,
    drainCpu: null,
    paced: paced.map(() => ({ p50: null, p99: null })),
  }));
}

function endToEndRows({ drain, paced, titles }: Report): readonly SummaryRow[] {
  const measured = [...drain, ...paced.flatMap(({ rows }) => rows)].filter(({ ratios }) => ratios !== null);
  const names = new Set(measured.map(({ engine }) => programOf(engine)));
  names.delete("floor");
  return [...names].map((name) => {
    const drained = drain.find(({ engine }) => engine === name)?.ratios;
    return {
      title: titles[name] ?? name,
      inProcessCpu: null,
      drainRate: drained?.perSecond.median ?? null,
      drainCpu: drained?.cpuUs.median ?? null,
      paced: paced.map(({ rows }) => {
        const own = rows.filter(({ engine }) => programOf(engine) === name);
        const best = (key: "p50" | "p99") =>
          Math.max(...own.flatMap(({ ratios }) => ratios?.[key].median ?? []));
        return own.length === 0 ? { p50: null, p99: null } : { p50: best("p50"), p99: best("p99") };
      }),
    };
  });
}

/** Without its setting: `flink@2` is Flink. */
function programOf(engine: string): string {
  return engine.split("@")[0]!;
}

/** Queries one after the other, each some times with what was drawn for it: how long, at what cost. */

import type { QueryCost } from "./query-cost.js";

export interface QueryFigures {
  readonly name: string;
  readonly p50Ms: number;
  readonly p95Ms: number;
  /** The middle of some times. */
  readonly cpuMs: number;
  /** The most of any time. */
  readonly rowsRead: number;
  readonly rowsMax: number;
}

export interface MeasuredQuery<Draw> {
  readonly name: string;
  readonly rowsMax: number;
  readonly ask: (draw: Draw) => Promise<unknown>;
}

export interface Measuring<Draw, Query> {
  /** Asks again and counts. */
  readonly costOf: (query: Query, draw: Draw) => Promise<QueryCost>;
  readonly progress: (text: string) => void;
  /** At least; quick ones until the draws are used up or `SPAN_MS` are measured. */
  readonly times: number;
}

const COSTS_COUNTED = 5;
/** Of forty times two that the machine disturbed are the 95th percentile. */
const SPAN_MS = 5_000;
/** What is drawn for quick ones, times what is asked for. */
export const TIMES_OF_QUICK = 5;

/** @param draws the first is not timed. */
export async function measureQueries<Draw, Query extends MeasuredQuery<Draw>>(
  queries: readonly Query[],
  draws: readonly Draw[],
  { costOf, progress, times }: Measuring<Draw, Query>,
): Promise<readonly QueryFigures[]> {
  const figures: QueryFigures[] = [];
  for (const query of queries) {
    progress(query.name);
    const tookMs: number[] = [];
    const costs: QueryCost[] = [];
    let spanMs = 0;
    for (const [index, draw] of draws.entries()) {
      if (index > times && spanMs >= SPAN_MS) break;
      const startedAt = performance.now();
      await query.ask(draw);
      const ms = performance.now() - startedAt;
      if (index > 0) tookMs.push(ms);
      spanMs += ms;
      // Asked again for its rows: counting takes time too.
      if (index < COSTS_COUNTED) costs.push(await costOf(query, draw));
    }
    figures.push(figuresOf(query, tookMs, costs));
  }
  return figures;
}

function figuresOf(
  { name, rowsMax }: Pick<QueryFigures, "name" | "rowsMax">,
  tookMs: readonly number[],
  costs: readonly QueryCost[],
): QueryFigures {
  const cpuMs = costs.map((cost) => cost.cpuMs);
  return {
    ...{ name, p50Ms: share(tookMs, 0.5), p95Ms: share(tookMs, 0.95), cpuMs: share(cpuMs, 0.5) },
    ...{ rowsRead: Math.max(...costs.map(({ rows }) => rows)), rowsMax },
  };
}

function share(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
  return Number(value.toFixed(1));
}

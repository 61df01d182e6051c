/**
 * Queries one after the other, each in rounds with what was drawn for it: how long, at what cost. Where several sizes can be open at
 * once, a round of one follows a round of the other: what disturbs the machine disturbs both.
 */

import type { QueryCost } from "./query-cost.js";

export interface QueryFigures {
  readonly name: string;
  /** Of a round; the middle of the rounds. */
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

/** Rows of one size, with what is asked of them. */
export interface MeasuredRows<Draw, Query extends MeasuredQuery<Draw>> {
  readonly queries: readonly Query[];
  /** `drawsFor(times)`; the first is not timed. */
  readonly draws: readonly Draw[];
  /** Asks again and counts. */
  readonly costOf: (query: Query, draw: Draw) => Promise<QueryCost>;
}

export interface Rounds {
  /** Of each query in each round. */
  readonly times: number;
  readonly progress: (text: string) => void;
}

const COSTS_COUNTED = 5;
const ROUNDS = 9;
/** Two that the machine disturbs are not the middle one yet. */
const ROUNDS_MIN = 5;
/** Of each size; a query that has taken so long has no further round than the least. */
const SPAN_MS = 5_000;

export function drawsFor(times: number): number {
  return 1 + ROUNDS * times;
}

/**
 * @param sizes the same queries of each.
 * @returns of each size, the figures in the order of its queries.
 */
export async function measureQueries<Draw, Query extends MeasuredQuery<Draw>>(
  sizes: readonly MeasuredRows<Draw, Query>[],
  { times, progress }: Rounds,
): Promise<readonly (readonly QueryFigures[])[]> {
  const figures: QueryFigures[][] = sizes.map(() => []);
  for (const [index, { name }] of (sizes[0]?.queries ?? []).entries()) {
    progress(name);
    const asked = sizes.map(({ queries, draws }) => ({ query: queries[index]!, draws }));
    const rounds = await roundsOf(asked, times);
    for (const [n, size] of sizes.entries())
      figures[n]!.push(figuresOf(asked[n]!.query, rounds[n]!, await costsOf(size, index)));
  }
  return figures;
}

interface Asked<Draw> {
  readonly query: MeasuredQuery<Draw>;
  readonly draws: readonly Draw[];
}

/** Of each size its rounds, of each round its times in milliseconds, the shortest first. */
async function roundsOf<Draw>(asked: readonly Asked<Draw>[], times: number) {
  const rounds: number[][][] = asked.map(() => []);
  for (const { query, draws } of asked) await query.ask(draws[0]!);
  let longestMs = 0;
  for (let round = 0; round < (longestMs < SPAN_MS ? ROUNDS : ROUNDS_MIN); round++)
    for (const [n, { query, draws }] of asked.entries()) {
      const tookMs: number[] = [];
      for (const draw of draws.slice(1 + round * times, 1 + (round + 1) * times)) {
        const startedAt = performance.now();
        await query.ask(draw);
        tookMs.push(performance.now() - startedAt);
      }
      rounds[n]!.push(tookMs.toSorted((a, b) => a - b));
      longestMs = Math.max(longestMs, sum(rounds[n]!.flat()));
    }
  return rounds;
}

/** Counting takes time too, so it comes after what is timed. */
async function costsOf<Draw, Query extends MeasuredQuery<Draw>>(
  { queries, draws, costOf }: MeasuredRows<Draw, Query>,
  index: number,
) {
  const costs: QueryCost[] = [];
  for (const draw of draws.slice(0, COSTS_COUNTED)) costs.push(await costOf(queries[index]!, draw));
  return costs;
}

function figuresOf(
  { name, rowsMax }: Pick<QueryFigures, "name" | "rowsMax">,
  rounds: readonly (readonly number[])[],
  costs: readonly QueryCost[],
): QueryFigures {
  const ofRounds = (part: number) => share(sorted(rounds.map((tookMs) => share(tookMs, part))), 0.5);
  return {
    ...{ name, p50Ms: rounded(ofRounds(0.5)), p95Ms: rounded(ofRounds(0.95)) },
    cpuMs: rounded(share(sorted(costs.map(({ cpuMs }) => cpuMs)), 0.5)),
    ...{ rowsRead: Math.max(...costs.map(({ rows }) => rows)), rowsMax },
  };
}

function share(inOrder: readonly number[], part: number): number {
  return inOrder[Math.min(inOrder.length - 1, Math.floor(inOrder.length * part))] ?? Number.NaN;
}

function sorted(values: readonly number[]): readonly number[] {
  return values.toSorted((a, b) => a - b);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function rounded(ms: number): number {
  return Number(ms.toFixed(2));
}

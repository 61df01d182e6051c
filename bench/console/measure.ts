/** The console's queries on generated rows: how long, how much processor time, how many rows read. */

import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { packageRoot } from "../../cli/package-root.js";
import type { AnalyticsDatabase } from "../../platform/analytics/analytics-database.js";
import { openChdbDatabase } from "../../platform/analytics/chdb/chdb-database.js";
import { migrate, readMigrations } from "../../services/analytics/migrations.js";
import { openFiguresDesk } from "../../services/console/figures/figures-desk.js";
import { CONSOLE_QUERIES, type Draw } from "./console-queries.js";
import { drawsOf } from "./draws.js";
import { type FillOptions, fillRows } from "./fill-rows.js";
import { drawsFor, measureQueries, type QueryFigures } from "./measure-queries.js";
import { costOf } from "./query-cost.js";
import { written } from "./written.js";

export interface MeasureOptions extends FillOptions {
  /** Of each query in each round. */
  readonly times: number;
  /** Where rows are kept for the next time; absent: they are removed. */
  readonly keptIn?: string | undefined;
}

/** One size at a time: a process has one chdb. @throws AnalyticsError. */
export async function measureConsole(
  options: MeasureOptions,
  progress: (text: string) => void,
): Promise<readonly QueryFigures[]> {
  const directory = await directoryOf(options);
  const database = await openChdbDatabase({ directory });
  try {
    await migrate(database, await readMigrations(join(packageRoot, "schemas", "clickhouse")), () => 0);
    if (!(await isFilled(database, options)))
      await fillRows(database, options, (done) => progress(`${done} of ${options.decisions} decisions`));
    await mergesOver(database);
    await written(directory);
    const desk = openFiguresDesk(database);
    const draws = await drawsOf(database, options, drawsFor(options.times));
    const queries = CONSOLE_QUERIES.map((query) => ({
      ...query,
      ask: (draw: Draw) => query.ask(desk, draw),
    }));
    const [figures] = await measureQueries(
      [{ queries, draws, costOf: ({ ask }, draw) => costOf(database, () => ask(draw)) }],
      { times: options.times, progress },
    );
    return figures!;
  } finally {
    await database.close();
    if (options.keptIn === undefined) await rm(directory, { recursive: true, force: true });
  }
}

/** What a fill leaves to do would be counted as the queries' work; a Kadun that runs has it behind itself. */
async function mergesOver(database: AnalyticsDatabase): Promise<void> {
  for (const until = performance.now() + MERGES_WAIT_MS; performance.now() < until; await sleep(500)) {
    const [row] = await database.query("SELECT toFloat64(count()) AS merges FROM system.merges");
    if (Number(row?.merges) === 0) return;
  }
}

const MERGES_WAIT_MS = 120_000;

/** Of each size and seed a folder of its own. */
async function directoryOf({ keptIn, decisions, seed }: MeasureOptions): Promise<string> {
  if (keptIn === undefined) return mkdtemp(join(tmpdir(), "kadun-console-"));
  const directory = join(keptIn, `console-${decisions}-${seed}`);
  await mkdir(directory, { recursive: true });
  return directory;
}

/** @throws Error where a fill was broken off: it cannot be gone on with. */
async function isFilled(database: AnalyticsDatabase, options: MeasureOptions): Promise<boolean> {
  const [row] = await database.query(
    `SELECT toFloat64((SELECT count() FROM outcomes)) AS rows,
      toFloat64((SELECT sum(swipes) FROM swipe_figures WHERE level = 'day')) AS swipes`,
  );
  const [rows, swipes] = [Number(row?.rows), Number(row?.swipes)];
  if (rows === 0) return false;
  if (rows === options.decisions && swipes === options.decisions) return true;
  throw new Error(
    `${options.keptIn}: ${rows} rows, ${swipes} of them counted; expected ${options.decisions}: remove the folder and begin again`,
  );
}

/** The console's queries on generated rows and on a hundredth of them: how long, how many rows read. */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packageRoot } from "../../cli/package-root.js";
import { openChdbDatabase } from "../../platform/analytics/chdb/chdb-database.js";
import { migrate, readMigrations } from "../../services/analytics/migrations.js";
import { openFiguresDesk } from "../../services/console/figures/figures-desk.js";
import { CONSOLE_QUERIES } from "./console-queries.js";
import { drawsOf } from "./draws.js";
import { type FillOptions, fillRows } from "./fill-rows.js";
import { rowsRead } from "./rows-read.js";

export interface MeasureOptions extends FillOptions {
  /** Of each query; the first is not counted. */
  readonly times: number;
}

export interface QueryFigures {
  readonly name: string;
  readonly p50Ms: number;
  readonly p95Ms: number;
  /** The most of any time. */
  readonly rowsRead: number;
  readonly rowsMax: number;
}

/** In a folder that is removed. @throws AnalyticsError. */
export async function measureConsole(
  options: MeasureOptions,
  progress: (text: string) => void,
): Promise<readonly QueryFigures[]> {
  const directory = await mkdtemp(join(tmpdir(), "kadun-console-"));
  const database = await openChdbDatabase({ directory });
  try {
    await migrate(database, await readMigrations(join(packageRoot, "schemas", "clickhouse")), () => 0);
    await fillRows(database, options, (done) => progress(`${done} of ${options.decisions} decisions`));
    const desk = openFiguresDesk(database);
    const draws = await drawsOf(database, options, options.times + 1);
    const figures: QueryFigures[] = [];
    for (const { name, rowsMax, ask } of CONSOLE_QUERIES) {
      progress(name);
      const tookMs: number[] = [];
      let read = 0;
      for (const [index, draw] of draws.entries()) {
        const startedAt = performance.now();
        await ask(desk, draw);
        if (index > 0) tookMs.push(performance.now() - startedAt);
        // Asked again for its rows: counting takes time too.
        if (index < ROWS_COUNTED) read = Math.max(read, await rowsRead(database, () => ask(desk, draw)));
      }
      tookMs.sort((a, b) => a - b);
      figures.push({ name, p50Ms: share(tookMs, 0.5), p95Ms: share(tookMs, 0.95), rowsRead: read, rowsMax });
    }
    return figures;
  } finally {
    await database.close();
    await rm(directory, { recursive: true, force: true });
  }
}

const ROWS_COUNTED = 5;

function share(sorted: readonly number[], part: number): number {
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
  return Number(value.toFixed(1));
}

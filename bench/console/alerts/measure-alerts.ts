/** The console's queries on generated cases and alerts, in PostgreSQL as an embedded Kadun has it (PGlite). */

import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Kysely, sql } from "kysely";
import { packageRoot } from "../../../cli/package-root.js";
import type { OpenDatabase } from "../../../platform/database/database.js";
import { migrate } from "../../../platform/database/migrations.js";
import { openPgliteDatabase } from "../../../platform/database/pglite/pglite-database.js";
import { drawsFor, measureQueries, type QueryFigures } from "../measure-queries.js";
import { written } from "../written.js";
import { openAlertsDesks } from "./alerts-desks.js";
import { type AlertsDraw, alertsDraws } from "./alerts-draws.js";
import { ALERTS_QUERIES } from "./alerts-queries.js";
import { type AlertsFillOptions, CASES_PER_FINDING, casesOf } from "./case-numbers.js";
import { CountedDialect } from "./counted-dialect.js";
import { fillAlerts } from "./fill-alerts.js";

export interface AlertsMeasureOptions extends Omit<AlertsFillOptions, "alerts"> {
  /** Of each size. */
  readonly alerts: readonly number[];
  /** Each query in each round. */
  readonly times: number;
  /** Where tables are kept for the next time; absent: they are removed. */
  readonly keptIn?: string | undefined;
}

type Progress = (text: string) => void;
type SizeOptions = AlertsFillOptions & Pick<AlertsMeasureOptions, "times" | "keptIn">;

/**
 * All sizes are open at once.
 * @returns of each size, in the order of `alerts`.
 * @throws DatabaseError.
 */
export async function measureAlerts(
  { alerts, ...options }: AlertsMeasureOptions,
  progress: Progress,
): Promise<readonly (readonly QueryFigures[])[]> {
  const opened: OpenSize[] = [];
  try {
    for (const count of alerts) opened.push(await openSize({ ...options, alerts: count }));
    const sizes = [];
    for (const size of opened) sizes.push(await measuredRows(size, progress));
    return await measureQueries(sizes, { times: options.times, progress });
  } finally {
    for (const { database, options, directory } of opened) {
      await database.close();
      if (options.keptIn === undefined) await rm(directory, { recursive: true, force: true });
    }
  }
}

interface OpenSize {
  readonly options: SizeOptions;
  readonly directory: string;
  readonly database: OpenDatabase;
}

async function openSize(options: SizeOptions): Promise<OpenSize> {
  const directory = await directoryOf(options);
  return { options, directory, database: await openPgliteDatabase({ path: join(directory, "postgres") }) };
}

async function measuredRows({ database, directory, options }: OpenSize, progress: Progress) {
  await filled(database, options, progress);
  await written(directory);
  const draws = await alertsDraws(
    new Kysely<object>({ dialect: database.dialect }),
    options,
    drawsFor(options.times),
  );
  const desks = openAlertsDesks(database);
  const counted = new CountedDialect(database.dialect);
  const countedDesks = openAlertsDesks({ ...database, dialect: counted });
  const queries = ALERTS_QUERIES.map((query) => ({
    ...query,
    ask: (draw: AlertsDraw) => query.ask(desks, draw),
    askCounted: (draw: AlertsDraw) => query.ask(countedDesks, draw),
  }));
  const costOf = async ({ ask, askCounted }: (typeof queries)[number], draw: AlertsDraw) => {
    const before = process.cpuUsage();
    await ask(draw);
    const { user, system } = process.cpuUsage(before);
    return { rows: await counted.rowsOf(() => askCounted(draw)), cpuMs: (user + system) / 1_000 };
  };
  return { queries, draws, costOf };
}

/** Of each size and seed a folder of its own. */
async function directoryOf({ keptIn, alerts, seed }: SizeOptions): Promise<string> {
  if (keptIn === undefined) return mkdtemp(join(tmpdir(), "kadun-console-"));
  const directory = join(keptIn, `alerts-${alerts}-${seed}`);
  await mkdir(directory, { recursive: true });
  return directory;
}

/** @throws Error where a fill was broken off: it cannot be gone on with. */
async function filled(database: OpenDatabase, options: SizeOptions, progress: Progress) {
  await migrate(database.dialect, join(packageRoot, "schemas", "postgres"));
  const tables = new Kysely<object>({ dialect: database.dialect });
  const { rows } = await sql<{ alerts: number; people: number }>`
    select (select count(*) from alerts) as alerts, (select count(*) from people) as people`.execute(tables);
  const { alerts, people } = rows[0]!;
  const expected = options.alerts + casesOf(options) / CASES_PER_FINDING;
  if (alerts === 0) {
    await fillAlerts(tables, options, (done) => progress(`${done} of ${options.alerts} alerts`));
    // What a fill leaves to do would be counted as the queries' work; a Kadun that runs has it behind itself.
    await sql`vacuum`.execute(tables);
    await sql`checkpoint`.execute(tables);
  } else if (alerts !== expected || people === 0)
    throw new Error(
      `${options.keptIn}: ${alerts} alerts, expected ${expected}: remove the folder and begin again`,
    );
}

/**
 * One side of the measurement in a process of its own: `node measure.js SIDE TABLE ROWS BLOCK DIRECTORY` prints one JSON line
 * of SinkFigures and leaves its database in the directory. Records are made and tables migrated before; all blocks are made
 * once and a first tenth is inserted to warm up.
 */

import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setImmediate as nextTurn } from "node:timers/promises";
import { packageRoot } from "../../cli/package-root.js";
import type { AnalyticsDatabase } from "../../platform/analytics/analytics-database.js";
import { openChdbDatabase } from "../../platform/analytics/chdb/chdb-database.js";
import type { LoggedRecord } from "../../platform/event-log/event-log.js";
import { migrate, readMigrations } from "../../services/analytics/migrations.js";
import { pausesOf, watchCollector } from "../load/collector-pauses.js";
import { loggedCity } from "./logged-city.js";
import { SIDES, type Side, type SideName, sideOf, TABLES, type TableName } from "./sides.js";

/** Microseconds a row are processor time of the whole process: all its threads, those of the engine too. */
export interface SinkFigures {
  readonly side: SideName;
  readonly table: TableName;
  readonly rows: number;
  /** From logged records to what is inserted: row objects, or a block. */
  readonly makeCpuUs: number;
  /** From there until the rows are acknowledged. The engine merges nothing meanwhile. */
  readonly insertCpuUs: number;
  /** One merge of all that lies there then: the same work on both sides. */
  readonly mergeCpuUs: number;
  /** By the clock, made and inserted, one block after the other. */
  readonly rowsPerSecond: number;
  /** Of all that was handed over, a row; null for objects. */
  readonly bytesPerRow: number | null;
  /** Of the collector, while made and inserted. */
  readonly gcLongestMs: number;
  readonly rssPeakMb: number;
  /** Longest time in which the event loop had no turn. */
  readonly stallMs: number;
  /** Over all columns of all rows, whatever their order: equal on both sides. */
  readonly tableHash: string;
}

const WARM_UP_SHARE = 0.1;
const LOOP_RESOLUTION_MS = 5;
const KB_PER_MB = 1024;

async function measure(
  sideName: SideName,
  tableName: TableName,
  rows: number,
  blockRows: number,
  directory: string,
) {
  const table = TABLES[tableName];
  const blocks = blocksOf(loggedCity(rows)[tableName], blockRows);
  const database = await openChdbDatabase({ directory });
  await migrate(database, await readMigrations(join(packageRoot, "schemas/clickhouse")), () => 0);
  const side = sideOf(sideName, table, database, directory);
  try {
    for (const records of blocks) await side.make(records, "unused");
    const warm = Math.max(1, Math.ceil(blocks.length * WARM_UP_SHARE));
    await database.run(`SYSTEM STOP MERGES ${table.table}`);
    await run(side, blocks.slice(0, warm), "warm");
    globalThis.gc?.();
    const timed = blocks.slice(warm);
    const delay = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MS });
    delay.enable();
    const collector = watchCollector();
    const spent = await run(side, timed, "timed");
    delay.disable();
    await nextTurn();
    const pauses = pausesOf(collector.end());
    await database.run(`SYSTEM START MERGES ${table.table}`);
    const mergeUs = await cpuUs(() => database.run(`OPTIMIZE TABLE ${table.table} FINAL`));
    const count = timed.reduce((sum, records) => sum + records.length, 0);
    const perRow = (us: number) => Number((us / count).toFixed(2));
    const figures: SinkFigures = {
      side: sideName,
      table: tableName,
      rows: count,
      makeCpuUs: perRow(spent.makeUs),
      insertCpuUs: perRow(spent.insertUs),
      mergeCpuUs: perRow(mergeUs),
      rowsPerSecond: Math.round((count * 1000) / spent.wallMs),
      bytesPerRow: spent.bytes === null ? null : Math.round(spent.bytes / count),
      gcLongestMs: pauses.longestMs,
      rssPeakMb: Math.round(process.resourceUsage().maxRSS / KB_PER_MB),
      stallMs: Number((delay.max / 1e6).toFixed(1)),
      tableHash: await hashOf(database, table.table),
    };
    return figures;
  } finally {
    await side.close();
    await database.close();
  }
}

function blocksOf(records: readonly LoggedRecord[], blockRows: number): readonly (readonly LoggedRecord[])[] {
  return Array.from({ length: Math.ceil(records.length / blockRows) }, (_, n) =>
    records.slice(n * blockRows, (n + 1) * blockRows),
  );
}

async function run(side: Side, blocks: readonly (readonly LoggedRecord[])[], name: string) {
  let [makeUs, insertUs] = [0, 0];
  let bytes: number | null = 0;
  const startedAt = performance.now();
  for (const [index, records] of blocks.entries()) {
    const before = process.cpuUsage();
    const made = await side.make(records, `${name}-${index}`);
    makeUs += microsecondsSince(before);
    insertUs += await cpuUs(() => made.insert());
    bytes = made.bytes === null || bytes === null ? null : bytes + made.bytes;
  }
  return { makeUs, insertUs, bytes, wallMs: performance.now() - startedAt };
}

async function cpuUs(action: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await action();
  return microsecondsSince(before);
}

function microsecondsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

async function hashOf(database: AnalyticsDatabase, table: string): Promise<string> {
  const [row] = await database.query(
    `SELECT count() AS rows, sum(cityHash64(toString(tuple(*)))) AS hash FROM ${table}`,
  );
  return `${row!.rows}/${row!.hash}`;
}

const [sideName, tableName, rows, blockRows, directory] = process.argv.slice(2);
const side = SIDES.find((each) => each === sideName);
if (side === undefined || (tableName !== "journal" && tableName !== "outcomes") || directory === undefined)
  throw new Error(`measure.js ${SIDES.join("|")} journal|outcomes ROWS BLOCK DIRECTORY`);
console.log(JSON.stringify(await measure(side, tableName, Number(rows), Number(blockRows), directory)));
process.exit(0);

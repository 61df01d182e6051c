/**
 * The comparison: rounds in which the sides take turns, each in a fresh process. What lies in the tables afterwards must
 * be equal. Ratios are formed round by round and their median is quoted: the machine's drift cancels out.
 */

import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { packageVersion } from "../end-to-end/versions.js";
import { type MeasuredWith, measuredWith } from "../load/machine.js";
import type { SinkFigures } from "./measure.js";
import { SIDES, type SideName, type TableName } from "./sides.js";

const run = promisify(execFile);
const MEASURE = fileURLToPath(new URL("./measure.js", import.meta.url));
const PROCESS_TIMEOUT_MS = 600_000;

export interface SinkOptions {
  readonly rows: number;
  readonly blockRows: number;
  readonly rounds: number;
}

/** Processor time a row of blocks as a share of that of row objects. */
export interface Share {
  readonly median: number;
  readonly rounds: readonly number[];
}

export interface SinkComparison extends SinkOptions, MeasuredWith {
  /** Of the packages: the engine of both sides, the client of the row objects. */
  readonly versions: { readonly chdb: string; readonly clickhouseClient: string };
  readonly table: TableName;
  /** Medians of each side's rounds. */
  readonly sides: Readonly<Record<SideName, SinkFigures>>;
  /** Inserting a block against inserting row objects, both lying there. */
  readonly shareOfInsert: Share;
  /** A block made and inserted, against inserting row objects that lie there: the strictest. */
  readonly shareMadeOfInsert: Share;
  /** Both with what it takes to make them from logged records. */
  readonly shareOfMadeAndInserted: Share;
  /** And with one merge of everything, which is the same on both sides. */
  readonly shareWithMerge: Share;
}

type Round = Readonly<Record<SideName, SinkFigures>>;

/**
 * A comparison a table. All databases stay until the last side of the last table is measured: for minutes after many files
 * are removed ext4 takes longer to make new ones, as it passes over what was freed lately, and the next side would pay for it.
 * @throws Error where the sides' tables differ.
 */
export async function* compareSinks(
  tables: readonly TableName[],
  options: SinkOptions,
  progress: (text: string) => void,
): AsyncGenerator<SinkComparison> {
  const directory = await mkdtemp(join(tmpdir(), "kadun-sink-"));
  try {
    for (const table of tables) yield await comparisonOf(table, options, directory, progress);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function comparisonOf(
  table: TableName,
  options: SinkOptions,
  directory: string,
  progress: (text: string) => void,
): Promise<SinkComparison> {
  const rounds: Round[] = [];
  for (let number = 1; number <= options.rounds; number++) {
    const figures = new Map<SideName, SinkFigures>();
    for (const side of SIDES) {
      progress(`${table}, round ${number}: ${side}`);
      figures.set(side, await measured(side, table, options, join(directory, `${table}-${number}-${side}`)));
    }
    const round = { objects: figures.get("objects")!, native: figures.get("native")! };
    checkEqual(round);
    rounds.push(round);
  }
  return {
    ...options,
    ...measuredWith(),
    versions: { chdb: packageVersion("chdb"), clickhouseClient: packageVersion("@clickhouse/client") },
    table,
    sides: {
      objects: medianFigures(rounds.map(({ objects }) => objects)),
      native: medianFigures(rounds.map(({ native }) => native)),
    },
    shareOfInsert: shareOf(rounds, inserted, inserted),
    shareMadeOfInsert: shareOf(rounds, made, inserted),
    shareOfMadeAndInserted: shareOf(rounds, made, made),
    shareWithMerge: shareOf(rounds, merged, merged),
  };
}

const inserted = ({ insertCpuUs }: SinkFigures) => insertCpuUs;
const made = ({ makeCpuUs, insertCpuUs }: SinkFigures) => makeCpuUs + insertCpuUs;
const merged = (figures: SinkFigures) => made(figures) + figures.mergeCpuUs;

async function measured(
  side: SideName,
  table: TableName,
  { rows, blockRows }: SinkOptions,
  directory: string,
): Promise<SinkFigures> {
  const args = ["--expose-gc", MEASURE, side, table, String(rows), String(blockRows), directory];
  const { stdout } = await run(process.execPath, args, { timeout: PROCESS_TIMEOUT_MS });
  return JSON.parse(stdout) as SinkFigures;
}

function checkEqual({ objects, native }: Round): void {
  if (objects.tableHash !== native.tableHash)
    throw new Error(
      `${native.table}: the two ways store different rows (rows/hash): objects ${objects.tableHash}, blocks ${native.tableHash}`,
    );
}

function shareOf(
  rounds: readonly Round[],
  ofNative: (figures: SinkFigures) => number,
  ofObjects: (figures: SinkFigures) => number,
): Share {
  const shares = rounds.map(({ native, objects }) =>
    Number((ofNative(native) / ofObjects(objects)).toFixed(3)),
  );
  return { median: median(shares), rounds: shares };
}

function medianFigures(rounds: readonly SinkFigures[]): SinkFigures {
  const [first] = rounds;
  if (first === undefined) throw new Error("no round was measured");
  const of = (
    key:
      | "makeCpuUs"
      | "insertCpuUs"
      | "mergeCpuUs"
      | "rowsPerSecond"
      | "rssPeakMb"
      | "stallMs"
      | "gcLongestMs",
  ) => median(rounds.map((figures) => figures[key]));
  return {
    ...first,
    makeCpuUs: of("makeCpuUs"),
    insertCpuUs: of("insertCpuUs"),
    mergeCpuUs: of("mergeCpuUs"),
    rowsPerSecond: of("rowsPerSecond"),
    rssPeakMb: of("rssPeakMb"),
    stallMs: of("stallMs"),
    gcLongestMs: of("gcLongestMs"),
  };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}

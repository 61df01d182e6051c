/** Backtests in this process, in a work folder of their own. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { joinedHistory } from "../../cli/archive/joined-history.js";
import { startNotes } from "../../cli/backtest/checkpoint-start.js";
import { LocalRunner } from "../../cli/backtest/local-runner.js";
import type { JournalSource, Plan } from "../../cli/backtest/plan.js";
import { type Asked, filesPlan, journalPlan } from "../../cli/backtest/prepare.js";
import type { Ran } from "../../cli/backtest/result.js";
import { runPlan } from "../../cli/backtest/run-plan.js";
import { WorkFolder } from "../../cli/backtest/work-folder.js";
import type { LoadedBundle } from "../../cli/bundle-files.js";
import type { EventLog } from "../../platform/event-log/event-log.js";
import { Topic } from "../../schemas/topics.js";
import { defaultBundle } from "./judge.js";

export interface BacktestOptions {
  readonly purpose?: Asked["purpose"];
  /** Of files; the default bundle where absent. */
  readonly baseline?: LoadedBundle;
  /** Slices of files are four times as many, parts of journal partitions about so many. */
  readonly workers?: number;
  readonly rangeBytes?: number;
  readonly fromMs?: number;
  readonly toMs?: number;
  readonly isLastDay?: boolean;
  /** Folder of the archive by which a journal was trimmed. */
  readonly archive?: string;
  readonly isFromCheckpoint?: boolean;
  /** That a journal may activate, besides the default. */
  readonly bundles?: readonly LoadedBundle[];
}

const noLog = async (): Promise<EventLog> => {
  throw new Error("files have no log");
};

export async function backtestFiles(lines: readonly string[], options: BacktestOptions = {}): Promise<Ran> {
  return inFolder(async (folder) => {
    const file = join(folder.path, "lines.ndjson");
    writeFileSync(file, lines.map((line) => `${line}\n`).join(""));
    const { rangeBytes, baseline = defaultBundle } = options;
    const asked = askedOf(options, baseline);
    const plan = filesPlan(asked, {
      files: [file],
      keyFile: null,
      drugsOf: baseline,
      ...(rangeBytes === undefined ? {} : { rangeBytes }),
    });
    return ran(folder, plan, asked, noLog, []);
  });
}

export async function backtestJournal(live: EventLog, options: BacktestOptions = {}): Promise<Ran> {
  return inFolder(async (folder) => {
    const { archive: named, isFromCheckpoint = false } = options;
    const history = named === undefined ? null : await joinedHistory(live, named);
    const log = history?.log ?? live;
    const partitions = await log.partitionCount(Topic.JOURNAL);
    const source: JournalSource = { profile: "distributed", partitions };
    const asked = askedOf(options, null);
    const archived = history === null ? null : { folder: named!, archive: history.archive, isFromCheckpoint };
    const plan = await journalPlan(asked, source, log, archived);
    return ran(folder, plan, asked, async () => log, options.bundles ?? []);
  });
}

function askedOf(options: BacktestOptions, baseline: LoadedBundle | null): Asked {
  const { purpose, workers, fromMs, toMs, isLastDay } = options;
  return {
    purpose: purpose ?? { kind: "draft", draft: defaultBundle },
    baseline,
    fromMs: fromMs ?? null,
    toMs: toMs ?? null,
    isLastDay: isLastDay ?? false,
    workers: workers ?? 1,
  };
}

async function ran(
  folder: WorkFolder,
  plan: Plan,
  asked: Asked,
  openLog: () => Promise<EventLog>,
  bundles: readonly LoadedBundle[],
): Promise<Ran> {
  if (asked.purpose.kind === "draft") folder.bundles.store(asked.purpose.draft);
  if (asked.baseline !== null) folder.bundles.store(asked.baseline);
  const runner = new LocalRunner({ folder, plan, openLog }, { onRecords: () => {}, onDone: () => {} });
  const known = [defaultBundle, ...bundles];
  const findBundle = async (hash: string) => known.find(({ bundle }) => bundle.hash === hash)!;
  const { signal } = new AbortController();
  const run = await runPlan({ folder, plan, runner, findBundle, onStep: () => {}, signal });
  return { plan, run, notes: startNotes(plan), workers: asked.workers, seconds: 1 };
}

async function inFolder(work: (folder: WorkFolder) => Promise<Ran>): Promise<Ran> {
  const folder = new WorkFolder(mkdtempSync(join(tmpdir(), "kadun-backtest-test-")));
  folder.make();
  try {
    return await work(folder);
  } finally {
    rmSync(folder.path, { recursive: true, force: true });
  }
}

/**
 * One run of the command: work folder, workers, interruption, the result.
 *
 * Owns: the work folder while it runs (lock), its end: removed after success, kept for --resume after anything else.
 * Does not own: what is counted (purpose.ts), the steps (run-plan.ts).
 */

import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import type { EventLog } from "../../platform/event-log/event-log.js";
import { type OwnerLock, OwnerLockError, takeOwnerLock } from "../../platform/lifecycle/owner-lock.js";
import { onParentGone } from "../../platform/lifecycle/supervised-child.js";
import { Topic } from "../../schemas/topics.js";
import { archivedBundle } from "../archive/archived-bundles.js";
import { joinedHistory, told } from "../archive/joined-history.js";
import { type LoadedBundle, loadBundle } from "../bundle-files.js";
import { listenForInterruption } from "../demo/interruption.js";
import { OperatingError } from "../exit-status.js";
import { Closers } from "../process/closers.js";
import { startError } from "../process/start-errors.js";
import type { AskedHistory } from "./asked-options.js";
import { startNotes } from "./checkpoint-start.js";
import { bundleFinder, journalOpener, journalSourceOf } from "./journal-log.js";
import { checkSameRun, type Plan } from "./plan.js";
import {
  type Asked,
  type AskedArchive,
  fileInputs,
  filesPlan,
  journalInputs,
  journalPlan,
} from "./prepare.js";
import type { Ran } from "./result.js";
import { runPlan } from "./run-plan.js";
import { RunProgress } from "./run-progress.js";
import { WorkFolder } from "./work-folder.js";
import { WorkerPool } from "./worker-pool.js";

export interface AskedRun {
  readonly history: AskedHistory;
  readonly purpose: Asked["purpose"];
  readonly isLastDay: boolean;
  /** Judge from the archive's checkpoints before --from, instead of from the beginning. */
  readonly isFromCheckpoint?: boolean;
}

/** Nothing here listens. */
const NO_PORT = { port: 0, option: "--port" };
/** What a finished run knows beside its counts. */
const ELAPSED = "elapsed";

/** @throws OperatingError with how to go on, where it is interrupted or fails. */
export async function runAsked(asked: AskedRun): Promise<Ran> {
  const { history } = asked;
  const folder = new WorkFolder(history.workDirectory ?? mkdtempSync(join(tmpdir(), "kadun-backtest-")));
  folder.make();
  const lock = lockOf(folder);
  const closers = new Closers();
  try {
    const run = await prepared(asked, folder, closers);
    const ran = await finished(run, history, folder);
    folder.remove();
    return ran;
  } catch (error) {
    const failure = startError(error, NO_PORT);
    if (folder.hasPlan()) throw withNextStep(failure, folder);
    folder.remove();
    throw failure;
  } finally {
    lock.release();
    // Of a folder of our own nothing is left now.
    if (!folder.hasPlan()) folder.remove();
    await closers.close();
  }
}

function lockOf(folder: WorkFolder): OwnerLock {
  try {
    return takeOwnerLock(folder.lockPath);
  } catch (error) {
    if (error instanceof OwnerLockError)
      throw new OperatingError(
        `${folder.path}: process ${error.ownerPid} works there; wait for it, or name another --work-dir`,
      );
    throw error;
  }
}

function withNextStep(error: unknown, folder: WorkFolder): unknown {
  if (!(error instanceof Error)) return error;
  const next = `what is done is kept: the same command with --resume --work-dir ${folder.path} goes on`;
  if (error instanceof OperatingError) return new OperatingError(`${error.message}; ${next}`);
  error.message = `${error.message}; ${next}`;
  return error;
}

interface PreparedRun {
  readonly plan: Plan;
  readonly findBundle: (hash: string) => Promise<LoadedBundle>;
  readonly notes: readonly string[];
}

async function prepared(asked: AskedRun, folder: WorkFolder, closers: Closers): Promise<PreparedRun> {
  const { history } = asked;
  const isBegun = folder.hasPlan();
  if (isBegun && !history.isResumed)
    throw new OperatingError(
      `${folder.path}: holds unfinished work; give --resume too, or name another --work-dir`,
    );
  return history.files === null
    ? preparedJournal(asked, folder, closers, isBegun)
    : preparedFiles(asked, history.files, folder, isBegun);
}

async function preparedJournal(
  asked: AskedRun,
  folder: WorkFolder,
  closers: Closers,
  isBegun: boolean,
): Promise<PreparedRun> {
  const source = await journalSourceOf(asked.history.data, closers);
  const live = await journalOpener(closers)(source);
  const question = questionOf(asked, asked.history.against);
  const { archived, log, findBundle } = await withArchive(asked, live, bundleFinder(source, closers));
  const now = await told(() => journalPlan(question, source, log, archived));
  if (!isBegun) return { plan: begun(folder, now, question), findBundle, notes: startNotes(now) };
  const plan = folder.plan();
  if (plan.history.from !== "journal") checkSameRun(plan, now, folder.path);
  // The journal has grown since: what the run began with must still be there.
  else checkSameRun(plan, { ...now, inputs: await journalInputs(log, plan.history) }, folder.path);
  return { plan, findBundle, notes: startNotes(plan) };
}

interface ArchivedJournal {
  readonly archived: AskedArchive | null;
  readonly log: EventLog;
  readonly findBundle: PreparedRun["findBundle"];
}

/** Bundles that archived activations name lie in the archive. */
async function withArchive(
  { history, isFromCheckpoint = false }: AskedRun,
  live: EventLog,
  findBundle: PreparedRun["findBundle"],
): Promise<ArchivedJournal> {
  const { archive: folder } = history;
  if (folder === null) return { archived: null, log: live, findBundle };
  const { archive, log } = await joinedHistory(live, folder);
  await told(() => log.check([Topic.JOURNAL]));
  const isArchived = (hash: string) => archive.bundles().some((entry) => entry.hash === hash);
  return {
    archived: { folder, archive, isFromCheckpoint },
    log,
    findBundle: async (hash) =>
      isArchived(hash) ? told(() => archivedBundle(archive, hash)) : findBundle(hash),
  };
}

async function preparedFiles(
  asked: AskedRun,
  files: readonly string[],
  folder: WorkFolder,
  isBegun: boolean,
): Promise<PreparedRun> {
  const baseline = asked.history.against ?? loadBundle();
  const question = questionOf(asked, baseline);
  const now = filesPlan(question, { files, keyFile: asked.history.keyFile, drugsOf: baseline });
  const notes = drugNotes(asked.purpose, baseline);
  const findBundle = async (hash: string) => {
    throw new Error(`bundle ${hash}: files activate nothing`);
  };
  if (!isBegun) return { plan: begun(folder, now, question), findBundle, notes };
  const plan = folder.plan();
  checkSameRun(plan, { ...now, inputs: fileInputs(files, asked.history.keyFile) }, folder.path);
  return { plan, findBundle, notes };
}

/** A list acts where a record comes in (docs/design.md section 5). */
function drugNotes(purpose: Asked["purpose"], baseline: LoadedBundle): string[] {
  if (purpose.kind !== "draft") return [];
  const isSame = JSON.stringify(purpose.draft.content.drugs) === JSON.stringify(baseline.content.drugs);
  return isSame
    ? []
    : [
        "the draft's drug list differs: lists act when a record comes in, so both sides were judged by the baseline's",
      ];
}

function questionOf({ history, purpose, isLastDay }: AskedRun, baseline: LoadedBundle | null): Asked {
  const { fromMs, toMs, workers } = history;
  return { purpose, baseline, fromMs, toMs, isLastDay, workers };
}

function begun(folder: WorkFolder, plan: Plan, { purpose, baseline }: Asked): Plan {
  if (purpose.kind === "draft") folder.bundles.store(purpose.draft);
  if (baseline !== null) folder.bundles.store(baseline);
  folder.writePlan(plan);
  return plan;
}

async function finished(
  { plan, findBundle, notes }: PreparedRun,
  { workers, isQuiet }: AskedHistory,
  folder: WorkFolder,
): Promise<Ran> {
  const progress = new RunProgress(isQuiet);
  const elapsed = new Elapsed(folder);
  const events = {
    onRecords: progress.onRecords,
    onDone: (task: Parameters<typeof progress.onDone>[0]) => {
      elapsed.store();
      progress.onDone(task);
    },
  };
  const runner = new WorkerPool({ workers, folder: folder.path, events, onRetry: progress.onRetry });
  const interruption = listenForInterruption();
  // Whoever started this with a channel and is gone wants no result any more.
  const parentGone = new AbortController();
  onParentGone(() => parentGone.abort(new OperatingError("interrupted")));
  try {
    const signal = AbortSignal.any([interruption.signal, parentGone.signal]);
    const run = await runPlan({ folder, plan, runner, findBundle, onStep: progress.onStep, signal });
    return { plan, run, notes, workers, seconds: elapsed.seconds() };
  } finally {
    progress.clear();
    interruption.ignore();
    await runner.close();
  }
}

/** Of all processes that had a hand in the run. */
class Elapsed {
  private readonly startedMs = performance.now();
  private readonly before: number;

  constructor(private readonly folder: WorkFolder) {
    this.before = folder.hasResult(ELAPSED) ? Number(folder.result(ELAPSED)) : 0;
  }

  seconds(): number {
    return this.before + (performance.now() - this.startedMs) / 1000;
  }

  store(): void {
    this.folder.writeResult(ELAPSED, this.seconds());
  }
}

/**
 * A worker process: `node worker.js WORK_FOLDER`, started with a channel. Runs the tasks it is told, one at a time.
 *
 * 1. It ends when its parent is gone, however that went: nobody would read its result.
 * 2. Ctrl-C of a terminal reaches it too: its parent decides what becomes of it.
 */

import { EventLogError } from "../../platform/event-log/event-log.js";
import { ArchiveError } from "../../services/archive/archive-error.js";
import { OperatingError, UsageError } from "../exit-status.js";
import { Closers } from "../process/closers.js";
import { historyOpener } from "./journal-log.js";
import { runTask } from "./run-task.js";
import { WorkFolder } from "./work-folder.js";
import { type FromWorker, toWorker } from "./worker-messages.js";

/** Progress is for eyes. */
const TELL_EVERY_MS = 200;

const [path] = process.argv.slice(2);
if (path === undefined || process.send === undefined)
  throw new Error("a worker of 'kadun rules backtest' is started by that command");

const folder = new WorkFolder(path);
const plan = folder.plan();
const closers = new Closers();
const openLog = historyOpener(closers);
const never = new AbortController().signal;

process.on("SIGINT", () => {});
process.on("SIGHUP", () => {});
process.once("disconnect", () => process.exit(0));
process.on("message", (message) => void run(message));

async function run(message: unknown): Promise<void> {
  const { task } = toWorker.parse(message);
  let held = 0;
  let toldMs = 0;
  const onRecords = (count: number) => {
    held += count;
    if (Date.now() - toldMs < TELL_EVERY_MS) return;
    tell({ type: "passed", records: held });
    held = 0;
    toldMs = Date.now();
  };
  try {
    await runTask(task, { folder, plan, openLog, onRecords, signal: never });
    tell({ type: "passed", records: held });
    tell({ type: "done" });
  } catch (error) {
    tell(failureOf(error));
  }
}

function failureOf(error: unknown): FromWorker {
  const isExpected =
    error instanceof OperatingError ||
    error instanceof UsageError ||
    error instanceof EventLogError ||
    error instanceof ArchiveError;
  const message =
    error instanceof Error ? (isExpected ? error.message : (error.stack ?? error.message)) : String(error);
  return { type: "failed", message, isExpected };
}

function tell(message: FromWorker): void {
  // A parent that goes meanwhile is told of by `disconnect`.
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}

/**
 * Worker processes for the tasks of a run.
 *
 * Owns: the processes, which task each has.
 * Does not own: what a task does; results, which workers leave in the work folder.
 *
 * 1. A worker that dies takes no other down: its task is begun anew in another process, ATTEMPTS_MAX times in all.
 * 2. A task that fails by itself ends the run: begun again it would fail again.
 * 3. When `run` has settled after an abort or a failure, no worker lives.
 */

import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import { OperatingError } from "../exit-status.js";
import { packageRoot } from "../package-root.js";
import type { TaskEvents, TaskRunner } from "./task-runner.js";
import { nameOf, type Task } from "./tasks.js";
import { fromWorker, type ToWorker } from "./worker-messages.js";

/** A worker that memory was too short for may find more next time; one that dies thrice dies of its task. */
const ATTEMPTS_MAX = 3;
/** A worker that was asked to end; it holds nothing that has to be saved. */
const STOP_DEADLINE_MS = 2_000;

export interface WorkerPoolOptions {
  readonly workers: number;
  readonly folder: string;
  readonly events: TaskEvents;
  /** Somebody died and its task is begun anew. */
  readonly onRetry: (task: Task, how: string) => void;
  readonly script?: string;
}

interface Work {
  readonly task: Task;
  attempts: number;
}

export class WorkerPool implements TaskRunner {
  private readonly idle: ChildProcess[] = [];
  private readonly living = new Set<ChildProcess>();

  constructor(private readonly options: WorkerPoolOptions) {}

  get pids(): number[] {
    return [...this.living].flatMap(({ pid }) => pid ?? []);
  }

  async run(tasks: readonly Task[], signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const waiting: Work[] = tasks.map((task) => ({ task, attempts: 0 }));
    const failing = new AbortController();
    const stop = AbortSignal.any([signal, failing.signal]);
    const lanes = Array.from({ length: Math.min(this.options.workers, tasks.length) }, () =>
      this.lane(waiting, stop).catch((error: unknown) => failing.abort(error)),
    );
    await Promise.all(lanes);
    if (!stop.aborted) return;
    await this.close();
    throw stop.reason;
  }

  /** Ends all workers. Idempotent. */
  async close(): Promise<void> {
    this.idle.length = 0;
    await Promise.all([...this.living].map((child) => ended(child)));
  }

  /** One worker's turn after turn, until nothing waits. */
  private async lane(waiting: Work[], stop: AbortSignal): Promise<void> {
    for (let work = waiting.shift(); work !== undefined && !stop.aborted; work = waiting.shift()) {
      const child = this.idle.pop() ?? this.start();
      const how = await this.one(child, work.task, stop);
      if (how === DONE) {
        this.idle.push(child);
        this.options.events.onDone(work.task);
        continue;
      }
      if (stop.aborted) return;
      work.attempts++;
      if (work.attempts >= ATTEMPTS_MAX)
        throw new OperatingError(
          `${nameOf(work.task)}: its process ended ${ATTEMPTS_MAX} times (${how}); look for want of memory, then go on with --resume`,
        );
      this.options.onRetry(work.task, how);
      waiting.push(work);
    }
  }

  private start(): ChildProcess {
    const { script = WORKER, folder } = this.options;
    const child = fork(script, [folder], { stdio: ["ignore", "ignore", "inherit", "ipc"] });
    this.living.add(child);
    child.once("exit", () => {
      this.living.delete(child);
      const at = this.idle.indexOf(child);
      if (at >= 0) this.idle.splice(at, 1);
    });
    // Told by the exit, or where it could not be started by the lane below.
    child.on("error", () => {});
    return child;
  }

  /** @returns DONE, or how the process ended. @throws OperatingError, Error where the task failed. */
  private async one(child: ChildProcess, task: Task, stop: AbortSignal): Promise<string> {
    const kill = () => void ended(child);
    stop.addEventListener("abort", kill, { once: true });
    if (stop.aborted) kill();
    let onMessage = (_: unknown) => {};
    let onExit = (_: number | null, __: NodeJS.Signals | null) => {};
    let onError = (_: Error) => {};
    try {
      return await new Promise<string>((resolve, reject) => {
        onMessage = (message) => {
          const told = fromWorker.parse(message);
          if (told.type === "passed") this.options.events.onRecords(told.records);
          else if (told.type === "done") resolve(DONE);
          else reject(told.isExpected ? new OperatingError(told.message) : new Error(told.message));
        };
        onExit = (status, signalName) => resolve(String(signalName ?? `status ${status}`));
        onError = ({ message }) => {
          if (child.pid === undefined) resolve(message);
        };
        child.on("message", onMessage);
        child.once("exit", onExit);
        child.on("error", onError);
        const message: ToWorker = { task };
        child.send(message, () => {});
      });
    } finally {
      stop.removeEventListener("abort", kill);
      child.off("message", onMessage);
      child.off("exit", onExit);
      child.off("error", onError);
    }
  }
}

const DONE = "done";
/** Workers run what was built, as everything that is started as a process. */
const WORKER = join(packageRoot, "dist", "cli", "backtest", "worker.js");

/** Asked first, killed after the deadline. */
function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined)
    return Promise.resolve();
  return new Promise((resolve) => {
    const kill = setTimeout(() => child.kill("SIGKILL"), STOP_DEADLINE_MS);
    child.once("exit", () => {
      clearTimeout(kill);
      resolve();
    });
    child.kill("SIGTERM");
  });
}

/**
 * A child process that is started again whenever it ends, until it is stopped.
 *
 * Owns: the process, the pause before the next start.
 * Does not own: what the child does; a child that must end with its parent calls `onParentGone`.
 *
 * 1. Pauses double up to a minute, and begin anew after the child ran for a while.
 * 2. `stop` ends the child: asked first, killed after the deadline.
 */

import { type ChildProcess, fork } from "node:child_process";
import type { Clock } from "../clock/clock.js";
import type { Logger } from "../logger/logger.js";
import { type Counter, type Metrics, noMetrics } from "../metrics/metrics.js";
import { putIntoBackground } from "./background.js";

const PAUSE_MS_FIRST = 250;
const PAUSE_MS_MAX = 60_000;
/** Who ran for so long had started well. */
const HEALTHY_AFTER_MS = 10_000;

export interface SupervisedChildOptions {
  readonly name: string;
  readonly script: string;
  readonly args: readonly string[];
  readonly clock: Clock;
  readonly logger: Logger;
  readonly stopDeadlineMs: number;
  /** Gets processors when the parent and others leave them idle, and a tenth of one when they do not (nice 10). */
  readonly isBackground?: boolean;
  /** What the child sent over its channel. */
  readonly onMessage: (message: unknown, pid: number) => void;
  readonly onExit?: () => void;
  /** `kadun_lifecycle_child_restarts_total`, by name. */
  readonly metrics?: Metrics;
}

export class SupervisedChild {
  restarts = 0;
  private child: ChildProcess | null = null;
  private readonly stopping = new AbortController();
  private readonly loop: Promise<void>;
  private readonly restartCounter: Counter;

  constructor(private readonly options: SupervisedChildOptions) {
    this.restartCounter = (options.metrics ?? noMetrics).counter({
      name: "kadun_lifecycle_child_restarts_total",
      help: "Starts of a child process after it ended by itself",
      labels: ["child"],
    });
    this.loop = this.run();
  }

  get pid(): number | null {
    return this.child?.pid ?? null;
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    const { child } = this;
    child?.kill("SIGTERM");
    const kill = setTimeout(() => child?.kill("SIGKILL"), this.options.stopDeadlineMs);
    await this.loop;
    clearTimeout(kill);
  }

  private async run(): Promise<void> {
    const { clock, logger, name, onExit } = this.options;
    for (let pauseMs = PAUSE_MS_FIRST; ; ) {
      const startedMs = clock.now();
      const code = await this.runOnce();
      onExit?.();
      if (this.stopping.signal.aborted) return;
      if (clock.now() - startedMs >= HEALTHY_AFTER_MS) pauseMs = PAUSE_MS_FIRST;
      logger.warn("lifecycle.child-ended", { service: name, code, durationMs: pauseMs });
      await clock.sleep(pauseMs, this.stopping.signal);
      if (this.stopping.signal.aborted) return;
      pauseMs = Math.min(PAUSE_MS_MAX, 2 * pauseMs);
      this.restarts++;
      this.restartCounter.add(1, { child: name });
    }
  }

  /** Resolves with how it ended: an exit status or a signal. */
  private runOnce(): Promise<string> {
    const { script, args, onMessage } = this.options;
    // The channel is how the child learns that its parent is gone.
    let child: ChildProcess;
    try {
      child = fork(script, [...args], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
    } catch (error) {
      // Thrown where memory is short: no reason for the parent to end.
      return Promise.resolve((error as NodeJS.ErrnoException).code ?? "failed");
    }
    this.child = child;
    if (this.options.isBackground === true && child.pid !== undefined) putIntoBackground(child.pid);
    child.on("message", (message) => onMessage(message, child.pid ?? 0));
    return new Promise((resolve) => {
      const ended = (how: string) => {
        this.child = null;
        resolve(how);
      };
      // Also told where a message or a signal could not be sent: then it still runs.
      child.on("error", (error: NodeJS.ErrnoException) => {
        if (child.pid === undefined) ended(error.code ?? "failed");
      });
      child.once("exit", (status, signal) => ended(String(signal ?? status)));
    });
  }
}

/**
 * For the child: calls back once when the parent is gone, however it went and if it went before this call.
 * Waiting for that keeps no process alive: a child that has closed everything ends, and is started again.
 */
export function onParentGone(callback: () => void): void {
  if (process.send === undefined) return;
  if (!process.connected) {
    setImmediate(callback);
    return;
  }
  process.once("disconnect", callback);
  process.channel?.unref();
}

/** For the child: tells the parent something; nothing where there is no parent. */
export function tellParent(message: unknown): void {
  // A parent that goes meanwhile is told of by `onParentGone`.
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}

/**
 * A part of the system that always has a process: when one is gone, a successor begins.
 *
 * Owns: who is current, restarts, the ends of those who are not current any more.
 * Does not own: what the process does (`live`), when it is killed or paused (the scheduler).
 *
 * 1. A process that stands still gets a successor and goes on beside it later, where `isSucceeded`.
 * 2. An error of the current process restarts it, sometimes within the same process; errors that the simulation did
 *    not cause are kept for the auditor.
 */

import { EventLogError } from "../../platform/event-log/event-log.js";
import { KeyValueError } from "../../platform/key-value/key-value.js";
import { StateStoreError } from "../../platform/state-store/state-store.js";
import type { Random } from "../city/random.js";
import type { Scheduler } from "./scheduler.js";
import type { SimProcess } from "./sim-process.js";

const RESTART_MS = { min: 1, max: 60 } as const;

export interface RoleOptions {
  readonly name: string;
  /** Runs until the signal is aborted. */
  readonly live: (process: SimProcess, signal: AbortSignal) => Promise<void>;
  /** Does somebody take over from a process that stands still? */
  readonly isSucceeded: boolean;
}

export class Role {
  /** null while none runs. */
  current: SimProcess | null = null;
  readonly surprises: unknown[] = [];
  private readonly others = new Set<SimProcess>();
  private stopping = new AbortController();
  private started = 0;
  private isStopped = false;

  constructor(
    private readonly scheduler: Scheduler,
    /** Waits of restarts: a process that nothing happens to. */
    private readonly environment: SimProcess,
    private readonly random: Random,
    private readonly options: RoleOptions,
  ) {}

  start(): void {
    this.run(this.scheduler.process(`${this.options.name}.${this.started++}`));
  }

  /** Asks the current process to stop as on a signal of the operating system. */
  stop(): void {
    this.isStopped = true;
    this.stopping.abort();
  }

  get hasStopped(): boolean {
    return this.isStopped && this.current === null;
  }

  /** Ends the current process as a kill does; a successor begins. */
  replace(): void {
    if (this.current !== null) this.scheduler.end(this.current);
  }

  /** Ends all that are not current. */
  retireZombies(): void {
    for (const process of this.others) this.scheduler.end(process);
    this.others.clear();
  }

  private run(process: SimProcess): void {
    this.current = process;
    this.stopping = new AbortController();
    process.whenGone = () => this.succeed(process);
    this.options.live(process, this.stopping.signal).then(
      () => this.finished(process),
      (error) => this.failed(process, error),
    );
  }

  private succeed(process: SimProcess): void {
    if (this.current !== process) return;
    if (!process.isEnded && !this.options.isSucceeded) {
      process.whenGone = () => this.succeed(process);
      return;
    }
    if (!process.isEnded) this.others.add(process);
    this.current = null;
    void this.startLater(() => this.start());
  }

  private finished(process: SimProcess): void {
    if (this.current === process) this.current = null;
  }

  private failed(process: SimProcess, error: unknown): void {
    this.scheduler.trace.add(`${process.name} failed: ${nameOf(error)}`);
    if (!isCaused(error)) this.surprises.push(error);
    if (this.current !== process) return;
    this.current = null;
    if (this.isStopped) return;
    const isSameProcess = this.random.chance(0.5);
    void this.startLater(() => {
      if (isSameProcess && !process.isEnded && !process.isPaused) this.run(process);
      else this.start();
    });
  }

  private async startLater(start: () => void): Promise<void> {
    await this.environment.sleep(this.random.whole(RESTART_MS.min, RESTART_MS.max));
    if (!this.isStopped) start();
  }
}

/** Errors that faults of the simulation lead to. */
function isCaused(error: unknown): boolean {
  return (
    (error instanceof EventLogError && error.code === "FAILED") ||
    (error instanceof KeyValueError && error.code === "FAILED") ||
    (error instanceof StateStoreError && (error.code === "FAILED" || error.code === "FENCED"))
  );
}

function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return "code" in error ? `${error.name} ${error.code}` : `${error.name} ${error.message}`;
}

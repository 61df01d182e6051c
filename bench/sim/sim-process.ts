/**
 * One process of a run: its clock, and its waits on the ports as steps of the scheduler.
 * Ended, none of its waits settles; paused, they wait until it goes on.
 */

import type { Clock } from "../../platform/clock/clock.js";
import { EventLogError } from "../../platform/event-log/event-log.js";
import type { LogPace, LogStep } from "../../platform/event-log/memory/log-pace.js";
import { KeyValueError } from "../../platform/key-value/key-value.js";
import type { StatePace, StateStep } from "../../platform/state-store/memory/state-pace.js";
import { StateStoreError } from "../../platform/state-store/state-store.js";
import type { Scheduler } from "./scheduler.js";

export type SinkStep = "sink.progress" | "sink.commit" | "sink.acknowledge";
export type KeyValueStep = "kv.read" | "kv.write" | "kv.acknowledge";
export type StepKind =
  | LogStep
  | StateStep
  | SinkStep
  | KeyValueStep
  | "clock.sleep"
  | "net.request"
  | "net.response";

export interface Step {
  readonly process: SimProcess;
  readonly kind: StepKind;
  readyAtMs: number;
  readonly go: () => void;
  readonly fail: () => void;
}

export class SimProcess implements Clock {
  isEnded = false;
  isPaused = false;
  pausedUntilMs = 0;
  /** May faults meet it? */
  isMortal = true;
  /** Told once, when it ended or stands still: a successor may begin. */
  whenGone: (() => void) | null = null;

  constructor(
    readonly name: string,
    private readonly scheduler: Scheduler,
  ) {}

  get logPace(): LogPace {
    return {
      point: (step) => this.point(step),
      landing: (count) => this.scheduler.landing(count),
    };
  }

  get statePace(): StatePace {
    return { point: (step) => this.point(step) };
  }

  point(kind: StepKind): Promise<void> {
    if (this.isEnded) return never();
    return new Promise((resolve, reject) => {
      this.scheduler.add({
        process: this,
        kind,
        readyAtMs: this.scheduler.readyAtMs(),
        go: resolve,
        fail: () => reject(errorOf(kind)),
      });
    });
  }

  now(): number {
    return this.scheduler.nowMs;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (this.isEnded) return never();
    if (signal?.aborted === true) return Promise.resolve();
    return new Promise((resolve) => {
      const step: Step = {
        process: this,
        kind: "clock.sleep",
        readyAtMs: this.now() + ms,
        go: resolve,
        fail: resolve,
      };
      this.scheduler.add(step);
      signal?.addEventListener("abort", () => {
        this.scheduler.drop(step);
        resolve();
      });
    });
  }

  gone(): void {
    const tell = this.whenGone;
    this.whenGone = null;
    tell?.();
  }
}

/** A new one for each wait: a shared one would keep everything that ever waited on it. */
function never(): Promise<never> {
  return new Promise(() => {});
}

function errorOf(kind: StepKind): Error {
  const message = `${kind}: made to fail by the simulation`;
  if (kind.startsWith("state.")) return new StateStoreError("FAILED", message, { retryable: true });
  if (kind.startsWith("kv.")) return new KeyValueError("FAILED", message, { retryable: true });
  return new EventLogError("FAILED", message, { retryable: true });
}

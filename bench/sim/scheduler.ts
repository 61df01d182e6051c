/**
 * The one scheduler of a run: every wait of every process is a step here, and chance picks which step goes next.
 *
 * Owns: the virtual time, the steps that wait, the faults, the trace.
 * Does not own: what processes do; starting successors (`Role` in role.ts).
 *
 * 1. One step is let go at a time; the next is picked when nothing can run any more without a step. So the order of
 *    everything follows from the seed.
 * 2. A step of a process that ended never settles, except a write under way: that may still land once, late.
 * 3. Time passes only here: by the waits of steps that are picked.
 */

import type { Random } from "../city/random.js";
import { ENDINGS_MAX, type FaultRates, LOST_CHANGES_MAX, NO_FAULTS } from "./faults.js";
import { SimProcess, type Step, type StepKind } from "./sim-process.js";
import { Trace } from "./trace.js";

const START_MS = Date.UTC(2026, 5, 1);
const LATENCY_MS_MAX = 3;
const DELAY_MS = { min: 20, max: 400 } as const;
const PAUSE_MS = { min: 50, max: 1500 } as const;
/** Of the writes under way when a process ends, so many land later. */
const LANDS_LATE_SHARE = 0.6;

/** Steps that change what survives a process. */
const WRITES: ReadonlySet<StepKind> = new Set([
  "log.append",
  "state.write",
  "state.acquire",
  "sink.commit",
  "kv.write",
]);
const ACKNOWLEDGEMENTS: ReadonlySet<StepKind> = new Set([
  "log.acknowledge",
  "state.acknowledge",
  "sink.acknowledge",
  "kv.acknowledge",
]);
/** A commit of the consumers' database does not outlive its connection: it is rolled back. */
const ROLLED_BACK: ReadonlySet<StepKind> = new Set(["sink.commit"]);

export class Scheduler {
  nowMs = START_MS;
  /** Told how many changes the state store loses. */
  onFailover: ((changes: number) => void) | null = null;
  private rates: FaultRates = NO_FAULTS;
  private readonly steps = new Set<Step>();
  private readonly paused: SimProcess[] = [];
  private endings = 0;

  constructor(
    private readonly random: Random,
    readonly trace = new Trace(),
  ) {}

  /** Faults from now on. */
  begin(rates: FaultRates): void {
    this.rates = rates;
  }

  /** No faults any more; who stands still goes on. */
  calm(): void {
    this.rates = NO_FAULTS;
    for (const process of this.paused.splice(0)) this.wake(process);
  }

  get hasWritesUnderWay(): boolean {
    return [...this.steps].some(({ kind }) => WRITES.has(kind));
  }

  process(name: string): SimProcess {
    return new SimProcess(name, this);
  }

  add(step: Step): void {
    this.steps.add(step);
  }

  drop(step: Step): void {
    this.steps.delete(step);
  }

  /** When a step asked for now is ready. */
  readyAtMs(): number {
    const isDelayed = this.random.chance(this.rates.delay);
    return (
      this.nowMs +
      this.random.whole(0, LATENCY_MS_MAX) +
      (isDelayed ? this.random.whole(DELAY_MS.min, DELAY_MS.max) : 0)
    );
  }

  /** How many of the entries of an append land. */
  landing(count: number): number {
    if (count === 0 || !this.random.chance(this.rates.cut)) return count;
    const landing = this.random.whole(0, count - 1);
    this.trace.add(`cut ${landing}/${count}`);
    return landing;
  }

  /** Resolves when all promises that can settle without a step have. */
  idle(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve));
  }

  /** Lets one step go; after `idle`. @throws Error where nothing waits: the run stands still. */
  turn(): void {
    const step = this.pick();
    this.steps.delete(step);
    this.nowMs = Math.max(this.nowMs, step.readyAtMs);
    this.wakeDue();
    this.settle(step);
  }

  /** Ends a process; what it had under way lands late or never. */
  end(process: SimProcess): void {
    process.isEnded = true;
    this.trace.add(`${process.name} ended`);
    for (const step of [...this.steps]) {
      if (step.process !== process) continue;
      const landsLate =
        WRITES.has(step.kind) && !ROLLED_BACK.has(step.kind) && this.random.chance(LANDS_LATE_SHARE);
      if (landsLate) step.readyAtMs += this.random.whole(0, DELAY_MS.max);
      else this.steps.delete(step);
    }
    process.gone();
  }

  private pick(): Step {
    const runnable = [...this.steps].filter(({ process }) => !process.isPaused);
    if (runnable.length === 0) throw new Error("nothing waits: the run stands still");
    const due = runnable.filter(({ readyAtMs }) => readyAtMs <= this.nowMs);
    if (due.length > 0) return this.random.pick(due);
    return runnable.reduce((first, step) => (step.readyAtMs < first.readyAtMs ? step : first));
  }

  private settle(step: Step): void {
    const { process, kind } = step;
    if (kind.startsWith("state.")) this.perhapsFailOver();
    const line = `${this.nowMs - START_MS} ${process.name} ${kind}`;
    if (process.isEnded) {
      this.trace.add(`${line} lands late`);
      step.go();
      return;
    }
    const fault = process.isMortal ? this.faultAt(kind) : null;
    this.trace.add(fault === null ? line : `${line} ${fault}`);
    switch (fault) {
      case null:
        step.go();
        return;
      case "kill":
        this.endings++;
        this.steps.add(step);
        this.end(process);
        return;
      case "pause":
        this.endings++;
        this.steps.add(step);
        this.pause(process);
        return;
      case "fail":
      case "lose":
        step.fail();
    }
  }

  private perhapsFailOver(): void {
    const { failover } = this.rates;
    if (failover === 0 || !this.random.chance(failover)) return;
    const changes = this.random.whole(1, LOST_CHANGES_MAX);
    this.trace.add(`failover of the state store loses ${changes} changes`);
    this.onFailover?.(changes);
  }

  private faultAt(kind: StepKind): "kill" | "pause" | "fail" | "lose" | null {
    const { kill, pause, fail, lose } = this.rates;
    if (kind === "clock.sleep") return null;
    const mayEnd = this.endings < ENDINGS_MAX;
    if (mayEnd && this.random.chance(kill)) return "kill";
    if (mayEnd && this.random.chance(pause)) return "pause";
    if (ACKNOWLEDGEMENTS.has(kind)) return this.random.chance(lose) ? "lose" : null;
    return this.random.chance(fail) ? "fail" : null;
  }

  private pause(process: SimProcess): void {
    process.isPaused = true;
    process.pausedUntilMs = this.nowMs + this.random.whole(PAUSE_MS.min, PAUSE_MS.max);
    this.paused.push(process);
    process.gone();
  }

  private wakeDue(): void {
    for (const process of [...this.paused]) {
      if (process.pausedUntilMs > this.nowMs) continue;
      this.paused.splice(this.paused.indexOf(process), 1);
      this.wake(process);
    }
  }

  private wake(process: SimProcess): void {
    process.isPaused = false;
    this.trace.add(`${process.name} woke up`);
  }
}

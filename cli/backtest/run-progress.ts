/**
 * How far a run is, on standard error: a line that changes on a terminal, else a line for each finished task. And over the
 * channel to whoever started the process, where there is one.
 */

import type { RunMessage } from "./history-child.js";
import type { Task } from "./tasks.js";
import { nameOf } from "./tasks.js";

const REDRAW_MS = 250;

export class RunProgress {
  private step = "";
  private tasks = 0;
  private done = 0;
  private records = 0;
  private stepStartedMs = 0;
  private drawnMs = 0;
  private sentMs = 0;
  private readonly isTerminal = process.stderr.isTTY === true;

  constructor(private readonly isSilent: boolean) {}

  readonly onStep = (step: string, left: number): void => {
    this.clear();
    this.step = step;
    this.tasks = left;
    this.done = 0;
    this.records = 0;
    this.stepStartedMs = Date.now();
    this.send();
  };

  readonly onRecords = (count: number): void => {
    this.records += count;
    if (Date.now() - this.sentMs >= REDRAW_MS) this.send();
    if (!this.isTerminal || this.isSilent || Date.now() - this.drawnMs < REDRAW_MS) return;
    this.drawnMs = Date.now();
    process.stderr.write(`\r\u001b[K${this.text()}`);
  };

  readonly onDone = (task: Task): void => {
    this.done++;
    this.send();
    if (!this.isTerminal && !this.isSilent) process.stderr.write(`${this.text()} (${nameOf(task)})\n`);
  };

  readonly onRetry = (task: Task, how: string): void => {
    this.clear();
    process.stderr.write(`${nameOf(task)}: its process ended (${how}); begun anew\n`);
  };

  clear(): void {
    if (this.isTerminal && this.drawnMs > 0) process.stderr.write("\r\u001b[K");
  }

  private send(): void {
    if (process.send === undefined || !process.connected) return;
    this.sentMs = Date.now();
    const { step, done, tasks: total, records } = this;
    process.send({ type: "run-progress", step, done, total, records } satisfies RunMessage);
  }

  private text(): string {
    const seconds = (Date.now() - this.stepStartedMs) / 1000;
    const rate = seconds > 0 ? Math.round(this.records / seconds) : 0;
    return `${this.step}: ${this.done} of ${this.tasks} parts, ${this.records} records, ${rate}/s`;
  }
}

/**
 * Feeds the city's lines at an even pace while faults happen, in the background.
 *
 * Owns: what was sent, the pace. Does not own: sending again (feeder, raw sender), where the gateway is.
 *
 * 1. A person has one line outstanding: the next one is sent when it was acknowledged (feeder.ts).
 * 2. Lines of those who come shuffled are kept back until `sendShuffled`.
 */

import { setTimeout as wait } from "node:timers/promises";
import type { Random } from "../../bench/city/random.js";
import { Feeder, type Refusal, type Sender } from "../../bench/load/feeder.js";
import type { CityFeedLine } from "./city-lines.js";
import type { RawSender } from "./raw-sender.js";
import { until } from "./until.js";

const TICK_MS = 20;
const LANES = 16;
/** Small requests: many are under way, and a fault finds them in different states. */
const LINES_MAX = 8;
/** Several starts of servers and processes. */
const PATIENCE_MS = 180_000;

export interface CityLoadOptions {
  readonly lines: readonly CityFeedLine[];
  readonly linesPerSecond: number;
  readonly gateway: Sender;
  readonly raw: RawSender;
}

export class CityLoad {
  readonly refused: Refusal[] = [];
  readonly sent: CityFeedLine[] = [];
  private readonly feeder: Feeder;
  private readonly keptBack: CityFeedLine[] = [];
  private next = 0;
  private running: { readonly stop: AbortController; readonly ended: Promise<void> } | null = null;

  constructor(private readonly options: CityLoadOptions) {
    this.feeder = new Feeder({
      client: options.gateway,
      lanes: LANES,
      linesMax: LINES_MAX,
      patienceMs: PATIENCE_MS,
      onRefused: (refusal) => this.refused.push(refusal),
    });
  }

  /** Lines acknowledged over HTTP. */
  get acknowledged(): number {
    return this.feeder.acknowledged;
  }

  get resent(): number {
    return this.feeder.resent;
  }

  get isOver(): boolean {
    return this.next >= this.options.lines.length;
  }

  /** Goes on where it was stopped; nothing where it runs. */
  start(): void {
    if (this.running !== null) return;
    const stop = new AbortController();
    const ended = this.run(stop.signal);
    ended.catch(() => {}); // `stop` is told
    this.running = { stop, ended };
  }

  /** Resolves when so many more lines were acknowledged. */
  async progress(lines: number): Promise<void> {
    const from = this.acknowledged;
    await until(`${lines} more lines are acknowledged`, () => {
      if (this.acknowledged >= from + lines) return true;
      if (this.isOver) throw new Error("the city has no more lines: a fault would meet no load");
      return false;
    });
  }

  /** Resolves when everything that was sent is acknowledged. */
  async stop(): Promise<void> {
    const running = this.running;
    this.running = null;
    running?.stop.abort();
    await running?.ended;
    await this.feeder.drain();
    await this.options.raw.drain();
  }

  /** What was kept back goes in any order, some of it several times. @returns how many messages. */
  sendShuffled(random: Random): number {
    const messages = this.keptBack
      .splice(0)
      .flatMap((line) => Array.from({ length: random.pick([1, 1, 2, 3]) }, () => line));
    for (const line of random.shuffled(messages)) {
      this.options.raw.push(line);
      this.sent.push(line);
    }
    return messages.length;
  }

  private async run(signal: AbortSignal): Promise<void> {
    const { lines, linesPerSecond } = this.options;
    const [startedAt, first] = [performance.now(), this.next];
    while (!signal.aborted && !this.isOver) {
      const due = first + Math.ceil(((performance.now() - startedAt) / 1000) * linesPerSecond);
      while (this.next < Math.min(due, lines.length) && !signal.aborted) await this.send(lines[this.next++]!);
      await wait(TICK_MS);
    }
  }

  /** A line that is not the city's. */
  async send(line: CityFeedLine): Promise<void> {
    if (line.way === "shuffled") {
      this.keptBack.push(line);
      return;
    }
    this.sent.push(line);
    if (line.way === "raw") this.options.raw.push(line);
    else await this.feeder.push(line);
  }
}

/**
 * Sends messages when they are due, whatever became of those before.
 *
 * Owns: what is due and waits for its partition. Does not own: the producer, the messages.
 *
 * 1. A message that is due is handed over at once, or waits only for the append before it in its partition; those that
 *    wait go together.
 */

import type { LogEntry, LogProducer } from "../../platform/event-log/event-log.js";
import { LatencyHistogram } from "../pipeline/latency-histogram.js";
import type { Sent } from "./load.js";
import { machineMs } from "./load.js";
import type { StreamMessage } from "./swipe-stream.js";

const TICK_MS = 1;
const NO_HEADER = new Uint8Array();

interface Lane {
  waiting: LogEntry[];
  /** The sending that is under way; null while there is none. */
  sending: Promise<void> | null;
}

export class DueSender {
  private readonly lanes: readonly Lane[];
  private readonly delay = new LatencyHistogram();
  private failure: unknown = null;
  private next = 0;

  constructor(
    private readonly producer: LogProducer,
    partitions: number,
    private readonly messages: readonly StreamMessage[],
    private readonly dueMs: Float64Array,
  ) {
    this.lanes = Array.from({ length: partitions }, () => ({ waiting: [], sending: null }));
  }

  /** Until all are acknowledged. @throws EventLogError of the first append that failed. */
  async run(startMs: number): Promise<Sent> {
    await new Promise<void>((resolve) => {
      const tick = () => {
        this.sendDue(machineMs() - startMs);
        if (this.next >= this.dueMs.length || this.failure !== null) resolve();
        else setTimeout(tick, TICK_MS);
      };
      tick();
    });
    await Promise.all(this.lanes.map(({ sending }) => sending));
    if (this.failure !== null) throw this.failure;
    return { count: this.next, delay: this.delay.quantiles() };
  }

  private sendDue(nowMs: number): void {
    for (; this.next < this.dueMs.length && this.dueMs[this.next]! <= nowMs; this.next++) {
      const { key, value, partition } = this.messages[this.next]!;
      this.lanes[partition]!.waiting.push({ key, value, header: NO_HEADER });
      this.delay.record(nowMs - this.dueMs[this.next]!);
    }
    for (const [partition, lane] of this.lanes.entries())
      if (lane.waiting.length > 0 && lane.sending === null) lane.sending = this.send(partition, lane);
  }

  private async send(partition: number, lane: Lane): Promise<void> {
    try {
      while (lane.waiting.length > 0) {
        const entries = lane.waiting;
        lane.waiting = [];
        await this.producer.append(partition, entries);
      }
    } catch (error) {
      this.failure ??= error;
    }
    lane.sending = null;
  }
}

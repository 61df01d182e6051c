/**
 * Batches on their way to one node.
 *
 * Owns: which batches go together. Does not own: sending again, sequences, who leads a partition.
 *
 * 1. One request under way: what arrives meanwhile, of all partitions and topics, shares the next one.
 * 2. Every batch has its own fate: the answer for its partition, or a failure where the answer names it not.
 * 3. A request holds at most one batch of a partition.
 * 4. A batch that waited longer than a request may be under way is not sent: the process stood still.
 */

import type { KafkaCluster } from "./kafka-cluster.js";
import { KafkaWireError } from "./kafka-errors.js";
import {
  type ProduceAnswer,
  type ProduceBatch,
  type ProduceTimes,
  produceRequest,
} from "./produce-request.js";

/** Eight full batches; a server takes 100 MiB (socket.request.max.bytes), but all of it in memory at once. */
const REQUEST_BYTES_MAX = 8 * 1024 * 1024;

/** The request before ends by its time-out, which is told a little later. */
const LATE_SLACK_MS = 1_000;

interface Waiting {
  readonly batch: ProduceBatch;
  readonly sinceMs: number;
  readonly resolve: (answer: ProduceAnswer) => void;
  readonly reject: (error: unknown) => void;
}

export class ProduceQueue {
  private waiting: Waiting[] = [];
  private isSending = false;
  private request: Promise<void> | null = null;

  constructor(
    private readonly cluster: Pick<KafkaCluster, "send">,
    private readonly nodeId: number,
    private readonly times: ProduceTimes,
  ) {}

  /** Resolves when the request that is under way is answered, or has failed; null where there is none. */
  get underWay(): Promise<void> | null {
    return this.request;
  }

  /** One try. @throws KafkaWireError: the batch may be in the log, unless the node was unreachable. */
  send(batch: ProduceBatch): Promise<ProduceAnswer> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ batch, sinceMs: performance.now(), resolve, reject });
      if (!this.isSending) this.beginSending();
    });
  }

  private beginSending(): void {
    this.isSending = true;
    // Behind the appends of the same turn of the event loop: twelve partitions cost one request.
    setImmediate(() => void this.sendAll());
  }

  private async sendAll(): Promise<void> {
    while (this.waiting.length > 0) {
      this.refuseLate();
      if (this.waiting.length > 0) {
        this.request = this.sendTogether(this.takeTogether());
        await this.request;
        this.request = null;
      }
    }
    this.isSending = false;
  }

  private refuseLate(): void {
    const latestMs = performance.now() - this.times.answerMs - LATE_SLACK_MS;
    // In the order they came.
    if (this.waiting[0]!.sinceMs >= latestMs) return;
    const late = this.waiting.filter(({ sinceMs }) => sinceMs < latestMs);
    this.waiting = this.waiting.filter(({ sinceMs }) => sinceMs >= latestMs);
    for (const { batch, reject } of late) {
      const text = `${placeOf(batch)} waited more than ${this.times.answerMs} ms for its turn and was not sent`;
      reject(new KafkaWireError("timeout", text, { retryable: true }));
    }
  }

  private takeTogether(): readonly Waiting[] {
    const together: Waiting[] = [];
    const left: Waiting[] = [];
    let bytes = 0;
    for (const one of this.waiting) {
      const { batch } = one;
      const isTooMuch = bytes > 0 && bytes + batch.bytes.length > REQUEST_BYTES_MAX;
      if (isTooMuch || together.some((other) => isSamePlace(other.batch, batch))) left.push(one);
      else {
        together.push(one);
        bytes += batch.bytes.length;
      }
    }
    this.waiting = left;
    return together;
  }

  private async sendTogether(together: readonly Waiting[]): Promise<void> {
    try {
      const batches = together.map(({ batch }) => batch);
      const answers = await this.cluster.send(this.nodeId, produceRequest(batches, this.times));
      for (const [index, one] of together.entries())
        settle(one, answerTo(one.batch, answers, index), this.nodeId);
    } catch (error) {
      for (const { reject } of together) reject(error);
    }
  }
}

/** Nodes mostly answer in the order of the request. */
function answerTo(
  batch: ProduceBatch,
  answers: readonly ProduceAnswer[],
  index: number,
): ProduceAnswer | undefined {
  const inOrder = answers[index];
  if (inOrder !== undefined && isSamePlace(inOrder, batch)) return inOrder;
  return answers.find((answer) => isSamePlace(answer, batch));
}

function settle(
  { batch, resolve, reject }: Waiting,
  answer: ProduceAnswer | undefined,
  nodeId: number,
): void {
  if (answer !== undefined) {
    resolve(answer);
    return;
  }
  const text = `node ${nodeId} answered a produce request without ${placeOf(batch)}, which was in it`;
  reject(new KafkaWireError("protocol", text, { retryable: true }));
}

type Place = Pick<ProduceBatch, "topic" | "partition">;

function isSamePlace(one: Place, other: Place): boolean {
  return one.partition === other.partition && one.topic === other.topic;
}

function placeOf({ topic, partition }: Place): string {
  return `${topic}/${partition}`;
}

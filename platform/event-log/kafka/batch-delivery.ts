/**
 * Brings an encoded batch into the log: to the partition's leader, again and again, until a server says how it ended.
 *
 * Owns: tries, pauses between them, the deadline. Does not own: sequences, what a failure means for later batches
 * (`KafkaProducer`). One for all producers of a process, so that their batches share requests.
 *
 * 1. Every try sends the same bytes, hence the same sequence: the log keeps one of them.
 * 2. Only an answer that names this partition without an error is success.
 * 3. No try begins after the deadline, or leaves later than an answer may take: a process that wakes up after a long
 *    pause sends nothing that was given to it before (but what its sockets hold).
 * 4. A batch that the server has and does not say where is looked for in the log (find-batch.ts).
 * 5. After a failure the batch may be in the log, or may still get there with a delayed try.
 */

import type { Clock } from "../../clock/clock.js";
import { EventLogError } from "../event-log.js";
import { findBatch } from "./find-batch.js";
import type { KafkaCluster } from "./kafka-cluster.js";
import { eventLogErrorOfWire, KafkaWireError } from "./kafka-errors.js";
import { ProduceQueue } from "./produce-queue.js";
import type { ProduceBatch, ProduceTimes } from "./produce-request.js";
import { type ProduceVerdict, verdictOf } from "./produce-verdict.js";

/** A new leader is elected in seconds: trying faster finds nothing new, slower lets appends wait for nothing. */
const PAUSE_FIRST_MS = 50;
const PAUSE_MAX_MS = 500;
/** An election, or the restart of a server, with room to spare. */
export const DELIVERY_DEADLINE_DEFAULT_MS = 30_000;
/** As long as a request of the cluster; the server is asked to tell before that what it waits for. */
export const PRODUCE_TIMES_DEFAULT: ProduceTimes = { acknowledgeMs: 8_000, answerMs: 10_000 };

export interface DeliveryOptions {
  readonly cluster: Pick<KafkaCluster, "leaderOf" | "refresh" | "send">;
  readonly clock: Clock;
  /** From the first try on; none begins later, one under way at that moment is waited for. */
  readonly deadlineMs?: number | undefined;
  readonly times?: ProduceTimes | undefined;
  /** Called for each try that has to be made again, for metrics. */
  readonly onAgain?: ((error: EventLogError) => void) | undefined;
}

export interface Delivered {
  readonly baseOffset: number;
  /** -1 where the topic keeps the producer's time. */
  readonly appendedAtMs: number;
}

type Settled = Exclude<ProduceVerdict, { readonly kind: "placed" }>;

export class BatchDelivery {
  private readonly queues = new Map<number, ProduceQueue>();

  constructor(private readonly options: DeliveryOptions) {}

  /** Resolves when the requests that are under way are answered, or have failed; null where there are none. */
  underWay(): Promise<unknown> | null {
    const requests = [...this.queues.values()].flatMap(({ underWay }) =>
      underWay === null ? [] : [underWay],
    );
    return requests.length > 1 ? Promise.all(requests) : (requests[0] ?? null);
  }

  /** @param knownOffset the batch cannot come to lie before it. @throws EventLogError. */
  async deliver(batch: ProduceBatch, knownOffset = 0): Promise<Delivered> {
    const { deadlineMs = DELIVERY_DEADLINE_DEFAULT_MS, onAgain } = this.options;
    const deadlineAt = performance.now() + deadlineMs;
    for (let tries = 1; ; tries++) {
      const verdict = await this.try(batch, knownOffset);
      if (verdict.kind === "delivered") return verdict;
      if (verdict.kind === "failed") throw verdict.error;
      if (performance.now() >= deadlineAt) throw outOfTime(verdict.error, tries, deadlineMs);
      onAgain?.(verdict.error);
      await this.pause(tries);
      // The process may have stood still: what comes so late could land behind what others have written since.
      if (performance.now() >= deadlineAt) throw outOfTime(verdict.error, tries, deadlineMs);
      if (verdict.isStale) await this.lookUpLeader(batch.topic);
    }
  }

  private async try(batch: ProduceBatch, knownOffset: number): Promise<Settled> {
    const doing = `append to ${batch.topic}/${batch.partition}`;
    const { cluster } = this.options;
    try {
      const leader = cluster.leaderOf(batch.topic, batch.partition);
      const nodeId = typeof leader === "number" ? leader : await leader;
      const verdict = verdictOf(await this.queueOf(nodeId).send(batch), doing);
      if (verdict.kind !== "placed") return verdict;
      const found = await findBatch(cluster, batch, knownOffset);
      // A failure would make the caller send it again, and then it would be there twice.
      if (found !== null) return { kind: "delivered", ...found };
      return { kind: "again", error: verdict.error, isStale: false };
    } catch (error) {
      return verdictOfThrown(error, doing);
    }
  }

  private pause(tries: number): Promise<void> {
    return this.options.clock.sleep(Math.min(PAUSE_MAX_MS, PAUSE_FIRST_MS * 2 ** (tries - 1)));
  }

  private async lookUpLeader(topic: string): Promise<void> {
    try {
      await this.options.cluster.refresh([topic]);
    } catch (error) {
      // Nobody answers: the next try fails too, and counts.
      if (!(error instanceof EventLogError || error instanceof KafkaWireError)) throw error;
    }
  }

  private queueOf(nodeId: number): ProduceQueue {
    const known = this.queues.get(nodeId);
    if (known !== undefined) return known;
    const queue = new ProduceQueue(this.options.cluster, nodeId, this.options.times ?? PRODUCE_TIMES_DEFAULT);
    this.queues.set(nodeId, queue);
    return queue;
  }
}

function verdictOfThrown(thrown: unknown, doing: string): Settled {
  if (!(thrown instanceof KafkaWireError || thrown instanceof EventLogError)) throw thrown;
  const error = thrown instanceof KafkaWireError ? eventLogErrorOfWire(thrown, doing) : thrown;
  // A node that has just started does not know the topic yet.
  if (!thrown.retryable && error.code !== "TOPIC_UNKNOWN") return { kind: "failed", error };
  // A connection that was closed may be had again at once; where the node is down, connecting fails and tells.
  const isStale = !(thrown instanceof KafkaWireError && thrown.kind === "closed");
  return { kind: "again", error, isStale };
}

function outOfTime(last: EventLogError, tries: number, deadlineMs: number): EventLogError {
  return new EventLogError(
    last.code,
    `${last.message} (${tries} tries in ${deadlineMs} ms). The entries may be in the log or get there yet; send them again`,
    { retryable: true, cause: last },
  );
}

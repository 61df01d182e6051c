/**
 * The event log on Kafka (platform/event-log/event-log.ts has the contract). What only Kafka has to be told in
 * advance (replicas, retention, LogAppendTime) is a topic's, made by `topics create`, not here.
 *
 * Owns: the producers and readers it gave, what they share (deliveries, fetches), closing them.
 * Does not own: the cluster's connections, unless it opened them itself.
 *
 * 1. One producer of a topic in this process, as the port says. Other processes may append too: the log keeps all, and
 *    who must be alone is fenced elsewhere.
 * 2. An acknowledged append is on all replicas in sync: `flush` has nothing to do.
 */

import type { Clock } from "../../clock/clock.js";
import type { Logger } from "../../logger/logger.js";
import type { Metrics } from "../../metrics/metrics.js";
import { noMetrics } from "../../metrics/metrics.js";
import {
  type EventLog,
  EventLogError,
  type LoggedRecord,
  type LogProducer,
  type LogReader,
  type TopicBounds,
} from "../event-log.js";
import { BatchDelivery } from "./batch-delivery.js";
import { loadCompression } from "./compression.js";
import { deleteRecords } from "./delete-records.js";
import type { FetchPace } from "./fetch-lane.js";
import { Fetcher } from "./fetcher.js";
import { KafkaCluster } from "./kafka-cluster.js";
import type { KafkaCompression, KafkaOptions } from "./kafka-options.js";
import { KafkaProducer } from "./kafka-producer.js";
import { KafkaReader } from "./kafka-reader.js";
import { boundsOf, offsetOf, tailOf } from "./partition-tail.js";
import { newProducerId } from "./producer-id.js";

export interface KafkaEventLogOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics?: Metrics;
  readonly compression?: KafkaCompression;
  /** How long an append is tried; without it that of the delivery. */
  readonly deliveryDeadlineMs?: number;
  /** Reads are refused (UNREACHABLE, retryable) after so long without an answer. */
  readonly outageMsMax?: number;
  /**
   * Between two requests to a node whose answers bring little: a record waits half of it on average, and each request costs
   * some 0.2 ms of processor time here and there. A few milliseconds unless given; less for who somebody waits for.
   */
  readonly fetchPace?: FetchPace;
}

/** Longer than the restart of a server; shorter than what an operator would take for a hung process. */
const OUTAGE_DEFAULT_MS = 60_000;

/** Opens connections of its own and closes them. @throws EventLogError UNREACHABLE, NOT_AUTHORIZED. */
export async function openKafkaEventLog(options: KafkaOptions & KafkaEventLogOptions): Promise<EventLog> {
  const cluster = await KafkaCluster.open(options);
  return new KafkaEventLog(cluster, options, () => cluster.close());
}

/** Over connections that are shared, with groups for instance, and stay open. */
export function kafkaEventLog(cluster: KafkaCluster, options: KafkaEventLogOptions): EventLog {
  return new KafkaEventLog(cluster, options, async () => {});
}

class KafkaEventLog implements EventLog {
  private readonly opened = new Set<LogProducer | LogReader>();
  private readonly producing = new Set<string>();
  private readonly fetcher: Fetcher;
  private readonly delivery: BatchDelivery;
  private closing: Promise<void> | null = null;

  constructor(
    private readonly cluster: KafkaCluster,
    private readonly options: KafkaEventLogOptions,
    private readonly closeCluster: () => Promise<void>,
  ) {
    const {
      clock,
      logger,
      metrics = noMetrics,
      deliveryDeadlineMs,
      outageMsMax = OUTAGE_DEFAULT_MS,
    } = options;
    this.fetcher = new Fetcher({
      cluster,
      logger,
      outageMsMax,
      appendsUnderWay: () => this.delivery.underWay(),
      ...(options.fetchPace === undefined ? {} : { pace: options.fetchPace }),
    });
    const again = metrics.counter({
      name: "kadun_event_log_append_retries_total",
      help: "Batches sent to the log again because the try before failed",
    });
    this.delivery = new BatchDelivery({
      cluster,
      clock,
      deadlineMs: deliveryDeadlineMs,
      onAgain: () => again.add(1),
    });
  }

  async partitionCount(topic: string): Promise<number> {
    this.mustBeOpen();
    return this.cluster.partitionCount(topic);
  }

  async producer(topic: string): Promise<LogProducer> {
    this.mustBeOpen();
    if (this.producing.has(topic))
      throw new EventLogError("LOCKED", `topic ${topic} has a producer; share it, or close it first`);
    this.producing.add(topic);
    try {
      return await this.openProducer(topic);
    } catch (error) {
      this.producing.delete(topic);
      throw error;
    }
  }

  async reader(topic: string, partition: number, fromOffset: number): Promise<LogReader> {
    await this.checkPartition(topic, partition);
    const feed = this.fetcher.open(topic, partition, fromOffset);
    const reader: KafkaReader = new KafkaReader(feed, fromOffset, () => this.opened.delete(reader));
    this.opened.add(reader);
    return reader;
  }

  async bounds(topic: string, partition: number): Promise<TopicBounds> {
    await this.checkPartition(topic, partition);
    return boundsOf(this.cluster, topic, partition);
  }

  async tail(topic: string, partition: number): Promise<LoggedRecord | null> {
    await this.checkPartition(topic, partition);
    return tailOf(this.cluster, topic, partition);
  }

  async trim(topic: string, partition: number, start: number): Promise<void> {
    const bounds = await this.bounds(topic, partition);
    if (!Number.isInteger(start) || start > bounds.end)
      throw new EventLogError(
        "OFFSET_OUT_OF_RANGE",
        `${topic}/${partition}: offset ${start} is not between ${bounds.start} and ${bounds.end}; nothing was forgotten`,
      );
    if (start > bounds.start) await deleteRecords(this.cluster, { topic, partition, start });
  }

  async close(): Promise<void> {
    this.closing ??= this.closeOpened();
    await this.closing;
  }

  private async openProducer(topic: string): Promise<LogProducer> {
    const { cluster, delivery } = this;
    const { clock, compression = "none" } = this.options;
    const partitionCount = await cluster.partitionCount(topic);
    await loadCompression(compression);
    const producer: KafkaProducer = await KafkaProducer.open({
      topic,
      partitionCount,
      delivery,
      newProducerId: () => newProducerId(cluster, clock),
      endOf: (partition) => offsetOf(cluster, topic, partition, "end"),
      compression,
      clock,
      onClose: () => {
        this.producing.delete(topic);
        this.opened.delete(producer);
      },
    });
    this.mustBeOpen();
    this.opened.add(producer);
    return producer;
  }

  private async closeOpened(): Promise<void> {
    await Promise.all([...this.opened].map((each) => each.close()));
    this.fetcher.close();
    await this.closeCluster();
  }

  private async checkPartition(topic: string, partition: number): Promise<void> {
    this.mustBeOpen();
    const partitions = await this.cluster.partitionCount(topic);
    this.mustBeOpen();
    if (Number.isInteger(partition) && partition >= 0 && partition < partitions) return;
    const message = `${topic}/${partition}: the topic has partitions 0 to ${partitions - 1}`;
    throw new EventLogError("TOPIC_UNKNOWN", message);
  }

  private mustBeOpen(): void {
    if (this.closing !== null) throw new EventLogError("CLOSED", "the event log is closed");
  }
}

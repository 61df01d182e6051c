/**
 * Fetches for all readers of this process.
 *
 * Owns: the feeds of open readers, which node each is fetched from, trying again.
 * Does not own: the connections and the picture of the cluster (cluster).
 *
 * 1. A feed is at one node at most. Where that does not answer or leads no longer, the feed looks for its leader anew,
 *    for as long as its reader lives.
 * 2. Nothing waits for a request under way when a feed is closed: its answer comes to nobody.
 */

import { setMaxListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "../../logger/logger.js";
import { EventLogError } from "../event-log.js";
import type { AppendsUnderWay, FetchPace } from "./fetch-lane.js";
import type { KafkaCluster } from "./kafka-cluster.js";
import { eventLogErrorOfWire, KafkaWireError } from "./kafka-errors.js";
import { NodeFetcher } from "./node-fetcher.js";
import { PartitionFeed } from "./partition-feed.js";

/** A change of leader takes some hundred milliseconds, the restart of a server seconds. */
const RETRY_FIRST_MS = 50;
const RETRY_MAX_MS = 1000;
/** A record waits half of it on average; 250 requests a second take about 4 % of a core here, and more at the server. */
const PACE: FetchPace = { leastMs: 4, mostMs: 4 };

export interface FetcherOptions {
  readonly cluster: Pick<KafkaCluster, "leaderOf" | "refresh" | "send">;
  readonly logger: Logger;
  /** Reads are refused (UNREACHABLE, retryable) after so long without an answer. */
  readonly outageMsMax: number;
  /** Between two requests to a node; PACE without it. */
  readonly pace?: FetchPace;
  /** Of this process, to any node; null for none. */
  readonly appendsUnderWay?: AppendsUnderWay;
}

export class Fetcher {
  private readonly nodes = new Map<number, NodeFetcher>();
  private readonly homes = new Map<PartitionFeed, NodeFetcher | null>();
  private readonly closing = new AbortController();

  constructor(private readonly options: FetcherOptions) {
    // In an outage every feed pauses on it.
    setMaxListeners(Number.POSITIVE_INFINITY, this.closing.signal);
  }

  open(topic: string, partition: number, fromOffset: number): PartitionFeed {
    const feed: PartitionFeed = new PartitionFeed({
      topic,
      partition,
      fromOffset,
      outageMsMax: this.options.outageMsMax,
      now: () => performance.now(),
      onWanting: () => this.homes.get(feed)?.want(feed),
      onClosed: () => this.forget(feed),
    });
    this.homes.set(feed, null);
    void this.place(feed);
    return feed;
  }

  /** Ends the pauses of feeds that look for their leader; the feeds are closed by their readers. */
  close(): void {
    this.closing.abort();
  }

  private forget(feed: PartitionFeed): void {
    this.homes.get(feed)?.remove(feed);
    this.homes.delete(feed);
  }

  private async place(feed: PartitionFeed): Promise<void> {
    while (this.homes.has(feed)) {
      try {
        const nodeId = await this.options.cluster.leaderOf(feed.topic, feed.partition);
        return this.settle(feed, nodeId);
      } catch (error) {
        this.note(feed, error);
        await this.pause(feed);
      }
    }
  }

  private settle(feed: PartitionFeed, nodeId: number): void {
    if (!this.homes.has(feed)) return;
    const node = this.nodeOf(nodeId);
    this.homes.set(feed, node);
    node.add(feed);
  }

  private nodeOf(nodeId: number): NodeFetcher {
    const known = this.nodes.get(nodeId);
    if (known !== undefined) return known;
    const node: NodeFetcher = new NodeFetcher({
      send: (request) => this.options.cluster.send(nodeId, request),
      onLost: (feed, error) => void this.replace(feed, node, error),
      pace: this.options.pace ?? PACE,
      appendsUnderWay: this.options.appendsUnderWay ?? (() => null),
    });
    this.nodes.set(nodeId, node);
    return node;
  }

  /** Both lanes of a node may lose a feed: the first counts. */
  private async replace(feed: PartitionFeed, from: NodeFetcher, error: unknown): Promise<void> {
    if (this.homes.get(feed) !== from) return;
    this.homes.set(feed, null);
    from.remove(feed);
    this.note(feed, error);
    await this.pause(feed);
    await this.options.cluster.refresh([feed.topic]).catch((refused) => this.note(feed, refused));
    await this.place(feed);
  }

  private note(feed: PartitionFeed, error: unknown): void {
    const failure = error instanceof KafkaWireError ? eventLogErrorOfWire(error, `read ${feed.key}`) : error;
    feed.failures++;
    const { topic, partition } = feed;
    if (feed.failures === 1)
      this.options.logger.warn("event-log.fetch-failed", { topic, partition, error: failure });
    if (isForGood(failure)) feed.halt(failure);
    else feed.onOutage(failure);
  }

  private async pause(feed: PartitionFeed): Promise<void> {
    const ms = Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** (feed.failures - 1));
    await sleep(ms, undefined, { signal: this.closing.signal }).catch(() => {});
  }
}

/** A topic that is unknown may be one that the server has not heard of yet, after its start. */
function isForGood(error: unknown): boolean {
  return error instanceof EventLogError && !error.retryable && error.code !== "TOPIC_UNKNOWN";
}

/**
 * One fetch after another to one node, for all feeds that are chosen at the time.
 *
 * Owns: the request under way, the pause between requests.
 * Does not own: which feeds (node fetcher), what becomes of those that were refused (fetcher).
 *
 * 1. One request under way.
 * 2. After an answer of few bytes the next request waits until a few milliseconds (`pace`) have passed since the last: at
 *    a steady stream a request brings what came in that time, not one record each.
 * 3. It is not sent before what such an answer led to in its turn of the event loop: whoever waits for an append waits
 *    for no request that will only bring what comes next.
 * 4. Where the pace says so, and an answer brought several records, it waits until those appends are answered too, a few
 *    milliseconds at most: what came meanwhile could not be appended before, and comes together. The busier the server, the
 *    fewer requests it gets.
 */

import { EventLogError } from "../event-log.js";
import { type FetchAnswer, type FetchedPartition, fetchRequest } from "./fetch-request.js";
import { eventLogErrorOfCode } from "./kafka-errors.js";
import type { PartitionFeed } from "./partition-feed.js";
import type { Lane, WireRequest } from "./wire-request.js";

/** Two or three swipes. */
const PACE_BYTES_A_MS = 1024;
/** An answer above it is a reader catching up: no pause. */
const BUSY_BYTES = 64 << 10;
/** Two swipes of a journal: with fewer there is nothing to bring together, and the next would wait for nothing. */
const SEVERAL_BYTES = 2 << 10;
/** An append to replicas takes milliseconds; one that takes longer may be one that fails. */
const APPENDS_WAIT_MS_MAX = 5;
/** An answer is held in memory until it is shared out: 8 MiB for each of two lanes and a node. */
const ANSWER_BYTES_MAX = 8 << 20;
/** The largest batch a topic takes (1 MiB) and its overhead fit. */
const PARTITION_BYTES_MAX = (1 << 20) + (1 << 16);
/** Above it the next batch, of 1 MiB at most, may have found no room. */
const FULL_BYTES = ANSWER_BYTES_MAX / 2;
const OFFSET_OUT_OF_RANGE = 1;
const TOPIC_AUTHORIZATION_FAILED = 29;

export interface FetchTurn {
  readonly feeds: readonly PartitionFeed[];
  readonly waitMs: number;
}

export interface FetchLaneOptions {
  readonly lane: Lane;
  readonly send: (request: WireRequest<FetchAnswer>) => Promise<FetchAnswer>;
  /** No feeds: the lane rests until it is woken. */
  readonly choose: () => FetchTurn;
  /** Has got records: others are to be served before it the next time. */
  readonly onServed: (feed: PartitionFeed) => void;
  /** The node did not answer, or does not lead the partition. */
  readonly onLost: (feed: PartitionFeed, error: unknown) => void;
  readonly onSent?: () => void;
  readonly pace: FetchPace;
  readonly appendsUnderWay: AppendsUnderWay;
}

/** Resolves when the requests that are under way now are answered; null for none. */
export type AppendsUnderWay = () => Promise<unknown> | null;

/** Milliseconds between two requests whose answers bring little: the least, and the most, where more comes. */
export interface FetchPace {
  readonly leastMs: number;
  readonly mostMs: number;
  /** Do answers lead to appends? Then the next request waits for theirs where several records came. False without it. */
  readonly afterAppends?: boolean;
}

interface Spot {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly feeds: PartitionFeed[];
  /** Those of `feeds` that want an answer now; null for none. */
  asked: PartitionFeed[] | null;
}

export class FetchLane {
  /** Made anew for each request: a map that is cleared or shrinks has its old tables hold the new ones, for the collector. */
  private underWay: ReadonlyMap<string, Spot> = NOTHING;
  private isRunning = false;
  private resume: (() => void) | null = null;

  constructor(private readonly options: FetchLaneOptions) {}

  get isFetching(): boolean {
    return this.underWay.size > 0;
  }

  /** Whether the request under way would bring what the feed needs next. */
  covers(feed: PartitionFeed): boolean {
    return this.underWay.get(feed.key)?.offset === feed.queue.fetchOffset;
  }

  wake(): void {
    if (this.isRunning) return;
    this.isRunning = true;
    // What happens in the same turn of the event loop shares the request.
    setImmediate(() => void this.run());
  }

  /** Without the rest of a pause. */
  hurry(): void {
    this.wake();
    this.resume?.();
  }

  private async run(): Promise<void> {
    for (;;) {
      const turn = this.options.choose();
      if (turn.feeds.length === 0) break;
      const sentAtMs = performance.now();
      const bytes = await this.fetch(turn, sentAtMs);
      if (bytes < BUSY_BYTES) await this.pause(sentAtMs + this.paceMs(bytes) - performance.now());
      if (bytes > 0 && bytes < BUSY_BYTES) await this.behindAppends(bytes);
    }
    this.isRunning = false;
  }

  /** A request costs the server and all who wait for processors the same, whatever it brings: with more to come it waits. */
  private paceMs(bytes: number): number {
    const { leastMs, mostMs } = this.options.pace;
    return Math.min(mostMs, Math.max(leastMs, bytes / PACE_BYTES_A_MS));
  }

  /** @returns how many bytes of records came. */
  private async fetch({ feeds, waitMs }: FetchTurn, sentAtMs: number): Promise<number> {
    const underWay = spotsOf(feeds);
    const spots = [...underWay.values()];
    this.underWay = underWay;
    const limits = { partitionBytesMax: PARTITION_BYTES_MAX, bytesMax: ANSWER_BYTES_MAX };
    try {
      const sending = this.options.send(fetchRequest({ lane: this.options.lane, waitMs, spots, ...limits }));
      this.options.onSent?.();
      const answer = await sending;
      this.underWay = NOTHING;
      return this.share(answer, spots, sentAtMs);
    } catch (error) {
      this.underWay = NOTHING;
      for (const feed of spots.flatMap((spot) => spot.feeds)) this.options.onLost(feed, error);
      return 0;
    }
  }

  private share(answer: FetchAnswer, spots: readonly Spot[], sentAtMs: number): number {
    if (answer.errorCode !== 0) throw eventLogErrorOfCode(answer.errorCode, "fetch records");
    const bytes = answer.partitions.reduce((sum, { records }) => sum + records.length, 0);
    const fetch = { sentAtMs, isFull: bytes >= FULL_BYTES };
    for (const [index, spot] of spots.entries()) {
      const fetched = fetchedOf(spot, answer.partitions, index);
      if (fetched !== undefined) this.deliver(fetched, spot, fetch);
      else for (const feed of spot.feeds) this.options.onLost(feed, leftOut(feed));
    }
    return bytes;
  }

  private deliver(
    fetched: FetchedPartition,
    { offset, feeds, asked }: Spot,
    { sentAtMs, isFull }: { readonly sentAtMs: number; readonly isFull: boolean },
  ): void {
    const { errorCode, records, highWatermark } = fetched;
    const isWholeAnswer = records.length > 0 || offset >= highWatermark || !isFull;
    for (const feed of feeds)
      if (errorCode !== 0) this.refuse(feed, errorCode, sentAtMs);
      else if (feed.onAnswer({ records, offset, wasAsked: asked?.includes(feed) === true, isWholeAnswer }))
        this.options.onServed(feed);
  }

  private refuse(feed: PartitionFeed, errorCode: number, sentAtMs: number): void {
    const doing = `read ${feed.key} at offset ${feed.queue.fetchOffset}`;
    const error = eventLogErrorOfCode(errorCode, doing);
    if (errorCode === OFFSET_OUT_OF_RANGE) feed.onRefused(error, sentAtMs);
    else if (errorCode === TOPIC_AUTHORIZATION_FAILED) feed.halt(error);
    else this.options.onLost(feed, error);
  }

  private async behindAppends(bytes: number): Promise<void> {
    await appendsSent();
    const isAwaited = this.options.pace.afterAppends === true && bytes >= SEVERAL_BYTES;
    const underWay = isAwaited ? this.options.appendsUnderWay() : null;
    if (underWay !== null) await this.pause(APPENDS_WAIT_MS_MAX, underWay);
  }

  /** @param until ends it earlier. */
  private async pause(ms: number, until?: Promise<unknown>): Promise<void> {
    if (ms <= 0) return;
    await new Promise<void>((resolve) => {
      const resume = () => {
        clearTimeout(timer);
        if (this.resume === resume) this.resume = null;
        resolve();
      };
      const timer = setTimeout(resume, ms);
      this.resume = resume;
      until?.then(resume, resume);
    });
  }
}

const NOTHING: ReadonlyMap<string, Spot> = new Map();

/** A partition comes once in a request: a second reader at another offset has to wait for its turn. */
function spotsOf(feeds: readonly PartitionFeed[]): ReadonlyMap<string, Spot> {
  const spots = new Map<string, Spot>();
  for (const feed of feeds) {
    const { topic, partition, key } = feed;
    const offset = feed.queue.fetchOffset;
    let spot = spots.get(key);
    if (spot === undefined) {
      spot = { topic, partition, offset, feeds: [], asked: null };
      spots.set(key, spot);
    }
    if (spot.offset !== offset) continue;
    spot.feeds.push(feed);
    if (feed.isAsking) spot.asked = [...(spot.asked ?? []), feed];
  }
  return spots;
}

/** Appends of a turn of the event loop leave in its check phase (`ProduceQueue`), which is over in the next one's. */
function appendsSent(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
}

/** Nodes answer in the order of the request. */
function fetchedOf(
  spot: Spot,
  partitions: readonly FetchedPartition[],
  index: number,
): FetchedPartition | undefined {
  const inOrder = partitions[index];
  if (inOrder !== undefined && isOf(inOrder, spot)) return inOrder;
  return partitions.find((one) => isOf(one, spot));
}

function isOf(fetched: FetchedPartition, spot: Spot): boolean {
  return fetched.partition === spot.partition && fetched.topic === spot.topic;
}

function leftOut({ key }: PartitionFeed): EventLogError {
  return new EventLogError("FAILED", `the answer to a fetch leaves out ${key}`);
}

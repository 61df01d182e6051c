/**
 * Fetches from one node for all readers of this process whose partitions it leads.
 *
 * Owns: the feeds placed here, two lanes of fetches over a connection each.
 * Does not own: placing feeds (fetcher).
 *
 * 1. The long lane asks for every feed that has room and lets the server wait: idle, that is four requests a second.
 * 2. What the long lane's request under way does not cover (a new reader, one that has room again, a read that wants an
 *    answer now) goes over the short lane at once, for a server answers the requests of a connection in their order.
 * 3. Feeds that got records go to the end of the line: a server fills an answer in the order of the request, and a batch
 *    that does not fit is left out but where it is the first.
 */

import { type AppendsUnderWay, FetchLane, type FetchPace, type FetchTurn } from "./fetch-lane.js";
import type { FetchAnswer } from "./fetch-request.js";
import type { PartitionFeed } from "./partition-feed.js";
import type { WireRequest } from "./wire-request.js";

const LONG_WAIT_MS = 250;
/** Until the long lane comes round and takes the feed over, at most LONG_WAIT_MS later: a dozen requests. */
const SHORT_WAIT_MS = 20;
/** A read that wants an answer gives the request under way so long: it mostly brings it, and twice is a waste. */
const ASK_GRACE_MS = 5;

export interface NodeFetcherOptions {
  readonly send: (request: WireRequest<FetchAnswer>) => Promise<FetchAnswer>;
  readonly onLost: (feed: PartitionFeed, error: unknown) => void;
  readonly pace: FetchPace;
  readonly appendsUnderWay: AppendsUnderWay;
}

export class NodeFetcher {
  /** In line. */
  private readonly feeds: PartitionFeed[] = [];
  private readonly long: FetchLane;
  private readonly short: FetchLane;

  constructor({ send, onLost, pace, appendsUnderWay }: NodeFetcherOptions) {
    const onServed = (feed: PartitionFeed): void => this.moveToEnd(feed);
    const common = { send, onLost, onServed, pace, appendsUnderWay };
    const chooseLong = (): FetchTurn => ({ feeds: this.withRoom(), waitMs: LONG_WAIT_MS });
    this.long = new FetchLane({ ...common, lane: "fetch", choose: chooseLong });
    this.short = new FetchLane({ ...common, lane: "fetch-now", choose: () => this.chooseShort() });
  }

  add(feed: PartitionFeed): void {
    this.feeds.push(feed);
    this.want(feed);
  }

  remove(feed: PartitionFeed): void {
    const at = this.feeds.indexOf(feed);
    if (at >= 0) this.feeds.splice(at, 1);
  }

  /** The feed has room again, or is asking. */
  want(feed: PartitionFeed): void {
    if (!feed.hasRoom) return;
    const isLongUnderWay = this.long.isFetching;
    this.long.wake();
    if (!feed.isAsking) {
      if (isLongUnderWay && !this.long.covers(feed)) this.short.wake();
    } else if (isLongUnderWay && !this.long.covers(feed)) this.short.hurry();
    else setTimeout(() => feed.isAsking && this.short.hurry(), ASK_GRACE_MS);
  }

  private withRoom(): PartitionFeed[] {
    return this.feeds.filter((feed) => feed.hasRoom);
  }

  private chooseShort(): FetchTurn {
    const feeds = this.withRoom();
    const asking = feeds.filter((feed) => feed.isAsking);
    if (asking.length > 0) return { feeds: asking, waitMs: 0 };
    const uncovered = this.long.isFetching ? feeds.filter((feed) => !this.long.covers(feed)) : [];
    return { feeds: uncovered, waitMs: SHORT_WAIT_MS };
  }

  private moveToEnd(feed: PartitionFeed): void {
    const at = this.feeds.indexOf(feed);
    if (at < 0) return;
    this.feeds.copyWithin(at, at + 1);
    this.feeds[this.feeds.length - 1] = feed;
  }
}

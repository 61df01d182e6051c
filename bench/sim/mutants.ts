/**
 * Mistakes that the simulation must find. Each is a wrapper around a port as a careless adapter or consumer would be;
 * the product has no switch for them.
 */

import type { AppendResult, EventLog, LogEntry, LogProducer } from "../../platform/event-log/event-log.js";
import type { PartitionOwnership, StateEntry, StateStore } from "../../platform/state-store/state-store.js";
import { Topic } from "../../schemas/topics.js";
import type { CarriedWriter } from "./carrier-role.js";
import { WatchedStateWorld } from "./watched-state-world.js";

export interface Mutant {
  readonly description: string;
  readonly stateWorld?: () => WatchedStateWorld;
  readonly store?: (store: StateStore) => StateStore;
  readonly log?: (log: EventLog) => EventLog;
  /** Every record is applied, whatever was applied before. */
  readonly appliesRepeats?: boolean;
  readonly carriedWriter?: (writer: CarriedWriter) => CarriedWriter;
}

export const MUTANTS = {
  "no-epoch-check": {
    description: "the store takes writes of an owner that was succeeded",
    stateWorld: () => new UnfencedWorld(),
  },
  "unseen-failover": {
    description: "the store goes back to an older state and lets its owner go on as if it had not",
    stateWorld: () => new ForgetfulWorld(),
  },
  "offset-before-state": {
    description: "the partition record is written before the persons it stands for",
    store: (store) => ({
      acquire: async (partition, owner) => new OffsetFirst(await store.acquire(partition, owner)),
      peekPartition: (partition) => store.peekPartition(partition),
      close: () => store.close(),
    }),
  },
  "two-appends-in-flight": {
    description: "a second append of outcomes begins before the first has settled",
    log: (log) =>
      withProducer(log, Topic.DECISIONS, async () => {
        const lanes = [await log.producer(Topic.DECISIONS), await log.producer(Topic.DECISIONS)];
        return new Pipelined(lanes);
      }),
  },
  "early-acknowledgement": {
    description: "a journal append is acknowledged before it is in the log",
    log: (log) =>
      withProducer(log, Topic.JOURNAL, async () => new Hasty(log, await log.producer(Topic.JOURNAL))),
  },
  "no-high-water-pair": {
    description: "a consumer applies outcomes that it has applied before",
    appliesRepeats: true,
  },
  "carried-before-durable": {
    description: "the carrier goes on before what it carries is in the journal",
    carriedWriter: (writer) => ({
      append: async (...entry) => {
        writer.append(...entry).catch(() => {});
        return { partition: -1, offset: -1 };
      },
    }),
  },
  "carried-as-new": {
    description: "what is carried again says that it comes from another place than the first time",
    carriedWriter: (writer) => new Renumbered(writer),
  },
} as const satisfies Record<string, Mutant>;

export type MutantName = keyof typeof MUTANTS;

class UnfencedWorld extends WatchedStateWorld {
  protected override checkOwner(): void {}
}

class ForgetfulWorld extends WatchedStateWorld {
  override checkNotLost(): void {}
}

/** Holds the puts back until the partition record is written. */
class OffsetFirst implements PartitionOwnership {
  private held: (readonly StateEntry[])[] = [];

  constructor(private readonly inner: PartitionOwnership) {}

  get partition(): number {
    return this.inner.partition;
  }

  get epoch(): number {
    return this.inner.epoch;
  }

  get owner(): string {
    return this.inner.owner;
  }

  readPartition(): Promise<Uint8Array | null> {
    return this.inner.readPartition();
  }

  load(keys: readonly string[]): Promise<readonly (Uint8Array | null)[]> {
    return this.inner.load(keys);
  }

  entries(): AsyncIterable<StateEntry> {
    return this.inner.entries();
  }

  async put(entries: readonly StateEntry[]): Promise<void> {
    this.held.push(entries);
  }

  async putPartition(value: Uint8Array): Promise<void> {
    await this.inner.putPartition(value);
    for (const entries of this.held.splice(0)) await this.inner.put(entries);
  }
}

class Renumbered implements CarriedWriter {
  private static next = 1_000_000;

  constructor(private readonly writer: CarriedWriter) {}

  append(...[record, ...rest]: Parameters<CarriedWriter["append"]>): ReturnType<CarriedWriter["append"]> {
    const isCarried = record.type === "carried" || record.type === "person-state";
    return this.writer.append(isCarried ? { ...record, fromOffset: Renumbered.next++ } : record, ...rest);
  }
}

/** Two appends under way at once; the caller is told of each as soon as a lane is free. */
class Pipelined implements LogProducer {
  private readonly busy = new Map<LogProducer, Promise<unknown>>();

  constructor(private readonly lanes: readonly LogProducer[]) {}

  async append(partition: number, entries: readonly LogEntry[]): Promise<AppendResult> {
    const lane = this.lanes.find((each) => !this.busy.has(each));
    if (lane === undefined) {
      await Promise.race(this.busy.values());
      return this.append(partition, entries);
    }
    const forget = () => this.busy.delete(lane);
    this.busy.set(lane, lane.append(partition, entries).then(forget, forget));
    return { firstOffset: -1, appendedAtMs: 0 };
  }

  flush(): Promise<void> {
    return this.lanes[0]!.flush();
  }

  async close(): Promise<void> {
    for (const lane of this.lanes) await lane.close();
  }
}

/** Tells the place an append will have before it is there; nobody hears of a failure. */
class Hasty implements LogProducer {
  private last: Promise<unknown> = Promise.resolve();
  private readonly ahead = new Map<number, number>();

  constructor(
    private readonly log: EventLog,
    private readonly inner: LogProducer,
  ) {}

  async append(partition: number, entries: readonly LogEntry[]): Promise<AppendResult> {
    const { end } = await this.log.bounds(Topic.JOURNAL, partition);
    const firstOffset = end + (this.ahead.get(partition) ?? 0);
    this.ahead.set(partition, (this.ahead.get(partition) ?? 0) + entries.length);
    this.last = this.last.then(() => this.send(partition, entries));
    return { firstOffset, appendedAtMs: 0 };
  }

  flush(): Promise<void> {
    return this.inner.flush();
  }

  async close(): Promise<void> {
    await this.last;
    await this.inner.close();
  }

  private async send(partition: number, entries: readonly LogEntry[]): Promise<void> {
    await this.inner.append(partition, entries).catch(() => {});
    this.ahead.set(partition, (this.ahead.get(partition) ?? 0) - entries.length);
  }
}

function withProducer(log: EventLog, mutated: string, producer: () => Promise<LogProducer>): EventLog {
  return {
    partitionCount: (topic) => log.partitionCount(topic),
    producer: (topic) => (topic === mutated ? producer() : log.producer(topic)),
    reader: (topic, partition, fromOffset) => log.reader(topic, partition, fromOffset),
    bounds: (topic, partition) => log.bounds(topic, partition),
    tail: (topic, partition) => log.tail(topic, partition),
    trim: (topic, partition, start) => log.trim(topic, partition, start),
    close: () => log.close(),
  };
}

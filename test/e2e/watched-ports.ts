/**
 * Event log and stores whose writes are listed and can be held back: shows what an answer waits for.
 *
 * A held write does not reach the adapter until it is let go. Reads are listed and never held.
 */

import type {
  AppendResult,
  EventLog,
  LogEntry,
  LogProducer,
  LogReader,
  TopicBounds,
} from "../../platform/event-log/event-log.js";
import type { KeyValue } from "../../platform/key-value/key-value.js";
import type { PartitionOwnership, StateEntry, StateStore } from "../../platform/state-store/state-store.js";

interface Waiter {
  readonly name: string;
  readonly wake: () => void;
}

/** Names are `kadun.journal append`, `state put`, `networks put` …; in the order in which things happened. */
export class Watch {
  begun: string[] = [];
  settled: string[] = [];
  private held: RegExp | null = null;
  private letGo: (() => void)[] = [];
  private waiters: Waiter[] = [];
  private underWay = 0;
  private whenIdle: (() => void)[] = [];

  /** From now on writes with such a name wait. */
  hold(names: RegExp): void {
    this.held = names;
  }

  /** Lets everything go that waits, and holds nothing any more. */
  release(): void {
    this.held = null;
    for (const go of this.letGo.splice(0)) go();
  }

  /** Forgets what happened until now. */
  clear(): void {
    this.begun = [];
    this.settled = [];
  }

  /** Resolves when the next such call begins. */
  next(name: string): Promise<void> {
    return new Promise((wake) => this.waiters.push({ name, wake }));
  }

  /** Resolves when no call is under way. */
  idle(): Promise<void> {
    if (this.underWay === 0) return Promise.resolve();
    return new Promise((resolve) => this.whenIdle.push(resolve));
  }

  async write<T>(name: string, run: () => Promise<T>): Promise<T> {
    this.begin(name);
    if (this.held?.test(name)) await new Promise<void>((go) => this.letGo.push(go));
    return this.finish(name, run);
  }

  async read<T>(name: string, run: () => Promise<T>): Promise<T> {
    this.begin(name);
    return this.finish(name, run);
  }

  private begin(name: string): void {
    this.begun.push(name);
    this.underWay += 1;
    for (const waiter of this.waiters) if (waiter.name === name) waiter.wake();
    this.waiters = this.waiters.filter((waiter) => waiter.name !== name);
  }

  private async finish<T>(name: string, run: () => Promise<T>): Promise<T> {
    try {
      return await run();
    } finally {
      this.settled.push(name);
      this.underWay -= 1;
      if (this.underWay === 0) for (const resolve of this.whenIdle.splice(0)) resolve();
    }
  }
}

export class WatchedEventLog implements EventLog {
  constructor(
    private readonly inner: EventLog,
    private readonly watch: Watch,
  ) {}

  partitionCount(topic: string): Promise<number> {
    return this.inner.partitionCount(topic);
  }

  async producer(topic: string): Promise<LogProducer> {
    const inner = await this.inner.producer(topic);
    const { watch } = this;
    return {
      append: (partition: number, entries: readonly LogEntry[]): Promise<AppendResult> =>
        watch.write(`${topic} append`, () => inner.append(partition, entries)),
      flush: () => watch.write(`${topic} flush`, () => inner.flush()),
      close: () => inner.close(),
    };
  }

  reader(topic: string, partition: number, fromOffset: number): Promise<LogReader> {
    return this.inner.reader(topic, partition, fromOffset);
  }

  bounds(topic: string, partition: number): Promise<TopicBounds> {
    return this.inner.bounds(topic, partition);
  }

  tail(topic: string, partition: number) {
    return this.inner.tail(topic, partition);
  }

  trim(topic: string, partition: number, start: number): Promise<void> {
    return this.watch.write(`${topic} trim`, () => this.inner.trim(topic, partition, start));
  }

  close(): Promise<void> {
    return this.inner.close();
  }
}

export class WatchedStateStore implements StateStore {
  constructor(
    private readonly inner: StateStore,
    private readonly watch: Watch,
  ) {}

  async acquire(partition: number, owner: string): Promise<PartitionOwnership> {
    const inner = await this.inner.acquire(partition, owner);
    const { watch } = this;
    return {
      partition: inner.partition,
      epoch: inner.epoch,
      owner: inner.owner,
      readPartition: () => inner.readPartition(),
      load: (keys: readonly string[]) => watch.read("state load", () => inner.load(keys)),
      entries: () => inner.entries(),
      put: (entries: readonly StateEntry[]) => watch.write("state put", () => inner.put(entries)),
      putPartition: (value: Uint8Array) => watch.write("state put", () => inner.putPartition(value)),
    };
  }

  peekPartition(partition: number): Promise<Uint8Array | null> {
    return this.inner.peekPartition(partition);
  }

  close(): Promise<void> {
    return this.inner.close();
  }
}

export function watchedKeyValues(name: string, inner: KeyValue, watch: Watch): KeyValue {
  return {
    get: (key) => watch.read(`${name} get`, () => inner.get(key)),
    put: (key, value) => watch.write(`${name} put`, () => inner.put(key, value)),
    delete: (key) => watch.write(`${name} delete`, () => inner.delete(key)),
    entries: (prefix) => inner.entries(prefix),
    close: () => inner.close(),
  };
}

/**
 * The LMDB environment of one topic: a database for each partition (offset -> envelope), and `topic` with what the
 * directory was made with and the ends of all partitions.
 *
 * Owns: reading and writing records, closing.
 * Does not own: opening (open-topic-store.ts), when to commit and whom to tell (`LmdbTopic`).
 *
 * 1. `ends` is written in the transaction of the records: whoever sees it sees the records.
 * 2. Records are written with MDB_APPEND: what is there is never overwritten. They are forgotten from the first on only.
 */

import type { Database, RootDatabase } from "lmdb";
import { EventLogError, type LoggedRecord, type ReadLimits, type TopicBounds } from "../event-log.js";
import { decodeRecord, offsetKey, offsetOfKey } from "./record-envelope.js";
import { decodeEnds, ENDS_KEY, encodeEnds } from "./topic-format.js";

/**
 * `durable`: a commit is on the disk before anybody sees it (LMDB's order: pages, sync, meta page synchronously, then
 * the number readers look at), in this process and in others. Measured on the machine it was built on against
 * `overlappingSync` (visible first, synced after), waiting for `flushed`: the same p50 and p99 for batches of 1, 100
 * and 1,000, because the next commit waits for the sync either way. So the simple one.
 * `derived`: `overlappingSync`: a commit is seen at once and synced behind; after a power cut LMDB goes back to the last
 * synced commit. `noSync` would be five times faster and can leave a torn file, which nothing here could mend.
 */
export type Durability = "durable" | "derived";

export interface TopicStoreOptions {
  readonly topic: string;
  readonly directory: string;
  readonly partitions: number;
  readonly durability: Durability;
  readonly readOnly: boolean;
}

export interface WrittenRecords {
  readonly partition: number;
  readonly firstOffset: number;
  readonly envelopes: readonly Uint8Array[];
}

export interface Removal {
  readonly count: number;
  /** Rejects when none of it is. */
  readonly committed: Promise<void>;
}

/** lmdb takes these options (its write.js does), its types do not know. */
interface AppendingDatabase {
  put(key: Uint8Array, value: Uint8Array, options: { readonly append: true }): Promise<boolean>;
}

export class TopicStore {
  constructor(
    private readonly options: TopicStoreOptions,
    private readonly environment: RootDatabase<Buffer, string>,
    private readonly about: Database<Buffer, string>,
    private readonly partitions: readonly Database<Buffer, Uint8Array>[],
    private readonly release: () => void,
  ) {}

  /** Offsets the next records get, as of now. In other processes' commits too. */
  readEnds(): readonly number[] {
    this.environment.resetReadTxn();
    return decodeEnds(this.about.get(ENDS_KEY), this.options);
  }

  bounds(partition: number, end: number): TopicBounds {
    for (const key of this.partitions[partition]!.getKeys({ limit: 1 }))
      return { start: offsetOfKey(key), end };
    return { start: end, end };
  }

  /** Records from `offset` on that are there, as many as the limits allow. */
  read(partition: number, offset: number, limits: ReadLimits): readonly LoggedRecord[] {
    const records: LoggedRecord[] = [];
    let bytes = 0;
    const range = { start: offsetKey(offset), limit: Math.max(1, limits.recordsMax) };
    for (const { key, value } of this.partitions[partition]!.getRange(range)) {
      const record = decodeRecord(offsetOfKey(key), value);
      bytes += record.value.length + record.header.length;
      if (records.length > 0 && bytes > limits.bytesMax) break;
      // Asked for what is forgotten: the topic says so.
      if (records.length === 0 && offset < this.bounds(partition, 0).start) break;
      if (record.offset !== offset + records.length)
        throw this.gap(partition, offset + records.length, record.offset);
      records.push(record);
    }
    return records;
  }

  /** Resolves when all of it is committed; rejects when none of it is. */
  async write(groups: readonly WrittenRecords[], ends: readonly number[]): Promise<void> {
    const puts: Promise<boolean>[] = [];
    const batch = this.environment.batch(() => {
      for (const group of groups) this.putGroup(group, puts);
      puts.push(this.about.put(ENDS_KEY, encodeEnds(ends)));
    });
    const stored = await Promise.all([...puts, batch]);
    if (!stored.every(Boolean))
      throw new EventLogError(
        "FAILED",
        `topic ${this.options.topic}: a record with an offset to be appended was there already: another process writes ${this.options.directory}; stop it`,
      );
  }

  /** Removes at most `countMax` records before `start`, the first ones: all of them together, or none. */
  remove(partition: number, start: number, countMax: number): Removal {
    const database = this.partitions[partition]!;
    const keys = [...database.getKeys({ end: offsetKey(start), limit: countMax })];
    if (keys.length === 0) return { count: 0, committed: Promise.resolve() };
    const removals: Promise<boolean>[] = [];
    const batch = this.environment.batch(() => {
      for (const key of keys) removals.push(database.remove(key));
    });
    return { count: keys.length, committed: Promise.all([...removals, batch]).then(() => {}) };
  }

  /** Everything committed is on the disk. */
  async flushed(): Promise<void> {
    await this.environment.flushed;
  }

  async close(): Promise<void> {
    try {
      await this.environment.close();
    } finally {
      this.release();
    }
  }

  private putGroup({ partition, firstOffset, envelopes }: WrittenRecords, puts: Promise<boolean>[]): void {
    const database = this.partitions[partition]! as unknown as AppendingDatabase;
    let offset = firstOffset;
    for (const envelope of envelopes)
      puts.push(database.put(offsetKey(offset++), envelope, { append: true }));
  }

  private gap(partition: number, expected: number, found: number): EventLogError {
    return new EventLogError(
      "CORRUPT",
      `${this.options.topic}/${partition}: offset ${found} follows where ${expected} belongs; restore ${this.options.directory} from a copy`,
    );
  }
}

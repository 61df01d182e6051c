/**
 * The right to write one partition of the Redis store, for as long as nobody else acquires it and the store keeps what
 * it acknowledged.
 *
 * Owns: the order and the numbers of its writes. Does not own: keys and sending (the store).
 *
 * 1. One write is under way at a time, each with the next number; sent again it has the same number and the same bytes.
 * 2. `acknowledged` is the number of the last write the server confirmed. A server that holds less went back to an older
 *    state: what is missing there is no longer dirty here, so this ownership ends, with every later call refused.
 * 3. Values are read before the owner is compared, over one connection: values of a store that went back are not given out,
 *    and none to whoever is not the owner: what was read before and after a loss does not go together.
 */

import type { PartitionOwnership, StateEntry, StateStoreError } from "../state-store.js";
import { ChunkSize } from "./chunk-size.js";
import { encodeHmget, encodeHset } from "./encoded-command.js";
import { listOf, type RedisCommand } from "./redis-connection.js";
import type { RedisStateStore } from "./redis-state-store.js";
import { keyOf, type StateKeys } from "./state-keys.js";
import { PUT, PUT_NOTHING, PUT_PARTITION } from "./state-scripts.js";
import {
  type BelievedOwner,
  type StoredOwner,
  standingOf,
  storedOwner,
  takenError,
  wentBackError,
} from "./stored-owner.js";

/** The arguments that every write begins with: epoch, owner, and the numbers of the last acknowledged and this write. */
type Fence = readonly string[];
/** Sends a write and gives what the server says of it: is it applied, and the owner that is stored. */
type Write = (fence: Fence) => Promise<readonly unknown[]>;

export class RedisOwnership implements PartitionOwnership {
  private readonly chunk = new ChunkSize();
  private lastWrite: Promise<unknown> = Promise.resolve();
  private number = 0;
  private acknowledged = 0;
  private ended: StateStoreError | null = null;
  /** Memory of an answered put, for the next one. */
  private spare: Buffer | null = null;

  constructor(
    private readonly store: RedisStateStore,
    private readonly self: BelievedOwner,
    private readonly keys: StateKeys,
  ) {}

  get partition(): number {
    return this.self.partition;
  }

  get epoch(): number {
    return this.self.epoch;
  }

  get owner(): string {
    return this.self.owner;
  }

  async readPartition(): Promise<Uint8Array | null> {
    const record = await this.read({ command: "GET", args: [this.keys.partition] });
    return bytesOrNull(record);
  }

  async load(keys: readonly string[]): Promise<readonly (Uint8Array | null)[]> {
    this.store.checkOpen();
    const values: (Uint8Array | null)[] = [];
    while (values.length < keys.length) {
      const asked = keys.slice(values.length, values.length + this.chunk.count);
      values.push(...(await this.loadChunk(asked)));
    }
    return values;
  }

  async *entries(): AsyncIterable<StateEntry> {
    // HSCAN gives an entry twice when the hash grows or shrinks meanwhile.
    const given = new Set<string>();
    let cursor = "0";
    do {
      const page = await this.scan(cursor);
      for (const entry of page.entries) {
        if (given.has(entry.key)) continue;
        given.add(entry.key);
        yield entry;
      }
      cursor = page.next;
    } while (cursor !== "0");
  }

  async put(entries: readonly StateEntry[]): Promise<void> {
    const { owner, values, writing } = this.keys;
    const doing = `put to partition ${this.partition}`;
    if (entries.length === 0)
      return this.write((args) =>
        this.store.connection.run(doing, { script: PUT_NOTHING, keys: [owner], args }),
      );
    const command = encodeHset(writing, entries, this.spare);
    this.spare = null;
    const keys = [owner, values, writing];
    await this.write((fence) =>
      this.store.connection.transact(doing, { script: PUT, keys, args: [...fence, "open"] }, command, {
        script: PUT,
        keys,
        args: [...fence, "close"],
      }),
    );
    // Not after a failure: what timed out may still be on its way through the library.
    this.spare = Buffer.from(command.encoded.buffer);
  }

  async putPartition(value: Uint8Array): Promise<void> {
    const doing = `put the record of partition ${this.partition}`;
    const keys = [this.keys.owner, this.keys.partition];
    const record = Buffer.from(value);
    await this.write((fence) =>
      this.store.connection.run(doing, { script: PUT_PARTITION, keys, args: [...fence, record] }),
    );
  }

  private write(write: Write): Promise<void> {
    this.store.checkOpen();
    const done = this.lastWrite.then(() => this.writeNow(write));
    this.lastWrite = done.catch(() => {});
    return this.store.track(done);
  }

  private async writeNow(write: Write): Promise<void> {
    if (this.ended !== null) throw this.ended;
    const { epoch, owner } = this.self;
    const number = ++this.number;
    const [applied, ...stored] = await write([
      String(epoch),
      owner,
      String(this.acknowledged),
      String(number),
    ]);
    if (applied !== 1) throw this.end(storedOwner(stored));
    this.acknowledged = number;
  }

  private async loadChunk(keys: readonly string[]): Promise<readonly (Uint8Array | null)[]> {
    const reply = this.listOf(await this.read(encodeHmget(this.keys.values, keys)));
    const values = reply.map(bytesOrNull);
    this.chunk.learn(
      keys.length,
      values.reduce((total, value) => total + (value?.length ?? 0), 0),
    );
    return values;
  }

  private async scan(
    cursor: string,
  ): Promise<{ readonly next: string; readonly entries: readonly StateEntry[] }> {
    const { count } = this.chunk;
    const args = [this.keys.values, cursor, "COUNT", String(count)];
    const reply = this.listOf(await this.read({ command: "HSCAN", args }));
    const [next, flat] = [reply[0], this.listOf(reply[1])];
    const entries: StateEntry[] = [];
    for (let index = 0; index + 1 < flat.length; index += 2) {
      const [field, value] = [flat[index], bytesOrNull(flat[index + 1])];
      if (Buffer.isBuffer(field) && value !== null) entries.push({ key: keyOf(field), value });
    }
    this.chunk.learn(
      Math.max(entries.length, 1),
      entries.reduce((total, { value }) => total + value.length, 0),
    );
    return { next: String(next), entries };
  }

  /** Invariant 3. */
  private async read(command: RedisCommand): Promise<unknown> {
    this.store.checkOpen();
    if (this.ended !== null) throw this.ended;
    const known = this.acknowledged;
    const compare = { command: "HMGET", args: [this.keys.owner, "epoch", "owner", "writes"] };
    const doing = `read partition ${this.partition}`;
    const [reply, owner] = await this.store.connection.call(doing, [command, compare]);
    const stored = storedOwner(this.listOf(owner));
    if (standingOf(this.self, known, stored) !== "owner") throw this.end(stored);
    return reply;
  }

  private end(stored: StoredOwner | null): StateStoreError {
    const standing = standingOf(this.self, this.acknowledged, stored);
    const error =
      standing === "went-back"
        ? wentBackError(this.self, this.acknowledged, stored)
        : takenError(this.self, stored);
    this.ended ??= error;
    if (standing === "went-back") this.store.noteWentBack(this.self);
    return error;
  }

  private listOf(reply: unknown): readonly unknown[] {
    return listOf(reply, this.store.connection.server, `read partition ${this.partition}`);
  }
}

/** A copy: the library's are parts of what arrived with them. */
function bytesOrNull(reply: unknown): Uint8Array | null {
  return Buffer.isBuffer(reply) ? Buffer.from(reply) : null;
}

/**
 * The key-value port on LMDB: one environment for each store, written by one process, read by any.
 *
 * Owns: the directory, the writes under way.
 * Does not own: keeping a second process from writing (the lock of the whole data directory does).
 *
 * 1. Every read begins on the newest commit, also on those of another process.
 */

import { setImmediate as turn } from "node:timers/promises";
import { checkEntry, type KeyValue, type KeyValueEntry, KeyValueError } from "../key-value.js";
import { commitFailure } from "./commit-failure.js";
import { type KeyValueEnvironment, openEnvironment } from "./open-environment.js";

export interface LmdbKeyValueOptions {
  readonly path: string;
  /** For a process beside the one that writes. Opening fails (retryable) until that one has made the directory. */
  readonly readOnly?: boolean;
}

/** Entries read in one turn of the event loop: about a millisecond. */
const ENTRIES_A_TURN = 500;

/** @throws KeyValueError CORRUPT, LOCKED, FAILED. */
export async function openLmdbKeyValue({ path, readOnly = false }: LmdbKeyValueOptions): Promise<KeyValue> {
  return new LmdbKeyValue(openEnvironment(path, readOnly), path, readOnly);
}

class LmdbKeyValue implements KeyValue {
  private readonly writes = new Set<Promise<unknown>>();
  private closing: Promise<void> | null = null;

  constructor(
    private readonly environment: KeyValueEnvironment,
    private readonly path: string,
    private readonly readOnly: boolean,
  ) {}

  async get(key: string): Promise<Uint8Array | null> {
    this.checkOpen();
    checkEntry(key);
    this.environment.root.resetReadTxn();
    return this.environment.values.get(Buffer.from(key)) ?? null;
  }

  async put(key: string, value: Uint8Array): Promise<void> {
    checkEntry(key, value);
    await this.write(() => this.environment.values.put(Buffer.from(key), Buffer.from(value)));
  }

  async delete(key: string): Promise<void> {
    checkEntry(key);
    await this.write(() => this.environment.values.remove(Buffer.from(key)));
  }

  async *entries(prefix: string): AsyncIterable<KeyValueEntry> {
    let from: Buffer | null = Buffer.from(prefix);
    while (from !== null) {
      const chunk: readonly KeyValueEntry[] = this.chunkFrom(from);
      for (const entry of chunk) {
        if (!entry.key.startsWith(prefix)) return;
        yield entry;
      }
      from = chunk.length < ENTRIES_A_TURN ? null : Buffer.from(`${chunk.at(-1)!.key}\0`);
      await turn();
    }
  }

  async close(): Promise<void> {
    this.closing ??= Promise.allSettled(this.writes).then(() => this.environment.close());
    await this.closing;
  }

  private chunkFrom(from: Buffer): readonly KeyValueEntry[] {
    this.checkOpen();
    this.environment.root.resetReadTxn();
    const start = from.length === 0 ? {} : { start: from };
    const chunk: KeyValueEntry[] = [];
    for (const { key, value } of this.environment.values.getRange({ ...start, limit: ENTRIES_A_TURN }))
      chunk.push({ key: Buffer.from(key).toString("utf8"), value });
    return chunk;
  }

  private async write(start: () => Promise<boolean>): Promise<void> {
    this.checkOpen();
    if (this.readOnly)
      throw new KeyValueError(
        "READ_ONLY",
        `${this.path} was opened for reading; write in the process that owns it`,
      );
    const write = start();
    this.writes.add(write);
    try {
      await write;
    } catch (error) {
      throw await commitFailure(this.path, error);
    } finally {
      this.writes.delete(write);
    }
  }

  private checkOpen(): void {
    if (this.closing !== null) throw new KeyValueError("CLOSED", "the key-value store is closed");
  }
}

/**
 * The key-value port on a table of a PostgreSQL database: each namespace of it is one store.
 *
 * Owns: the writes under way, their order.
 * Does not own: the database (opened, migrated and closed by the caller, after `close()`), the table's making.
 *
 * 1. Writes take effect in the order of the calls: one transaction at a time takes together all that wait.
 * 2. Durable as the database is: PGlite's commits survive a crash of the process, not one of the machine.
 * 3. Reads of one turn of the event loop are one statement; nobody waits for another turn's.
 * 4. A write that failed is tried by nobody: those of the same transaction fail with it, later ones are new.
 */

import { DatabaseError, type OpenDatabase } from "../../database/database.js";
import { checkEntry, type KeyValue, type KeyValueEntry, KeyValueError } from "../key-value.js";
import { type KeyChange, KeyValueTable } from "./key-value-table.js";

export interface DatabaseKeyValueOptions {
  readonly database: OpenDatabase;
  /** Which store of the database. */
  readonly namespace: string;
  /** Refuses writes: for a process that has no business with them. */
  readonly readOnly?: boolean;
}

/** One transaction: a few of the largest values, or what a start-up import puts at once. */
const BATCH_BYTES = 4_000_000;
const BATCH_CHANGES = 1_000;
/** Of one statement. */
const READ_KEYS = 50;

export function openDatabaseKeyValue(options: DatabaseKeyValueOptions): KeyValue {
  return new DatabaseKeyValue(options);
}

interface Waiting extends KeyChange {
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

interface Asking {
  readonly key: string;
  readonly found: (value: Uint8Array | null) => void;
  readonly failed: (error: unknown) => void;
}

class DatabaseKeyValue implements KeyValue {
  private readonly table: KeyValueTable;
  private readonly isReadOnly: boolean;
  private readonly namespace: string;
  private asking: Asking[] = [];
  private isReadingSoon = false;
  private waiting: Waiting[] = [];
  private writing: Promise<void> | null = null;
  private isClosed = false;

  constructor({ database, namespace, readOnly = false }: DatabaseKeyValueOptions) {
    this.table = new KeyValueTable(database, namespace);
    this.namespace = namespace;
    this.isReadOnly = readOnly;
  }

  async get(key: string): Promise<Uint8Array | null> {
    this.checkOpen();
    checkEntry(key);
    return new Promise((found, failed) => {
      this.asking.push({ key, found, failed });
      if (this.isReadingSoon) return;
      this.isReadingSoon = true;
      void this.readSoon();
    });
  }

  async put(key: string, value: Uint8Array): Promise<void> {
    checkEntry(key, value);
    await this.write(key, Uint8Array.from(value));
  }

  async delete(key: string): Promise<void> {
    checkEntry(key);
    await this.write(key, null);
  }

  async *entries(prefix: string): AsyncIterable<KeyValueEntry> {
    const first = Buffer.from(prefix);
    let after: Uint8Array | null = null;
    for (;;) {
      this.checkOpen();
      const page: readonly { key: Uint8Array; value: Uint8Array }[] = await this.asked(
        this.table.page({ prefix: first, after }),
      );
      for (const { key, value } of page) yield { key: Buffer.from(key).toString(), value };
      const last = page.at(-1);
      if (last === undefined) return;
      after = last.key;
    }
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await this.writing;
  }

  private async write(key: string, value: Uint8Array | null): Promise<void> {
    this.checkOpen();
    if (this.isReadOnly)
      throw new KeyValueError("READ_ONLY", `${this.namespace} was opened for reading; open it for writing`);
    const written = new Promise<void>((done, failed) => {
      this.waiting.push({ key: Buffer.from(key), value, done, failed });
    });
    this.writing ??= this.writeWaiting();
    await written;
  }

  /** Who asks in the same turn is answered by one statement. */
  private async readSoon(): Promise<void> {
    await Promise.resolve();
    const asked = this.asking;
    this.asking = [];
    this.isReadingSoon = false;
    for (let first = 0; first < asked.length; first += READ_KEYS)
      void this.read(asked.slice(first, first + READ_KEYS));
  }

  /** Never rejects: who asked is told. */
  private async read(asked: readonly Asking[]): Promise<void> {
    try {
      const keys = [...new Set(asked.map(({ key }) => key))];
      const rows = await this.asked(this.table.values(keys.map((key) => Buffer.from(key))));
      const values = new Map(rows.map(({ key, value }) => [Buffer.from(key).toString(), value]));
      // Each has bytes of its own.
      for (const { key, found } of asked) found(values.get(key)?.slice() ?? null);
    } catch (error) {
      for (const { failed } of asked) failed(error);
    }
  }

  /** Never rejects: who waits is told. */
  private async writeWaiting(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = nextBatch(this.waiting);
      this.waiting = this.waiting.slice(batch.length);
      try {
        await this.asked(this.table.apply(lastOfEachKey(batch)));
        for (const { done } of batch) done();
      } catch (error) {
        for (const { failed } of batch) failed(error);
      }
    }
    this.writing = null;
  }

  private async asked<Answer>(answer: Promise<Answer>): Promise<Answer> {
    try {
      return await answer;
    } catch (error) {
      throw keyValueError(this.namespace, error);
    }
  }

  private checkOpen(): void {
    if (this.isClosed) throw new KeyValueError("CLOSED", "the key-value store is closed");
  }
}

function nextBatch(waiting: readonly Waiting[]): readonly Waiting[] {
  let bytes = 0;
  const isFull = ({ value }: Waiting, index: number) => {
    bytes += value?.length ?? 0;
    return index >= BATCH_CHANGES || (index > 0 && bytes > BATCH_BYTES);
  };
  const end = waiting.findIndex(isFull);
  return end === -1 ? waiting : waiting.slice(0, end);
}

function lastOfEachKey(batch: readonly KeyChange[]): readonly KeyChange[] {
  return [...new Map(batch.map((change) => [change.key.toString("latin1"), change])).values()];
}

const DISK_FULL = "53100";
const TABLE_MISSING = "42P01";
/** A server, or a role on it, that takes no writes. */
const READ_ONLY: readonly string[] = ["25006", "42501"];
const CORRUPT = /^XX00[12]$/;

function keyValueError(namespace: string, error: unknown): KeyValueError {
  if (!(error instanceof DatabaseError)) throw error;
  const { sqlState, retryable, message } = error;
  const options = { retryable, cause: error };
  if (error.code === "CLOSED") return new KeyValueError("CLOSED", `${namespace}: ${message}`, options);
  if (sqlState === DISK_FULL)
    return new KeyValueError("DISK_FULL", `${namespace}: ${message}; make room on the server`, options);
  if (sqlState === TABLE_MISSING)
    return new KeyValueError("FAILED", `${namespace}: ${message}; apply the migrations first`, options);
  if (sqlState !== null && READ_ONLY.includes(sqlState))
    return new KeyValueError("READ_ONLY", `${namespace}: ${message}`, options);
  if (sqlState !== null && CORRUPT.test(sqlState))
    return new KeyValueError("CORRUPT", `${namespace}: ${message}; restore the database`, options);
  return new KeyValueError("FAILED", `${namespace}: ${message}`, options);
}

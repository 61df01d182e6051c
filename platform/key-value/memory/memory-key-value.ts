/** The key-value port in memory: nothing survives the process. */

import { checkEntry, type KeyValue, type KeyValueEntry, KeyValueError } from "../key-value.js";

export class MemoryKeyValue implements KeyValue {
  private readonly values = new Map<string, Uint8Array>();
  private isClosed = false;

  async get(key: string): Promise<Uint8Array | null> {
    this.checkOpen();
    checkEntry(key);
    return this.values.get(key)?.slice() ?? null;
  }

  async put(key: string, value: Uint8Array): Promise<void> {
    this.checkOpen();
    checkEntry(key, value);
    this.values.set(key, Uint8Array.from(value));
  }

  async delete(key: string): Promise<void> {
    this.checkOpen();
    checkEntry(key);
    this.values.delete(key);
  }

  async *entries(prefix: string): AsyncIterable<KeyValueEntry> {
    this.checkOpen();
    const keys = [...this.values.keys()].filter((key) => key.startsWith(prefix));
    keys.sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
    for (const key of keys) {
      const value = this.values.get(key);
      if (value !== undefined) yield { key, value: value.slice() };
    }
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }

  private checkOpen(): void {
    if (this.isClosed) throw new KeyValueError("CLOSED", "the key-value store is closed");
  }
}

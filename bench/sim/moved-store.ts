/** Where persons moved and how far each partition was carried, as one process sees it: each call is a step of the run. */

import type { KeyValues } from "../../services/ingest/key-values.js";
import type { SimProcess } from "./sim-process.js";

export class MovedStore implements KeyValues {
  constructor(
    private readonly inner: KeyValues,
    private readonly process: SimProcess,
  ) {}

  async get(key: string): Promise<Uint8Array | null> {
    await this.process.point("kv.read");
    return this.inner.get(key);
  }

  put(key: string, value: Uint8Array): Promise<void> {
    return this.write(() => this.inner.put(key, value));
  }

  delete(key: string): Promise<void> {
    return this.write(() => this.inner.delete(key));
  }

  async *entries(prefix: string): ReturnType<KeyValues["entries"]> {
    await this.process.point("kv.read");
    yield* this.inner.entries(prefix);
  }

  private async write(change: () => Promise<void>): Promise<void> {
    await this.process.point("kv.write");
    await change();
    await this.process.point("kv.acknowledge");
  }
}

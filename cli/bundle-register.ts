/** The bundles stored beside a journal in a database that all processes see, by content hash. */

import type { KeyValue } from "../platform/key-value/key-value.js";
import type { DetectorBundle } from "../services/detector/bundle.js";
import type { BundleShelf } from "../services/detector/detector-options.js";
import { bundleInTurns, type LoadedBundle } from "./bundle-files.js";
import { OperatingError } from "./exit-status.js";

export class BundleRegister implements BundleShelf {
  private readonly loaded = new Map<string, LoadedBundle>();
  /** Being read, each once for all who ask: the partitions of a detector meet an activation together. */
  private readonly loading = new Map<string, Promise<LoadedBundle | null>>();

  constructor(private readonly store: KeyValue) {}

  /** Again is nothing: the same hash is the same content. */
  async put({ bundle, content }: LoadedBundle): Promise<void> {
    await this.store.put(keyOf(bundle.hash), Buffer.from(JSON.stringify(content)));
  }

  /** null where none of that hash is stored. @throws OperatingError where the content is not what the hash says. */
  whole(hash: string): Promise<LoadedBundle | null> {
    const known = this.loaded.get(hash);
    if (known !== undefined) return Promise.resolve(known);
    const loading = this.loading.get(hash) ?? this.read(hash).finally(() => this.loading.delete(hash));
    this.loading.set(hash, loading);
    return loading;
  }

  private async read(hash: string): Promise<LoadedBundle | null> {
    const stored = await this.store.get(keyOf(hash));
    if (stored === null) return null;
    const name = `bundle ${hash} of the register`;
    const bundle = await bundleInTurns(Buffer.from(stored).toString("utf8"), name);
    if (bundle.bundle.hash !== hash)
      throw new OperatingError(
        `${name}: its content has the hash ${bundle.bundle.hash}: it was changed after it was stored; restore it from the backup`,
      );
    this.loaded.set(hash, bundle);
    return bundle;
  }

  async load(hash: string): Promise<DetectorBundle | null> {
    return (await this.whole(hash))?.bundle ?? null;
  }
}

function keyOf(hash: string): string {
  return `bundle/${hash}`;
}

/** The bundles stored beside a journal, one file each, named by content hash: replays need all that were ever active. */

import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { open, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { DetectorBundle } from "../services/detector/bundle.js";
import type { BundleShelf } from "../services/detector/detector-options.js";
import { bundleInTurns, type LoadedBundle, loadStoredBundle } from "./bundle-files.js";
import { OperatingError } from "./exit-status.js";

export class BundleFolder implements BundleShelf {
  private readonly loaded = new Map<string, LoadedBundle>();
  /** Being read, each once for all who ask. */
  private readonly loading = new Map<string, Promise<LoadedBundle | null>>();

  constructor(private readonly folder: string) {
    mkdirSync(folder, { recursive: true });
  }

  /** Stores a bundle, whole or not at all; again is nothing. */
  store(bundle: LoadedBundle): void {
    this.loaded.set(bundle.bundle.hash, bundle);
    const path = this.pathOf(bundle.bundle.hash);
    if (existsSync(path)) return;
    writeFileSync(`${path}.new`, JSON.stringify(bundle.content), { flush: true });
    renameSync(`${path}.new`, path);
    this.syncFolder();
  }

  /** The same for a process that others wait for. Durable when it resolves. */
  async put(bundle: LoadedBundle): Promise<void> {
    const path = this.pathOf(bundle.bundle.hash);
    if (!existsSync(path)) {
      await writeFile(`${path}.new`, JSON.stringify(bundle.content), { flush: true });
      await rename(`${path}.new`, path);
      const folder = await open(this.folder, "r");
      await folder.sync().finally(() => folder.close());
    }
    this.loaded.set(bundle.bundle.hash, bundle);
  }

  /** The name too must outlive a power cut: a journal record may follow that needs it. */
  private syncFolder(): void {
    const folder = openSync(this.folder, "r");
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  }

  /** @throws OperatingError where the file's content is not what its name says. */
  whole(hash: string): LoadedBundle | null {
    const known = this.loaded.get(hash);
    if (known !== undefined) return known;
    const path = this.pathOf(hash);
    if (!existsSync(path)) return null;
    return this.found(hash, loadStoredBundle(path));
  }

  /** The same for a process that others wait for. */
  find(hash: string): Promise<LoadedBundle | null> {
    const known = this.loaded.get(hash);
    if (known !== undefined) return Promise.resolve(known);
    const loading = this.loading.get(hash) ?? this.read(hash).finally(() => this.loading.delete(hash));
    this.loading.set(hash, loading);
    return loading;
  }

  async load(hash: string): Promise<DetectorBundle | null> {
    return (await this.find(hash))?.bundle ?? null;
  }

  private async read(hash: string): Promise<LoadedBundle | null> {
    const path = this.pathOf(hash);
    if (!existsSync(path)) return null;
    return this.found(hash, await bundleInTurns(await readFile(path, "utf8"), path));
  }

  private found(hash: string, stored: LoadedBundle): LoadedBundle {
    if (stored.bundle.hash !== hash)
      throw new OperatingError(
        `${this.pathOf(hash)}: its content has the hash ${stored.bundle.hash}: it was changed after it was stored; restore it from the backup`,
      );
    this.loaded.set(hash, stored);
    return stored;
  }

  hashes(): string[] {
    return readdirSync(this.folder)
      .filter((name) => name.endsWith(".json"))
      .map((name) => name.slice(0, -".json".length));
  }

  private pathOf(hash: string): string {
    return join(this.folder, `${hash}.json`);
  }
}

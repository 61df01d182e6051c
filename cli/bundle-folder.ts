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
import { join } from "node:path";
import type { DetectorBundle } from "../services/detector/bundle.js";
import type { BundleShelf } from "../services/detector/detector-options.js";
import { type LoadedBundle, loadStoredBundle } from "./bundle-files.js";
import { OperatingError } from "./exit-status.js";

export class BundleFolder implements BundleShelf {
  private readonly loaded = new Map<string, LoadedBundle>();

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
    const stored = loadStoredBundle(path);
    if (stored.bundle.hash !== hash)
      throw new OperatingError(
        `${path}: its content has the hash ${stored.bundle.hash}: it was changed after it was stored; restore it from the backup`,
      );
    this.loaded.set(hash, stored);
    return stored;
  }

  load(hash: string): Promise<DetectorBundle | null> {
    return Promise.resolve(this.whole(hash)?.bundle ?? null);
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

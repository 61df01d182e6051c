/**
 * Bundles of versions, read and compiled.
 *
 * Owns: those asked for last, by hash. Does not own: the versions.
 */

import { readStanding } from "../../../services/bundles/activation.js";
import { RulesRefusal } from "../../../services/bundles/refusal.js";
import type { Reads } from "../../../services/bundles/tables.js";
import { readContent, readVersion } from "../../../services/bundles/version.js";
import { bundleOfValue, type LoadedBundle, loadBundle } from "../../bundle-files.js";

/** What runs, what is compared with it, and some of what people look at. */
const KEPT = 4;

export interface KnownBundle {
  /** null: the shipped rules, for want of a version. */
  readonly version: number | null;
  readonly loaded: LoadedBundle;
  readonly isRunning: boolean;
}

export class KnownBundles {
  private readonly byHash = new Map<string, LoadedBundle>();
  private readonly shippedBundle = loadBundle();

  constructor(private readonly tables: Reads) {}

  get shipped(): LoadedBundle {
    return this.shippedBundle;
  }

  /** What runs, else the shipped rules. @throws DatabaseError. */
  async running(): Promise<KnownBundle> {
    const { current } = await readStanding(this.tables);
    if (current === null) return { version: null, loaded: this.shippedBundle, isRunning: false };
    const loaded = await this.loaded(current.bundleHash);
    return { version: current.version, loaded, isRunning: true };
  }

  /** @throws RulesRefusal VERSION_UNKNOWN. */
  async of(version: number): Promise<KnownBundle> {
    const { bundleHash } = await readVersion(this.tables, version);
    const { current } = await readStanding(this.tables);
    return { version, loaded: await this.loaded(bundleHash), isRunning: current?.version === version };
  }

  /** The number of what runs. @throws RulesRefusal NOT_TAKEN_OVER. */
  async runningVersion(): Promise<number> {
    const { current } = await readStanding(this.tables);
    if (current !== null) return current.version;
    throw new RulesRefusal("NOT_TAKEN_OVER", "what runs is not known here yet; ask again in a minute");
  }

  private async loaded(bundleHash: string): Promise<LoadedBundle> {
    const known =
      this.byHash.get(bundleHash) ??
      bundleOfValue(await readContent(this.tables, bundleHash), `bundle ${bundleHash}`);
    // Behind all others: the one that was not asked for the longest goes first.
    this.byHash.delete(bundleHash);
    this.byHash.set(bundleHash, known);
    for (const oldest of this.byHash.keys()) {
      if (this.byHash.size <= KEPT) break;
      this.byHash.delete(oldest);
    }
    return known;
  }
}

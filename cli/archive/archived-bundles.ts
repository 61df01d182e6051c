/** The bundles that lie in an archive, for the judge that replays it. */

import type { Archive } from "../../services/archive/archive.js";
import { bundleOf } from "../../services/archive/bundle-file.js";
import type { DetectorBundle } from "../../services/detector/bundle.js";
import type { BundleShelf } from "../../services/detector/detector-options.js";
import { bundleOfContent, type LoadedBundle } from "../bundle-files.js";

/** @throws ArchiveError where it is missing or not what it was. */
export async function archivedBundle(archive: Archive, hash: string): Promise<LoadedBundle> {
  return bundleOfContent(await bundleOf(archive, hash), `bundle ${hash} of ${archive.folder}`);
}

export class ArchivedBundles implements BundleShelf {
  private readonly loaded = new Map<string, DetectorBundle>();

  constructor(private readonly archive: Archive) {}

  /** @throws ArchiveError where it is missing or not what it was. */
  async load(hash: string): Promise<DetectorBundle> {
    const known = this.loaded.get(hash);
    if (known !== undefined) return known;
    const { bundle } = await archivedBundle(this.archive, hash);
    this.loaded.set(hash, bundle);
    return bundle;
  }
}

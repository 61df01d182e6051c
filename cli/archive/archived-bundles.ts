/** The bundles that lie in an archive, for the judge that replays it. */

import type { Archive } from "../../services/archive/archive.js";
import { bundleOf } from "../../services/archive/bundle-file.js";
import type { DetectorBundle } from "../../services/detector/bundle.js";
import type { BundleShelf } from "../../services/detector/detector-options.js";
import { bundleOfContent } from "../bundle-files.js";

export class ArchivedBundles implements BundleShelf {
  private readonly loaded = new Map<string, DetectorBundle>();

  constructor(private readonly archive: Archive) {}

  /** @throws ArchiveError where it is missing or not what it was. */
  async load(hash: string): Promise<DetectorBundle> {
    const known = this.loaded.get(hash);
    if (known !== undefined) return known;
    const content = await bundleOf(this.archive, hash);
    const { bundle } = bundleOfContent(content, `bundle ${hash} of ${this.archive.folder}`);
    this.loaded.set(hash, bundle);
    return bundle;
  }
}

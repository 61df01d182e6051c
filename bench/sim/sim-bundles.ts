/** The bundles of all runs: the default one and one that judges otherwise, loaded once. */

import { join } from "node:path";
import { loadBundle } from "../../cli/bundle-files.js";
import { packageRoot } from "../../cli/package-root.js";
import type { DetectorBundle } from "../../services/detector/bundle.js";
import type { BundleShelf } from "../../services/detector/detector-options.js";
import type { CanonicalContext } from "../../services/ingest/canonicalise.js";
import { ALL_ZERO_KEY, Tokeniser } from "../../services/ingest/tokens.js";

export interface SimBundles {
  readonly byHash: ReadonlyMap<string, DetectorBundle>;
  readonly shelf: BundleShelf;
  readonly context: CanonicalContext;
}

export function loadSimBundles(): SimBundles {
  const first = loadBundle();
  const second = loadBundle({ rulesetFile: join(packageRoot, "bench", "sim", "second-ruleset.json") });
  const byHash = new Map([first, second].map(({ bundle }) => [bundle.hash, bundle]));
  return {
    byHash,
    shelf: { load: async (hash) => byHash.get(hash) ?? null },
    context: { tokens: new Tokeniser(ALL_ZERO_KEY), drugs: first.drugs },
  };
}

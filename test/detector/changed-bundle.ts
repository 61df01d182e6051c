/** The default bundle with changes, by way of files as `kadun replay --ruleset F --policies F` reads them. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LoadedBundle, loadBundle } from "../../cli/bundle-files.js";
import { defaultBundle } from "../support/judge.js";

export interface BundleChanges {
  /** An overlay of the default ruleset, without its head. */
  readonly ruleset?: object | undefined;
  /** Rows and regions added to the default loss policies; a row of the same key takes the place of the default's. */
  readonly policies?: PolicyChanges | undefined;
}
interface PolicyChanges {
  readonly rows?: readonly unknown[] | undefined;
  readonly regions?: Readonly<Record<string, unknown>> | undefined;
}

const bundles = new Map<string, LoadedBundle>();

export function changedBundle({ ruleset, policies }: BundleChanges): LoadedBundle {
  if (ruleset === undefined && policies === undefined) return defaultBundle;
  const key = JSON.stringify({ ruleset, policies });
  const known = bundles.get(key);
  if (known !== undefined) return known;
  const folder = mkdtempSync(join(tmpdir(), "kadun-case-"));
  try {
    const loaded = loadBundle({
      rulesetFile: ruleset && written(folder, "ruleset.json", { ...OVERLAY, rules: [], ...ruleset }),
      policiesFile: policies && written(folder, "policies.json", withDefaults(policies)),
    });
    bundles.set(key, loaded);
    return loaded;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const OVERLAY = { name: "case", version: "1", extends: "default" };

function withDefaults(policies: PolicyChanges): object {
  const shipped = JSON.parse(readFileSync("rulesets/loss-policies.json", "utf8"));
  return {
    rows: [...shipped.rows, ...(policies.rows ?? [])],
    regions: { ...shipped.regions, ...policies.regions },
  };
}

function written(folder: string, name: string, content: object): string {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(content));
  return path;
}

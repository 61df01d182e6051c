/** What the breaker counts now and what it lowered, as pages show it. */

import type { BreakerAnswer } from "../../../schemas/http/rules-console.js";
import { formatInstant } from "../../../schemas/instant.js";
import type { BreakerLimits } from "../../../services/bundles/breaker-limits.js";
import { sumOf, type WindowsState } from "../../../services/bundles/breaker-windows.js";
import { differences } from "../../../services/bundles/diff.js";
import type { Reads } from "../../../services/bundles/tables.js";
import { readVersions, type Version } from "../../../services/bundles/version.js";
import type { KnownBundle, KnownBundles } from "./known-bundles.js";

/** Trips that are shown: a page looks at what happened lately. */
const TRIPS_MAX = 10;
const WINDOW_SECONDS = 600;
const RULE_PATH = /^ruleset\.(?:rules\.|overrides\.\d+\.)([A-Z]\d{2})(?:\.|$)/;

export interface BreakerDeskOptions {
  readonly tables: Reads;
  readonly bundles: KnownBundles;
  /** null: there is no breaker. */
  readonly limits: BreakerLimits | null;
}

export async function breakerAnswer(options: BreakerDeskOptions): Promise<BreakerAnswer> {
  const { tables, bundles, limits } = options;
  const running = await bundles.running();
  const lowered = await loweredIn(options, running);
  const states = await tables.selectFrom("breaker_windows").select("state").execute();
  const under = states
    .map(({ state }) => state)
    .filter(({ bundleHash }) => bundleHash === running.loaded.bundle.hash);
  return {
    limits,
    windowSeconds: WINDOW_SECONDS,
    ...countedNow(under, lowered),
    lowered: [...lowered].sort(),
    trips: await tripsOf(options),
  };
}

/** Rules that the breaker lowered and nobody has published anew since. */
export async function loweredIn(
  { tables, bundles }: Pick<BreakerDeskOptions, "tables" | "bundles">,
  { version }: Pick<KnownBundle, "version">,
): Promise<ReadonlySet<string>> {
  const lowered = new Set<string>();
  for (let at = version; at !== null; ) {
    const [found] = await readVersions(tables, [at]);
    if (found === undefined || found.origin !== "breaker" || found.madeOf === null) break;
    for (const rule of await changedRules(bundles, found)) lowered.add(rule);
    at = found.madeOf;
  }
  return lowered;
}

async function tripsOf({ tables, bundles }: BreakerDeskOptions): Promise<BreakerAnswer["trips"]> {
  const rows = await tables
    .selectFrom("bundle_versions")
    .select("version")
    .where("origin", "=", "breaker")
    .orderBy("version", "desc")
    .limit(TRIPS_MAX)
    .execute();
  if (rows.length === 0) return [];
  const versions = await readVersions(
    tables,
    rows.map(({ version }) => version),
  );
  const trips: BreakerAnswer["trips"] = [];
  for (const version of versions)
    trips.push({
      version: version.version,
      at: formatInstant(version.createdAtMs),
      rules: await changedRules(bundles, version),
      comment: version.comments[0]?.text ?? "",
    });
  return trips;
}

async function changedRules(bundles: KnownBundles, { version, madeOf }: Version): Promise<string[]> {
  if (madeOf === null) return [];
  const [before, after] = [await bundles.of(madeOf), await bundles.of(version)];
  const changes = differences(
    { ruleset: before.loaded.content.ruleset },
    { ruleset: after.loaded.content.ruleset },
  );
  return [...new Set(changes.flatMap(({ path }) => RULE_PATH.exec(path)?.[1] ?? []))].sort();
}

function countedNow(
  states: readonly WindowsState[],
  lowered: ReadonlySet<string>,
): Pick<BreakerAnswer, "swipes" | "rules"> {
  const newestMs = Math.max(0, ...states.map((state) => state.newestMs));
  const fromMs = newestMs - WINDOW_SECONDS * 1000;
  const { swipes, stops } = sumOf(
    states.flatMap(({ buckets }) => buckets.filter(({ startMs }) => startMs >= fromMs)),
  );
  const baseline = sumOf(states.map((state) => state.baseline));
  const rules = Object.entries(stops).map(([rule, count]) => ({
    rule,
    stops: count,
    share: swipes === 0 ? 0 : count / swipes,
    baselineShare: baseline.swipes === 0 ? null : (baseline.stops[rule] ?? 0) / baseline.swipes,
    isLowered: lowered.has(rule),
  }));
  return { swipes, rules: rules.sort((a, b) => b.stops - a.stops) };
}

/** Loss policies as pages show them: what is in force, what the sources say, and what decides for a region. */

import { join } from "node:path";
import { type LossPoliciesFile, NATIONAL } from "../../../schemas/bundle/loss-policies.js";
import { CHANNELS, type Credential } from "../../../schemas/fields.js";
import type { PoliciesAnswer, PolicyLookup } from "../../../schemas/http/policies-console.js";
import { formatInstant } from "../../../schemas/instant.js";
import { lossFactsFile } from "../../../schemas/loss-facts.js";
import { lossTimes } from "../../../services/detector/card/loss-policy.js";
import { regionLevels } from "../../../services/detector/card/region-levels.js";
import { readChecked } from "../../bundle-files.js";
import { packageRoot } from "../../package-root.js";
import type { KnownBundle } from "./known-bundles.js";

const ACTIONS = ["report-loss", "confirm-loss"] as const;

export function policiesAnswer({ version, loaded }: KnownBundle): PoliciesAnswer {
  const { rows, regions } = loaded.content.lossPolicies;
  const facts = readChecked(join(packageRoot, "rulesets", "loss-facts.json"), lossFactsFile);
  return { version, bundleHash: loaded.bundle.hash, rows, settings: regions, facts };
}

export interface LookedUp {
  readonly region: string;
  readonly credential: Credential;
  readonly acceptedAtMs: number;
}

/** As the judge would read a report that is accepted then. */
export function policyLookup(
  { loaded: { bundle, content } }: KnownBundle,
  { region, credential, acceptedAtMs }: LookedUp,
): PolicyLookup {
  const asked = ACTIONS.flatMap((action) => CHANNELS.map((channel) => ({ action, channel })));
  return {
    region,
    levels: [...regionLevels(region), NATIONAL],
    credential,
    acceptedAt: formatInstant(acceptedAtMs),
    settings: bundle.policies.regionSettings(region),
    reports: asked.map(({ action, channel }) => {
      const policy = bundle.policies.selectPolicy({ region, credential, channel, action });
      const times = lossTimes(policy, { acceptedAtMs }, bundle.calendar);
      return {
        channel,
        action,
        policyId: policy.policyId,
        level: levelOf(content.lossPolicies, policy.policyId),
        kind: policy.kind,
        pendingAction: policy.pendingAction,
        effectiveAt: formatInstant(times.effectiveAtMs),
        expiresAtMin: instantOrNull(times.expiresAtMinMs),
        expiresAtMax: instantOrNull(times.expiresAtMaxMs),
        calendarUncertain: times.calendarUncertain,
      };
    }),
  };
}

function levelOf({ rows }: LossPoliciesFile, policyId: string | null): string | null {
  const row = rows.find(({ id }) => id === policyId);
  if (row === undefined) return null;
  return row.region === NATIONAL ? NATIONAL : regionLevels(row.region)[0]!;
}

function instantOrNull(ms: number | null): string | null {
  return ms === null ? null : formatInstant(ms);
}

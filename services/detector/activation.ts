/** What a partition goes by since an activation, and how it answers the next one (docs/decisions/0010). Pure. */

import type { CanonicalActivation } from "../../schemas/journal.js";
import type { ActivatedOutcome } from "../../schemas/outcomes.js";

export interface Running {
  /** −1 before the first activation. */
  readonly sequence: number;
  readonly bundleHash: string;
  /** Of the draft in shadow; null for none. */
  readonly shadowBundleHash: string | null;
  readonly engineVersion: string;
  readonly publishedBy: readonly string[];
}

export interface Activated {
  readonly activated: ActivatedOutcome;
}

/** BUNDLE_UNKNOWN, ENGINE_UNKNOWN: what it names is not at hand. */
export interface ActivationRefused {
  readonly refused: "ACTIVATION_SUPERSEDED" | "ACTIVATION_CONFLICT" | "BUNDLE_UNKNOWN" | "ENGINE_UNKNOWN";
  readonly sequence: number;
}

export function runningBy(activation: CanonicalActivation): Running {
  const { sequence, bundleHash, shadowBundleHash, engineVersion, publishedBy } = activation;
  return { sequence, bundleHash, shadowBundleHash: shadowBundleHash ?? null, engineVersion, publishedBy };
}

/** Who published it is no content. */
function isSame(one: Running, other: Running): boolean {
  return (
    one.sequence === other.sequence &&
    one.bundleHash === other.bundleHash &&
    one.shadowBundleHash === other.shadowBundleHash &&
    one.engineVersion === other.engineVersion
  );
}

/** null: it is to be taken. */
export function answeredBefore(wanted: Running, running: Running): Activated | ActivationRefused | null {
  const { sequence } = wanted;
  if (sequence > running.sequence) return null;
  if (sequence < running.sequence) return { refused: "ACTIVATION_SUPERSEDED", sequence };
  if (!isSame(wanted, running)) return { refused: "ACTIVATION_CONFLICT", sequence };
  return activatedOf(running);
}

export function activatedOf({ publishedBy: _, ...running }: Running): Activated {
  return { activated: { type: "activated", ...running } };
}

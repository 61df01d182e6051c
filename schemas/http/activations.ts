/** `/local/activations`: bundles into the journal (docs/decisions/0010), for whoever runs this Kadun. */

import * as z from "zod";
import { canonicalActivation, sha256 } from "../journal.js";

/** Lists no Kadun is large enough for. */
const PARTITIONS_MAX = 1000;

/** A bundle, whole, as it is stored beside the journal; its shape is checked where bundles are read. */
const content = z.record(z.string(), z.unknown());

export const activationRequest = z.strictObject({
  sequence: canonicalActivation.shape.sequence,
  /** Either the bundle or the hash of one that is stored. */
  content: content.optional(),
  bundleHash: sha256.optional(),
  /** The draft in shadow, or the hash of one that is stored; none where null or absent. */
  shadow: z.union([content, sha256]).nullish(),
  /** The current one of the program where absent. */
  engineVersion: canonicalActivation.shape.engineVersion.optional(),
  publishedBy: canonicalActivation.shape.publishedBy,
  /** All where absent. */
  partitions: z.array(z.number().int().min(0)).min(1).max(PARTITIONS_MAX).optional(),
});

export const runningActivation = z.object({
  sequence: z.number().int(),
  bundleHash: sha256,
  shadowBundleHash: sha256.nullable(),
  engineVersion: z.string(),
  publishedBy: z.array(z.string()).readonly(),
});

/** The activation is durable in these partitions; each answers in the decisions log. */
export const activationAppended = z.object({
  sequence: z.number().int(),
  bundleHash: sha256,
  shadowBundleHash: sha256.nullable(),
  engineVersion: z.string(),
  partitions: z.array(z.number().int()),
});

/** Why it was not appended, or not everywhere. */
export const activationRefusal = z.object({
  code: z.enum([
    "REQUEST_INVALID",
    "BUNDLE_INVALID",
    "BUNDLE_UNKNOWN",
    "ENGINE_UNKNOWN",
    "ACTIVATION_SUPERSEDED",
    "ACTIVATION_CONFLICT",
    "JOURNAL_INCOMPLETE",
  ]),
  error: z.string(),
  /** By path of the request, such as `content.ruleset.rules.0.params`; with what was given and what is expected. */
  problems: z.array(z.object({ path: z.string(), expected: z.string() })).optional(),
  /** What it was refused for. */
  running: runningActivation.optional(),
  /** Where it is missing: sent again to these it is harmless to the others too. */
  failedPartitions: z.array(z.number().int()).optional(),
});

/** What the partitions go by, as far as the process that is asked can know it. */
export const activationsRunning = z.object({
  /** The one of the highest sequence that is known, whether or not every partition goes by it; null for none. */
  last: runningActivation.nullable(),
  /** That this program carries; the current one first. */
  engineVersions: z.array(z.string()),
  partitions: z.array(z.object({ partition: z.number().int(), running: runningActivation.nullable() })),
});

export type ActivationRequest = z.infer<typeof activationRequest>;
export type RunningActivation = z.infer<typeof runningActivation>;
export type ActivationAppended = z.infer<typeof activationAppended>;
export type ActivationRefusal = z.infer<typeof activationRefusal>;
export type ActivationsRunning = z.infer<typeof activationsRunning>;

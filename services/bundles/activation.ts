/** Activations as the tables hold them, and what follows from their order. */

import type { Selectable } from "kysely";
import type { ActivationKind, ActivationStatus, ActivationSummary } from "../../schemas/http/rules.js";
import { formatInstant } from "../../schemas/instant.js";
import type { BundleActivationsTable, Reads } from "./tables.js";

export interface Activation {
  readonly sequence: number;
  readonly version: number;
  readonly bundleHash: string;
  readonly shadowVersion: number | null;
  readonly kind: ActivationKind;
  readonly publishedBy: readonly string[];
  /** null until the gateway took it. */
  readonly engineVersion: string | null;
  readonly partitions: number;
  readonly status: ActivationStatus;
  readonly reason: string | null;
  readonly createdAtMs: number;
  readonly sentAtMs: number | null;
  readonly timesSent: number;
  readonly completedAtMs: number | null;
}

/** Where the journal stands, as far as it is known here. */
export interface Standing {
  /** Every activation, by sequence. */
  readonly all: readonly Activation[];
  /** Those that the gateway did not refuse. */
  readonly activations: readonly Activation[];
  /** The last of them: what the next one follows. null before the first was taken over. */
  readonly current: Activation | null;
  /** The last that every partition answered. */
  readonly running: Activation | null;
  /** The one that not every partition has answered. */
  readonly open: Activation | null;
  /** The last that was refused. */
  readonly lastRefused: Activation | null;
}

/** Every activation there ever was: one a change of rules, so some hundreds in years. */
export async function readStanding(tables: Reads): Promise<Standing> {
  const rows = await tables
    .selectFrom("bundle_activations as a")
    .innerJoin("bundle_versions as v", "v.version", "a.version")
    .selectAll("a")
    .select("v.bundle_hash")
    .orderBy("a.sequence")
    .execute();
  const all = rows.map(activationOf);
  const activations = all.filter(({ status }) => status !== "refused");
  return {
    all,
    activations,
    current: activations.at(-1) ?? null,
    running: activations.findLast(({ status }) => status === "complete") ?? null,
    open: activations.find(({ status }) => status === "open") ?? null,
    lastRefused: all.findLast(({ status }) => status === "refused") ?? null,
  };
}

function activationOf(row: Selectable<BundleActivationsTable> & { bundle_hash: string }): Activation {
  return {
    sequence: row.sequence,
    version: row.version,
    bundleHash: row.bundle_hash,
    shadowVersion: row.shadow_version,
    kind: row.kind,
    publishedBy: row.published_by,
    engineVersion: row.engine_version,
    partitions: row.partitions,
    status: row.status,
    reason: row.reason,
    createdAtMs: row.created_at.getTime(),
    sentAtMs: row.sent_at?.getTime() ?? null,
    timesSent: row.times_sent,
    completedAtMs: row.completed_at?.getTime() ?? null,
  };
}

export function summaryOf(activation: Activation): ActivationSummary {
  const { sequence, version, bundleHash, shadowVersion, kind, status, reason } = activation;
  return {
    sequence,
    version,
    bundleHash,
    shadowVersion,
    kind,
    status,
    reason,
    publishedBy: [...activation.publishedBy],
    engineVersion: activation.engineVersion,
    createdAt: formatInstant(activation.createdAtMs),
    completedAt: activation.completedAtMs === null ? null : formatInstant(activation.completedAtMs),
  };
}

/** What the changes of rules stand on, and what each of them looks at first. */

import type { Clock } from "../../platform/clock/clock.js";
import type { BundleMistake } from "../../schemas/http/rules-problem.js";
import { readStanding } from "./activation.js";
import type { Guard } from "./guard.js";
import type { Refused, Situation } from "./may.js";
import { RulesRefusal } from "./refusal.js";
import type { Reads } from "./tables.js";
import { readRevoked, readVersion } from "./version.js";

/** A bundle as it came in, checked and compiled: here it is a document with a hash. */
export type ReadBundle = (
  content: unknown,
) =>
  | { readonly bundleHash: string; readonly content: unknown }
  | { readonly mistakes: readonly BundleMistake[] };

export interface RulesRoom {
  readonly tables: Reads;
  readonly clock: Clock;
  readonly readBundle: ReadBundle;
  readonly guard: Guard;
  /** Of the journal. */
  readonly partitions: number;
  /** An activation waits to be sent. */
  readonly onActivation: () => void;
}

/** @throws RulesRefusal VERSION_UNKNOWN. */
export async function situationOf(tables: Reads, version: number): Promise<Situation> {
  return {
    version: await readVersion(tables, version),
    standing: await readStanding(tables),
    revoked: await readRevoked(tables),
    madeOf: await readMadeOf(tables),
  };
}

/** Of rollbacks: what each goes back to. */
export async function readMadeOf(tables: Reads): Promise<ReadonlyMap<number, number>> {
  const rows = await tables
    .selectFrom("bundle_versions")
    .select(["version", "made_of"])
    .where("origin", "=", "rollback")
    .execute();
  return new Map(rows.flatMap(({ version, made_of }) => (made_of === null ? [] : [[version, made_of]])));
}

/** @throws RulesRefusal where something stands against it. */
export function refuse(refused: Refused | null): void {
  if (refused !== null) throw new RulesRefusal(refused.code, refused.detail);
}

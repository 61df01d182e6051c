/**
 * The journal's running activation becomes known here: the first one, which the program itself wrote, and whatever was
 * activated past this database (one that was restored from an older backup).
 */

import { formatInstant } from "../../schemas/instant.js";
import { readStanding } from "./activation.js";
import type { RunningActivation } from "./activation-sender.js";
import { addVersion, storeContent } from "./drafting.js";
import { oneAtATime, type Reads, type Trx } from "./tables.js";

/** Signs what nobody here published. */
const FOUND_BY = "kadun";

export interface TakeOver {
  readonly running: RunningActivation;
  /** From beside the journal. */
  readonly contentOf: (bundleHash: string) => Promise<unknown>;
  readonly partitions: number;
  readonly nowMs: number;
}

export type TakenOver = "known" | "found" | "conflict";

/**
 * @returns known: nothing new; found: it is what runs now, also here; conflict: the journal holds another bundle under a
 *   number that was given out here, and any further activation mends it. @throws whatever `contentOf` throws.
 */
export async function takeOver(tables: Reads, options: TakeOver): Promise<TakenOver> {
  const { running, contentOf } = options;
  const before = await knownAs(tables, running);
  if (before !== "found") return before;
  const contents = new Map<string, unknown>();
  for (const hash of [running.bundleHash, running.shadowBundleHash])
    if (hash !== null && (await versionOf(tables, hash)) === null) contents.set(hash, await contentOf(hash));
  return oneAtATime(tables, async (trx) => {
    const known = await knownAs(trx, running);
    if (known !== "found") return known;
    await addFound(trx, options, contents);
    return "found";
  });
}

async function knownAs(tables: Reads, { sequence, bundleHash }: RunningActivation): Promise<TakenOver> {
  const { all } = await readStanding(tables);
  if (sequence > (all.at(-1)?.sequence ?? -1)) return "found";
  const same = all.find((each) => each.sequence === sequence);
  return same?.bundleHash === bundleHash && same.status !== "refused" ? "known" : "conflict";
}

async function addFound(
  trx: Trx,
  { running, partitions, nowMs }: TakeOver,
  contents: ReadonlyMap<string, unknown>,
): Promise<void> {
  const { sequence, bundleHash, shadowBundleHash, publishedBy, engineVersion } = running;
  const versionFor = async (hash: string) => {
    const known = await versionOf(trx, hash);
    if (known !== null) return known;
    await storeContent(trx, hash, contents.get(hash));
    const comment = `found in the journal: activation ${sequence}`;
    return addVersion(
      trx,
      { bundleHash: hash, author: FOUND_BY, comment, origin: "found", madeOf: null },
      nowMs,
    );
  };
  const shadowVersion = shadowBundleHash === null ? null : await versionFor(shadowBundleHash);
  const version = await versionFor(bundleHash);
  await trx
    .updateTable("bundle_activations")
    .set({ status: "replaced" })
    .where("status", "=", "open")
    .execute();
  await trx
    .insertInto("bundle_activations")
    .values({
      sequence,
      version,
      shadow_version: shadowVersion,
      kind: "found",
      published_by: JSON.stringify(publishedBy),
      engine_version: engineVersion,
      partitions,
      status: "complete",
      reason: null,
      created_at: formatInstant(nowMs),
      sent_at: null,
      completed_at: formatInstant(nowMs),
    })
    .execute();
}

/** The newest version of that content; null for none. */
async function versionOf(tables: Reads, bundleHash: string): Promise<number | null> {
  const row = await tables
    .selectFrom("bundle_versions")
    .select("version")
    .where("bundle_hash", "=", bundleHash)
    .orderBy("version", "desc")
    .limit(1)
    .executeTakeFirst();
  return row?.version ?? null;
}

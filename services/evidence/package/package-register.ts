/**
 * Packages that were made: what would otherwise be different the second time. A package is known by its case, by how it
 * shows the holder, and by what it is made of.
 */

import { formatInstant } from "../../../schemas/instant.js";
import { addEntry } from "../custody/custody-log.js";
import { oneAtATime, type Reads } from "../tables.js";
import { madeSubject } from "./content.js";

export interface PackageName {
  readonly caseId: string;
  /** `masked`, or the request under which it shows the holder as he is. */
  readonly variant: string;
  /** Of everything that it is made of. */
  readonly contentSha256: string;
}

export interface MadePackage {
  readonly madeAt: string;
  readonly madeBy: string;
  /** Entry of the custody log that says so: the last one in the package. */
  readonly custodySeq: number;
}

export interface Making {
  readonly actor: string;
  readonly reason: string;
  readonly nowMs: number;
}

/** Made the first time; the same from then on. */
export function madePackage(tables: Reads, name: PackageName, making: Making): Promise<MadePackage> {
  const { caseId, variant, contentSha256 } = name;
  return oneAtATime(tables, async (trx) => {
    const known = await trx
      .selectFrom("evidence_packages")
      .selectAll()
      .where("case_id", "=", caseId)
      .where("variant", "=", variant)
      .where("content_sha256", "=", contentSha256)
      .executeTakeFirst();
    if (known !== undefined)
      return {
        madeAt: formatInstant(known.made_at.getTime()),
        madeBy: known.made_by,
        custodySeq: known.custody_seq,
      };
    const { actor, reason, nowMs } = making;
    const subject = madeSubject(variant, contentSha256);
    const entry = await addEntry(trx, { caseId, nowMs, actor, action: "package-made", reason, subject });
    await trx
      .insertInto("evidence_packages")
      .values({
        case_id: caseId,
        variant,
        content_sha256: contentSha256,
        made_at: entry.at,
        made_by: actor,
        custody_seq: entry.seq,
      })
      .execute();
    return { madeAt: entry.at, madeBy: actor, custodySeq: entry.seq };
  });
}

/** What an authority or a module gave for these bytes and would give otherwise the next time; base64. */
export async function keptSignature(
  tables: Reads,
  { caseId, variant, contentSha256 }: PackageName,
  kind: string,
  make: () => Promise<Uint8Array>,
): Promise<Uint8Array> {
  const row = await tables
    .selectFrom("evidence_packages")
    .select("kept_signatures")
    .where("case_id", "=", caseId)
    .where("variant", "=", variant)
    .where("content_sha256", "=", contentSha256)
    .executeTakeFirstOrThrow();
  const kept = row.kept_signatures[kind];
  if (kept !== undefined) return Buffer.from(kept, "base64");
  const made = await make();
  const all = { ...row.kept_signatures, [kind]: Buffer.from(made).toString("base64") };
  await tables
    .updateTable("evidence_packages")
    .set({ kept_signatures: JSON.stringify(all) })
    .where("case_id", "=", caseId)
    .where("variant", "=", variant)
    .where("content_sha256", "=", contentSha256)
    .execute();
  return made;
}

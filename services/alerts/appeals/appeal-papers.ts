/**
 * The files of papers: made once from what was written with the event, kept sealed with their hash.
 *
 * 1. What a paper says does not change after its event; whom it is addressed to is looked up when the file is made.
 * 2. Killed before the file is kept it is made again, with the same bytes; of two who make it the first one's is kept.
 */

import { hash } from "node:crypto";
import type { Kysely } from "kysely";
import { storableText } from "../../../platform/database/database.js";
import type { SealedBox } from "../../../platform/sealed-box/sealed-box.js";
import type { AlertsTables } from "../tables.js";
import type { PaperContent } from "./paper-content.js";

/** Sets a paper as a PDF. The same content gives the same bytes. */
export interface PaperPress {
  print(content: PaperContent): Promise<Uint8Array>;
}

export interface AppealPapersOptions {
  readonly tables: Kysely<AlertsTables>;
  readonly box: SealedBox;
  readonly press: PaperPress;
  /** The holder's name, masked; null where no contact is known. */
  readonly addresseeOf: (personKey: string) => Promise<string | null>;
}

/** Of one round; a paper takes some tenths of a second. */
const TOGETHER_MAX = 20;

export class AppealPapers {
  /** Since all were tried last. */
  private readonly failed = new Set<string>();

  constructor(private readonly options: AppealPapersOptions) {}

  /**
   * One that cannot be made keeps no other from being made, and waits behind those that were not tried yet.
   * @returns how many files were made. @throws what stood in the way of one, after the others.
   */
  async makeMissing(): Promise<number> {
    const { tables, press, addresseeOf } = this.options;
    const missing = await tables
      .selectFrom("appeal_papers")
      .innerJoin("appeals", "appeals.appeal_id", "appeal_papers.appeal_id")
      .select(["paper_id", "content", "person_key"])
      .where("sha256", "is", null)
      .where("paper_id", "not in", [...this.failed, ""])
      .orderBy("made_at")
      .limit(TOGETHER_MAX)
      .execute();
    // All were tried: the next round begins with the oldest again.
    if (missing.length < TOGETHER_MAX) this.failed.clear();
    let failure: { readonly error: unknown } | null = null;
    for (const { paper_id, content, person_key } of missing)
      try {
        const addressed = { ...content, addressee: await addresseeOf(person_key) };
        await this.keep(paper_id, addressed, await press.print(addressed));
      } catch (error) {
        this.failed.add(paper_id);
        failure ??= { error };
      }
    if (failure !== null) throw failure.error;
    return missing.length;
  }

  async file(appealId: string, paperId: string): Promise<Uint8Array | null> {
    const row = await this.options.tables
      .selectFrom("appeal_papers")
      .select("sealed")
      .where("paper_id", "=", paperId)
      .where("appeal_id", "=", appealId)
      .executeTakeFirst();
    return row?.sealed == null ? null : this.options.box.open(row.sealed, paperContext(paperId));
  }

  private async keep(paperId: string, content: PaperContent, file: Uint8Array): Promise<void> {
    const { tables, box } = this.options;
    await tables
      .updateTable("appeal_papers")
      .set({
        content: storableText(JSON.stringify(content)),
        sha256: hash("sha256", file),
        sealed: Buffer.from(box.seal(file, paperContext(paperId))),
      })
      .where("paper_id", "=", paperId)
      .where("sha256", "is", null)
      .execute();
  }
}

function paperContext(paperId: string): string {
  return `appeal paper ${paperId}`;
}

/**
 * Drafts of the editor: rulesets that a person is at, with the mistakes they may have. A draft is its author's alone until it
 * becomes a version.
 *
 * 1. A change names the revision it was made on, and is made on that one or not at all: two pages of one person never
 *    overwrite each other unseen.
 */

import { randomUUID } from "node:crypto";
import type { Selectable } from "kysely";
import type { Clock } from "../../../platform/clock/clock.js";
import { storableText } from "../../../platform/database/database.js";
import { formatInstant } from "../../../schemas/instant.js";
import type { Reads, RuleDraftsTable } from "../tables.js";

/** Of one person: so many thoughts at once are none. */
export const DRAFTS_MAX = 20;

export interface RuleDraft {
  readonly draftId: string;
  readonly baseVersion: number;
  readonly ruleset: unknown;
  readonly comment: string;
  readonly revision: number;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface DraftChange {
  /** The one it was made on. */
  readonly revision: number;
  readonly ruleset?: unknown;
  readonly comment?: string;
}

export class RuleDrafts {
  constructor(private readonly options: { readonly tables: Reads; readonly clock: Clock }) {}

  /** The latest first. */
  async list(author: string): Promise<readonly RuleDraft[]> {
    const rows = await this.rows(author).limit(DRAFTS_MAX).execute();
    return rows.map(draftOf);
  }

  /** null where the person has none of this name. */
  async read(author: string, draftId: string): Promise<RuleDraft | null> {
    const row = await this.rows(author).where("draft_id", "=", draftId).executeTakeFirst();
    return row === undefined ? null : draftOf(row);
  }

  /** null where the person has as many as anybody may. */
  async add(
    author: string,
    { baseVersion, ruleset }: Pick<RuleDraft, "baseVersion" | "ruleset">,
  ): Promise<RuleDraft | null> {
    const { tables, clock } = this.options;
    const { count } = await tables
      .selectFrom("rule_drafts")
      .select(({ fn }) => fn.countAll<number>().as("count"))
      .where("author", "=", author)
      .executeTakeFirstOrThrow();
    if (Number(count) >= DRAFTS_MAX) return null;
    const now = formatInstant(clock.now());
    const row = await tables
      .insertInto("rule_drafts")
      .values({
        draft_id: randomUUID(),
        author,
        base_version: baseVersion,
        ruleset: JSON.stringify(ruleset),
        comment: "",
        revision: 0,
        created_at: now,
        updated_at: now,
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    return draftOf(row);
  }

  /** null where the draft is on another revision, or gone. */
  async change(author: string, draftId: string, change: DraftChange): Promise<RuleDraft | null> {
    const { tables, clock } = this.options;
    const { revision, ruleset, comment } = change;
    const row = await tables
      .updateTable("rule_drafts")
      .set({
        revision: revision + 1,
        updated_at: formatInstant(clock.now()),
        ...(ruleset !== undefined && { ruleset: JSON.stringify(ruleset) }),
        ...(comment !== undefined && { comment: storableText(comment) }),
      })
      .where("draft_id", "=", draftId)
      .where("author", "=", author)
      .where("revision", "=", revision)
      .returningAll()
      .executeTakeFirst();
    return row === undefined ? null : draftOf(row);
  }

  /** @returns whether it was there, on this revision where one is given. */
  async drop(author: string, draftId: string, revision?: number): Promise<boolean> {
    let query = this.options.tables
      .deleteFrom("rule_drafts")
      .where("draft_id", "=", draftId)
      .where("author", "=", author);
    if (revision !== undefined) query = query.where("revision", "=", revision);
    const { numDeletedRows } = await query.executeTakeFirst();
    return numDeletedRows > 0n;
  }

  private rows(author: string) {
    return this.options.tables
      .selectFrom("rule_drafts")
      .selectAll()
      .where("author", "=", author)
      .orderBy("updated_at", "desc");
  }
}

function draftOf(row: Selectable<RuleDraftsTable>): RuleDraft {
  return {
    draftId: row.draft_id,
    baseVersion: row.base_version,
    ruleset: JSON.parse(row.ruleset),
    comment: row.comment,
    revision: row.revision,
    createdAt: formatInstant(row.created_at.getTime()),
    updatedAt: formatInstant(row.updated_at.getTime()),
  };
}

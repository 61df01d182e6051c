/** Saved views of the queue: a person's own, and those that others share. */

import { Kysely } from "kysely";
import { type OpenDatabase, storableText } from "../../../platform/database/database.js";
import {
  type QueueView,
  type QueueViewBody,
  SHARED_VIEWS_MAX,
  VIEWS_MAX,
} from "../../../schemas/http/queue.js";
import { formatInstant } from "../../../schemas/instant.js";
import type { QueueTables } from "./queue-tables.js";

export interface SavedView extends QueueViewBody {
  readonly viewId: string;
  readonly owner: string;
  readonly nowMs: number;
}

export class QueueViews {
  private readonly tables: Kysely<QueueTables>;

  constructor({ dialect }: Pick<OpenDatabase, "dialect">) {
    this.tables = new Kysely<QueueTables>({ dialect });
  }

  /** One's own by name, then others' by name. @throws DatabaseError. */
  async list(reader: string): Promise<readonly QueueView[]> {
    const own = await this.tables
      .selectFrom("queue_views")
      .selectAll()
      .where("owner", "=", reader)
      .orderBy("name")
      .execute();
    const shared = await this.tables
      .selectFrom("queue_views")
      .selectAll()
      .where("is_shared", "=", true)
      .where("owner", "<>", reader)
      .orderBy("name")
      .orderBy("view_id")
      .limit(SHARED_VIEWS_MAX)
      .execute();
    return [...own, ...shared].map((row) => ({
      viewId: row.view_id,
      owner: row.owner,
      isOwn: row.owner === reader,
      name: row.name,
      query: row.query,
      isShared: row.is_shared,
    }));
  }

  /** In the place of the owner's own of that name. @returns false where the owner has as many as one keeps. */
  save({ viewId, owner, name, query, isShared, nowMs }: SavedView): Promise<boolean> {
    const own = { owner, name: storableText(name) };
    return this.tables.transaction().execute(async (trx) => {
      // Two at once may both see room for one: one more than the limit is no harm.
      const names = await trx.selectFrom("queue_views").select("name").where("owner", "=", owner).execute();
      if (names.length >= VIEWS_MAX && !names.some((held) => held.name === own.name)) return false;
      const said = { query, is_shared: isShared };
      await trx
        .insertInto("queue_views")
        .values({ view_id: viewId, ...own, ...said, made_at: formatInstant(nowMs) })
        .onConflict((conflict) => conflict.columns(["owner", "name"]).doUpdateSet(said))
        .execute();
      return true;
    });
  }

  /** @returns false where the owner has none of this id. */
  async remove(viewId: string, owner: string): Promise<boolean> {
    const { numDeletedRows } = await this.tables
      .deleteFrom("queue_views")
      .where("view_id", "=", viewId)
      .where("owner", "=", owner)
      .executeTakeFirstOrThrow();
    return numDeletedRows > 0n;
  }
}

/**
 * How often somebody has tried, in the database: it holds over restarts and over several processes.
 *
 * 1. A try is counted before it is looked at, in one statement: of many at once none slips through.
 * 2. The last try of a window is let through, and the wait has begun already; each wait in a row is twice as long.
 * 3. It hangs on what was typed and where it came from, never on whether there is such a name.
 * 4. What was typed is kept as a keyed hash: people type passwords into the field of names.
 */

import { createHmac } from "node:crypto";
import { sql } from "kysely";
import { networkOf } from "../network-of.js";
import { type TryLimit, WAITS_FORGOTTEN_MS } from "./access-limits.js";
import type { Reads } from "./access-tables.js";

export type Tried =
  | { readonly kind: "counted"; readonly isLast: boolean }
  | { readonly kind: "wait"; readonly untilMs: number };

/** Nothing asks for it any more. */
const KEPT_MS = 2 * WAITS_FORGOTTEN_MS;

export class Tries {
  /** @param key 32 bytes that are not in the database. */
  constructor(
    private readonly tables: Reads,
    private readonly key: Uint8Array,
  ) {}

  async count(limit: TryLimit, subject: string, nowMs: number): Promise<Tried> {
    const tryKey = this.keyOf(limit, subject);
    const isNew = sql`t.window_start_ms <= ${nowMs - limit.windowMs}::bigint`;
    const tries = sql`case when ${isNew} then 1 else t.tries + 1 end`;
    const isLast = sql`(${tries}) >= ${limit.max}::integer`;
    const waits = sql`case when t.window_start_ms <= ${nowMs - WAITS_FORGOTTEN_MS}::bigint then 0 else t.waits end`;
    const waitMs = sql`least(${limit.waitMs}::bigint * power(2, ${waits})::bigint, ${limit.waitLongestMs}::bigint)`;
    const { rows } = await sql<{ is_last: boolean }>`
      insert into console_tries as t (try_key, tries, window_start_ms) values (${tryKey}, 1, ${nowMs}::bigint)
      on conflict (try_key) do update set
        tries = case when ${isLast} then 0 else ${tries} end,
        window_start_ms = case when ${isNew} or ${isLast} then ${nowMs}::bigint else t.window_start_ms end,
        waits = case when ${isLast} then least(${waits} + 1, 30) else ${waits} end,
        wait_until_ms = case when ${isLast} then ${nowMs}::bigint + ${waitMs} else t.wait_until_ms end
      where t.wait_until_ms <= ${nowMs}::bigint
      returning tries = 0 as is_last`.execute(this.tables);
    if (rows[0] !== undefined) return { kind: "counted", isLast: rows[0].is_last };
    const { wait_until_ms } = await this.tables
      .selectFrom("console_tries")
      .select("wait_until_ms")
      .where("try_key", "=", tryKey)
      .executeTakeFirstOrThrow();
    return { kind: "wait", untilMs: wait_until_ms };
  }

  /** Of somebody who has shown who it is. */
  async forget(limit: TryLimit, subject: string): Promise<void> {
    await this.tables.deleteFrom("console_tries").where("try_key", "=", this.keyOf(limit, subject)).execute();
  }

  /** What was counted was none: others behind the same address are counted on. */
  async giveBack(limit: TryLimit, subject: string): Promise<void> {
    await sql`
      update console_tries set tries = tries - 1 where try_key = ${this.keyOf(limit, subject)} and tries > 0`.execute(
      this.tables,
    );
  }

  /** Of those that wait: until when nothing is looked at. */
  async waiting(
    limit: TryLimit,
    subjects: readonly string[],
    nowMs: number,
  ): Promise<ReadonlyMap<string, number>> {
    if (subjects.length === 0) return new Map();
    const byKey = new Map(subjects.map((subject) => [this.keyOf(limit, subject), subject]));
    const rows = await this.tables
      .selectFrom("console_tries")
      .select(["try_key", "wait_until_ms"])
      .where("try_key", "in", [...byKey.keys()])
      .where("wait_until_ms", ">", nowMs)
      .execute();
    return new Map(rows.map(({ try_key, wait_until_ms }) => [byKey.get(try_key)!, wait_until_ms]));
  }

  async forgetBefore(nowMs: number): Promise<void> {
    await this.tables
      .deleteFrom("console_tries")
      .where("window_start_ms", "<", nowMs - KEPT_MS)
      .execute();
  }

  private keyOf({ name }: TryLimit, subject: string): string {
    const text = name === "address" ? networkOf(subject) : subject;
    return createHmac("sha256", this.key).update(`${name}\n${text}`).digest("hex");
  }
}

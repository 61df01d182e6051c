/**
 * Counts of what came to the door, in the database: they hold over restarts and over several processes.
 *
 * 1. Counting and asking are one statement: of two at once each sees its own place.
 * 2. A window begins on the clock and counts at most `max`; across its border at most twice as many pass shortly.
 */

import { type Kysely, sql } from "kysely";
import type { CitizenTables } from "../citizen-tables.js";
import type { DoorLimit } from "./door-limits.js";

export interface Tally {
  /** This one included. */
  readonly count: number;
  readonly isOver: boolean;
  /** From when on it is counted anew. */
  readonly endsAtMs: number;
}

/** Longest window, twice. */
const KEPT_MS = 2 * 86_400_000;

export class Tallies {
  constructor(private readonly database: Kysely<CitizenTables>) {}

  /** Counts one more. @param subject a hash. */
  async count(limit: DoorLimit, subject: string, nowMs: number): Promise<Tally> {
    const { rows } = await sql<{ count: number }>`
      insert into citizen_tallies (tally_key, window_start_ms, count)
      values (${keyOf(limit, subject)}, ${startOf(limit, nowMs)}::bigint, 1)
      on conflict (tally_key, window_start_ms) do update set count = citizen_tallies.count + 1
      returning count`.execute(this.database);
    const { count } = rows[0]!;
    return { count, isOver: count > limit.max, endsAtMs: startOf(limit, nowMs) + limit.windowMs };
  }

  /** What was counted was none after all. */
  async giveBack(limit: DoorLimit, subject: string, nowMs: number): Promise<void> {
    await sql`
      update citizen_tallies set count = count - 1
      where tally_key = ${keyOf(limit, subject)} and window_start_ms = ${startOf(limit, nowMs)}::bigint and count > 1`.execute(
      this.database,
    );
  }

  /** As it stands, without counting; over where nothing more is let through. */
  async standing(limit: DoorLimit, subject: string, nowMs: number): Promise<Tally> {
    const row = await this.database
      .selectFrom("citizen_tallies")
      .select("count")
      .where("tally_key", "=", keyOf(limit, subject))
      .where("window_start_ms", "=", startOf(limit, nowMs))
      .executeTakeFirst();
    const count = row?.count ?? 0;
    return { count, isOver: count >= limit.max, endsAtMs: startOf(limit, nowMs) + limit.windowMs };
  }

  /** What no limit asks for any more. */
  async forgetBefore(nowMs: number): Promise<void> {
    await this.database
      .deleteFrom("citizen_tallies")
      .where("window_start_ms", "<", nowMs - KEPT_MS)
      .execute();
  }
}

function keyOf({ name }: DoorLimit, subject: string): string {
  return `${name}:${subject}`;
}

/** Days begin at Beijing's midnight, so that "tomorrow" is tomorrow. */
const CHINA_OFFSET_MS = 8 * 3_600_000;

function startOf({ windowMs }: DoorLimit, nowMs: number): number {
  return nowMs - ((nowMs + CHINA_OFFSET_MS) % windowMs);
}

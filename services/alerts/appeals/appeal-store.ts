/**
 * Appeals in the database: events, and the row they come to.
 *
 * 1. An event and the row are one transaction; the row's version is that of the last event.
 * 2. Who changes an appeal holds its row until the transaction ends: versions have no gaps and no forks.
 * 3. Every event is in the audit log, without words that people wrote: those by their hash.
 */

import { hash } from "node:crypto";
import { type Kysely, sql, type Transaction } from "kysely";
import { appendAudit } from "../../../platform/audit-log/audit-log.js";
import { formatInstant } from "../../../schemas/instant.js";
import type { AlertsTables } from "../tables.js";
import { type Appeal, type AppealEvent, appealOf, evolve, NO_APPEAL, type PlacedEvent } from "./appeal.js";
import { type DeadlineTerms, runningDeadlines } from "./appeal-deadlines.js";
import { countedChange } from "./counted-appeal.js";
import { officeDueOf } from "./office-due.js";

export type AppealsTrx = Transaction<AlertsTables>;
type Reading = Kysely<AlertsTables>;

export interface StoredAppeal {
  readonly appealId: string;
  /** 申诉编号. */
  readonly number: string;
  readonly appeal: Appeal;
  readonly events: readonly PlacedEvent[];
}

const APPEAL_ID_LENGTH = 24;
const NUMBER_DIGITS = 6;

export function appealIdOf(caseId: string, ordinal: number): string {
  return hash("sha256", JSON.stringify(["appeal", caseId, ordinal])).slice(0, APPEAL_ID_LENGTH);
}

/** `SS2026000042`: of the year in which it was opened, counted through. */
export function numberOf(place: number, openedAtMs: number): string {
  return `SS${formatInstant(openedAtMs).slice(0, 4)}${String(place).padStart(NUMBER_DIGITS, "0")}`;
}

/** @param isLocked nobody else changes it until the transaction ends. */
export async function storedAppeal(
  database: Reading,
  appealId: string,
  isLocked = false,
): Promise<StoredAppeal | null> {
  const query = database
    .selectFrom("appeals")
    .select(["place", "opened_at"])
    .where("appeal_id", "=", appealId);
  const row = await (isLocked ? query.forUpdate() : query).executeTakeFirst();
  if (row === undefined) return null;
  const events = await eventsOf(database, appealId);
  const number = numberOf(row.place, row.opened_at.getTime());
  return { appealId, number, events, appeal: appealOf(events) };
}

async function eventsOf(database: Reading, appealId: string): Promise<readonly PlacedEvent[]> {
  return (await eventsByAppeal(database, [appealId])).get(appealId) ?? [];
}

/** Of each in their order. */
export async function eventsByAppeal(
  database: Reading,
  appealIds: readonly string[],
): Promise<ReadonlyMap<string, readonly PlacedEvent[]>> {
  const rows = await database
    .selectFrom("appeal_events")
    .select(["appeal_id", "version", "at", "event"])
    .where("appeal_id", "=", sql<string>`any(${[...appealIds]}::text[])`)
    .orderBy("appeal_id")
    .orderBy("version")
    .execute();
  const events = new Map<string, PlacedEvent[]>();
  for (const { appeal_id, version, at, event } of rows) {
    const of = events.get(appeal_id) ?? [];
    of.push({ version, at: formatInstant(at.getTime()), event });
    events.set(appeal_id, of);
  }
  return events;
}

/** The row of a new appeal, before its first events. @returns null where the case has one under way by now. */
export async function insertAppeal(
  trx: AppealsTrx,
  { caseId, personKey, ordinal, at }: { caseId: string; personKey: string; ordinal: number; at: string },
): Promise<string | null> {
  const appeal_id = appealIdOf(caseId, ordinal);
  const row = await trx
    .insertInto("appeals")
    .values({
      appeal_id,
      case_id: caseId,
      ordinal,
      person_key: personKey,
      region: sql<string>`coalesce((select region from cases where case_id = ${caseId}), '')`,
      state: NO_APPEAL.state,
      version: 1,
      opened_at: at,
      changed_at: at,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning("appeal_id")
    .executeTakeFirst();
  return row?.appeal_id ?? null;
}

export interface AppendedEvents {
  readonly events: readonly AppealEvent[];
  readonly at: string;
  /** By which the office's next day is found. */
  readonly terms: DeadlineTerms;
}

/** The row is locked, or was inserted in this transaction. @returns the appeal after them. */
export async function appendEvents(
  trx: AppealsTrx,
  { appealId, appeal, events: before }: Pick<StoredAppeal, "appealId" | "appeal" | "events">,
  { events, at, terms }: AppendedEvents,
): Promise<{ readonly appeal: Appeal; readonly placed: readonly PlacedEvent[] }> {
  const placed = events.map((event, index) => ({ version: appeal.version + index + 1, at, event }));
  const after = placed.reduce(evolve, appeal);
  const running = runningDeadlines([...before, ...placed], { ...terms, earliestSwipeAt: null });
  for (const { version, event } of placed)
    await trx
      .insertInto("appeal_events")
      .values({ appeal_id: appealId, version, at, event: JSON.stringify(event) })
      .execute();
  await trx
    .updateTable("appeals")
    .set({
      ...{ state: after.state, version: after.version, changed_at: at },
      ...countedChange(placed),
      ...officeDueOf(running),
    })
    .where("appeal_id", "=", appealId)
    .execute();
  return { appeal: after, placed };
}

/** The last thing in its transaction: whoever else writes to the audit log waits from here on. */
export async function auditEvents(
  trx: AppealsTrx,
  appealId: string,
  placed: readonly PlacedEvent[],
  actor: string,
): Promise<void> {
  for (const { version, at, event } of placed) {
    const eventSha256 = hash("sha256", JSON.stringify(event));
    await appendAudit(trx, at, {
      actor,
      action: `appeal.${event.type}`,
      subject: `appeal:${appealId}`,
      detail: { version, eventSha256 },
    });
  }
}

/** Of the case, in whose way it stands when that is closed; null where none is under way. */
export async function openAppealOf<Tables>(
  transaction: Transaction<Tables>,
  caseId: string,
): Promise<string | null> {
  const trx = transaction as unknown as AppealsTrx;
  const row = await trx
    .selectFrom("appeals")
    .select("appeal_id")
    .where("case_id", "=", caseId)
    .where("state", "not in", ["draft", "withdrawn", "closed"])
    .executeTakeFirst();
  return row?.appeal_id ?? null;
}

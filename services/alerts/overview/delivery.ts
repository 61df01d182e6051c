/** How messages, records and activations get on: bounded counts. */

import { type Kysely, type RawBuilder, sql } from "kysely";
import type { Scope } from "../../../schemas/console/access.js";
import type { DeliveryFigures } from "../../../schemas/http/overview.js";
import { formatInstant } from "../../../schemas/instant.js";
import type { SmsStatus } from "../sms/sms-state.js";
import type { OverviewTables } from "./overview-tables.js";
import { ofEachRange, withinScope } from "./within-scope.js";

/** Some 20 ms. A city has fewer a day; the nation's office sees the latest. */
export const SMS_COUNTED_MAX = 20_000;
/** Of calls (of a county those among the longest waiting of its city) and of records that ingest does not have: more are "that many and more". */
export const WAITING_COUNTED_MAX = 1_000;

export interface DeliveryAsked {
  readonly scope: Scope;
  /** SMS of what happened since then. */
  readonly sinceMs: number;
}

export async function deliveryFigures(
  tables: Kysely<OverviewTables>,
  { scope, sinceMs }: DeliveryAsked,
): Promise<Omit<DeliveryFigures, "rules">> {
  const [byStatus, calls, journal] = await Promise.all([
    smsByStatus(tables, scope, sinceMs),
    openCalls(tables, scope),
    journalOutbox(tables),
  ]);
  const of = (...statuses: readonly SmsStatus[]) =>
    statuses.reduce((sum, status) => sum + (byStatus.get(status) ?? 0), 0);
  const counted = [...byStatus.values()].reduce((sum, count) => sum + count, 0);
  return {
    sms: {
      from: formatInstant(sinceMs),
      counted: Math.min(counted, SMS_COUNTED_MAX),
      isMore: counted > SMS_COUNTED_MAX,
      delivered: of("delivered"),
      sent: of("sent"),
      failed: of("failed"),
      unknown: of("unknown"),
      waiting: of("queued", "sending"),
      noContact: of("no-contact"),
      suppressed: of("suppressed"),
      calls,
    },
    journal,
  };
}

/**
 * Of persons with a case in the scope; whoever has no case is the nation's. The range has two ends so that PostgreSQL takes it for
 * a short one, and its index, also where it knows nothing of the table.
 */
async function smsByStatus(
  tables: Kysely<OverviewTables>,
  scope: Scope,
  sinceMs: number,
): Promise<ReadonlyMap<SmsStatus, number>> {
  const { rows } = await sql<{ status: SmsStatus; count: number }>`
    select status, count(*)::int as count
    from (select status, person_key from sms where created_at >= ${new Date(sinceMs).toISOString()}::timestamptz
        and created_at < 'infinity'
      order by created_at desc limit ${SMS_COUNTED_MAX + 1}) as latest
    ${ofPersonsWithin(scope)} group by status`.execute(tables);
  return new Map(rows.map(({ status, count }) => [status, count]));
}

async function openCalls(tables: Kysely<OverviewTables>, scope: Scope): Promise<number> {
  const open = ofEachRange(
    scope,
    (within) => sql`select region from sms_escalations where ${within} and done_at is null
      order by created_at limit ${sql.lit(WAITING_COUNTED_MAX)}`,
  );
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from (
      select from (${open}) calls where ${withinScope(scope, sql.ref("region"))}
      limit ${sql.lit(WAITING_COUNTED_MAX)}
    ) counted`.execute(tables);
  return rows[0]!.count;
}

/** Of rows `latest`, each person looked up: joined as tables, PostgreSQL might read all cases. */
function ofPersonsWithin(scope: Scope): RawBuilder<unknown> {
  if (scope.includes("")) return sql``;
  return sql`cross join lateral (
    select 1 from cases c where c.person_key = latest.person_key and ${withinScope(scope, sql.ref("c.region"))} limit 1) c`;
}

async function journalOutbox(tables: Kysely<OverviewTables>): Promise<DeliveryFigures["journal"]> {
  const { rows } = await sql<DeliveryFigures["journal"]>`
    select
      (select count(*)::int from (select from journal_outbox where status = 'pending'
        limit ${WAITING_COUNTED_MAX}) as waiting) as pending,
      (select count(*)::int from (select from journal_outbox where status = 'refused'
        limit ${WAITING_COUNTED_MAX}) as refusals) as refused`.execute(tables);
  return rows[0]!;
}

/** What the alerts' database holds. */

import { Kysely, sql } from "kysely";
import type { OpenDatabase } from "../../platform/database/database.js";

export interface StoredAlerts {
  readonly alertIds: ReadonlySet<string>;
  /** waiting: queued, for the morning. */
  readonly smsByStatus: Readonly<Record<string, number>>;
}

export async function storedAlerts({ dialect }: OpenDatabase): Promise<StoredAlerts> {
  const kysely = new Kysely<unknown>({ dialect });
  const alerts = await sql<{ alert_id: string }>`select alert_id from alerts`.execute(kysely);
  const sms = await sql<{ status: string; messages: number }>`
    select case when status = 'queued' and attempts = 0 and not_before > now() then 'waiting' else status end as status,
      count(*)::int as messages
    from sms group by 1`.execute(kysely);
  return {
    alertIds: new Set(alerts.rows.map(({ alert_id }) => alert_id)),
    smsByStatus: Object.fromEntries(sms.rows.map(({ status, messages }) => [status, messages])),
  };
}

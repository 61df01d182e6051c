/** Alerts in the shape of the national platform's audit results (3101), page by page. */

import { Kysely } from "kysely";
import type { OpenDatabase } from "../../platform/database/database.js";
import { formatInstant } from "../../schemas/instant.js";
import { type AlertFacts, type AuditResult, auditResultsOf } from "../../schemas/national/audit-result.js";
import type { AlertsTables } from "./tables.js";

/** A page is some 300 kB of JSON. */
export const AUDIT_PAGE_ALERTS_MAX = 500;

export interface AuditPage {
  readonly results: readonly AuditResult[];
  /** For the next page; null where there is none. */
  readonly after: string | null;
}

/**
 * Standing alerts in the order of their ids: what a revision replaced or withdrew is no finding any more.
 * @param after alertId of the last page's last alert; null for the first page.
 */
export async function auditPage(
  database: Pick<OpenDatabase, "dialect">,
  after: string | null,
): Promise<AuditPage> {
  const tables = new Kysely<AlertsTables>({ dialect: database.dialect });
  let query = tables
    .selectFrom("alerts")
    .selectAll()
    .where("state", "=", "standing")
    .orderBy("alert_id")
    .limit(AUDIT_PAGE_ALERTS_MAX);
  if (after !== null) query = query.where("alert_id", ">", after);
  const rows = await query.execute();
  return {
    results: rows.flatMap((row) => auditResultsOf(factsOf(row))),
    after: rows.length < AUDIT_PAGE_ALERTS_MAX ? null : rows.at(-1)!.alert_id,
  };
}

interface StoredAlert {
  readonly alert_id: string;
  readonly case_id: string;
  readonly person_key: string | null;
  readonly decision_id: string | null;
  readonly event_id: string | null;
  readonly finding_id: string | null;
  readonly action: AlertFacts["action"];
  readonly severity: AlertFacts["severity"];
  readonly rules: readonly string[];
  readonly kind: string | null;
  readonly institution_id: string | null;
  readonly care_region: string | null;
  readonly occurred_at: Date | null;
  readonly card_tail: string | null;
  readonly total_fen: number | null;
  readonly at_risk_fen: number | null;
  readonly disputed: boolean;
}

function factsOf(row: StoredAlert): AlertFacts {
  return {
    alertId: row.alert_id,
    caseId: row.case_id,
    personKey: row.person_key,
    decisionId: row.decision_id,
    eventId: row.event_id,
    findingId: row.finding_id,
    action: row.action,
    severity: row.severity,
    rules: row.rules,
    kind: row.kind,
    institutionId: row.institution_id,
    careRegion: row.care_region,
    occurredAt: row.occurred_at === null ? null : formatInstant(row.occurred_at.getTime()),
    cardTail: row.card_tail,
    totalFen: row.total_fen,
    atRiskFen: row.at_risk_fen,
    disputed: row.disputed,
  };
}

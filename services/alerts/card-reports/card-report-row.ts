/** Between a transition, its row, and what people are shown of it. */

import type { Selectable } from "kysely";
import type { ColumnType as RowColumn } from "../../../platform/database/insert-rows.js";
import type { CardReport } from "../../../schemas/card-report.js";
import { formatInstant } from "../../../schemas/instant.js";
import type { LoggedOutcome } from "../../../schemas/outcomes.js";
import type { OutcomePosition } from "../../../schemas/topics.js";
import type { CardReportRow, CardReportsTable } from "../tables.js";

export const CARD_REPORT_COLUMNS = {
  person_key: "text",
  journal_offset: "bigint",
  sequence: "integer",
  event_id: "text",
  credential: "text",
  card_tail: "text",
  action: "text",
  from_state: "text",
  to_state: "text",
  applied: "boolean",
  code: "text",
  policy_id: "text",
  reported_at: "timestamptz",
  effective_at: "timestamptz",
  expires_at_min: "timestamptz",
  expires_at_max: "timestamptz",
  calendar_uncertain: "boolean",
} as const satisfies Record<keyof CardReportRow, RowColumn>;

/** None where it is about no card. */
export function cardReportRows({
  outcome,
  position,
}: {
  readonly outcome: LoggedOutcome;
  readonly position: OutcomePosition;
}): readonly CardReportRow[] {
  if (outcome.type !== "transition") return [];
  return [
    {
      person_key: outcome.personKey,
      journal_offset: position.journalOffset,
      sequence: position.sequence,
      event_id: outcome.eventId,
      credential: outcome.credential,
      card_tail: outcome.cardTail,
      action: outcome.action,
      from_state: outcome.from,
      to_state: outcome.to,
      applied: outcome.applied,
      code: outcome.code,
      policy_id: outcome.policyId,
      reported_at: outcome.reportedAt,
      effective_at: outcome.effectiveAt,
      expires_at_min: outcome.expiresAtMin,
      expires_at_max: outcome.expiresAtMax,
      calendar_uncertain: outcome.calendarUncertain,
    },
  ];
}

export function cardReportOf(row: Selectable<CardReportsTable>): CardReport {
  return {
    eventId: row.event_id,
    credential: row.credential,
    cardTail: row.card_tail,
    action: row.action,
    from: row.from_state,
    to: row.to_state,
    applied: row.applied,
    code: row.code,
    policyId: row.policy_id,
    reportedAt: formatInstant(row.reported_at.getTime()),
    effectiveAt: formatInstant(row.effective_at.getTime()),
    expiresAtMin: row.expires_at_min && formatInstant(row.expires_at_min.getTime()),
    expiresAtMax: row.expires_at_max && formatInstant(row.expires_at_max.getTime()),
    calendarUncertain: row.calendar_uncertain,
  };
}

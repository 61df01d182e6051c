/** The case's standing alerts in the platform's 3101 shape, a line each, in the order of their swipes. */

import type { CaseAlert, CaseFile } from "../../../schemas/evidence/package.js";
import { auditResultsOf } from "../../../schemas/national/audit-result.js";
import type { Transaction } from "../facts/transaction.js";
import type { NumberedTransaction } from "./findings.js";

export async function* auditLines(
  caseFile: CaseFile,
  transactions: AsyncIterable<NumberedTransaction>,
): AsyncGenerator<string> {
  const standing = new Map(
    caseFile.alerts.filter(({ state }) => state === "standing").map((alert) => [alert.eventId, alert]),
  );
  for await (const { transaction } of transactions) {
    const alert = standing.get(transaction.swipe.eventId);
    if (alert === undefined) continue;
    for (const result of resultsOf(caseFile, alert, transaction)) yield JSON.stringify(result);
  }
}

function resultsOf({ caseId, personKey }: CaseFile, alert: CaseAlert, { swipe, decision }: Transaction) {
  const { action } = alert;
  if (action === "approve") return [];
  return auditResultsOf({
    alertId: alert.alertId,
    caseId,
    personKey,
    decisionId: decision?.decisionId ?? null,
    eventId: alert.eventId,
    findingId: null,
    action,
    severity: alert.severity,
    rules: alert.rules,
    kind: swipe.kind,
    institutionId: swipe.institutionId,
    careRegion: swipe.careRegion,
    occurredAt: swipe.occurredAt,
    cardTail: swipe.cardTail ?? null,
    totalFen: swipe.totalFen,
    atRiskFen: alert.atRiskFen,
    disputed: alert.disputed,
  });
}

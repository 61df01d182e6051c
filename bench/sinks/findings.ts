/** What is lost or wrong after a load: each as a sentence; none where all is where it belongs. Pure. */

import type { Reconciliation } from "../../services/analytics/reconciliation.js";
import { isReconciled } from "../load/office-client.js";

export interface Written {
  /** Swipes of the run so far. */
  readonly swipes: number;
  /** By the decisions log. */
  readonly missing: number;
  readonly several: number;
  readonly outcomes: number;
  readonly alertIds: ReadonlySet<string>;
  /** By ClickHouse, compared with the logs. */
  readonly reconciliation: Reconciliation;
  /** By PostgreSQL. */
  readonly storedAlertIds: ReadonlySet<string>;
  readonly smsByStatus: Readonly<Record<string, number>>;
  /** Lines of the outbox. */
  readonly smsWritten: number;
}

const SMS_UNFINISHED = ["queued", "sending", "unknown", "failed"] as const;

export function findingsOf(written: Written): readonly string[] {
  const { swipes, missing, several, reconciliation, outcomes, smsByStatus, smsWritten } = written;
  const rows = reconciliation.partitions.reduce((sum, partition) => sum + partition.outcomes.rows, 0);
  const sent = smsByStatus.sent ?? 0;
  return [
    ...(missing > 0 ? [`${missing} of ${swipes} swipes have no decision in the log`] : []),
    ...(several > 0 ? [`${several} of ${swipes} swipes have several decisions in the log`] : []),
    ...(isReconciled(reconciliation)
      ? []
      : [`ClickHouse's rows are not the logs': ${JSON.stringify(reconciliation.findings.slice(0, 3))}`]),
    ...(rows === outcomes ? [] : [`ClickHouse has ${rows} outcomes, the log ${outcomes}`]),
    ...alertFindings(written),
    ...SMS_UNFINISHED.filter((status) => (smsByStatus[status] ?? 0) > 0).map(
      (status) => `${smsByStatus[status]} SMS are ${status}`,
    ),
    ...(sent === 0 ? ["no SMS was sent: the load is to have some"] : []),
    ...(sent === smsWritten ? [] : [`${sent} SMS are sent by the ledger, ${smsWritten} by the outbox`]),
  ];
}

function alertFindings({ alertIds, storedAlertIds }: Written): readonly string[] {
  const missing = [...alertIds].filter((id) => !storedAlertIds.has(id));
  const extra = [...storedAlertIds].filter((id) => !alertIds.has(id));
  return [
    ...(alertIds.size === 0 ? ["nothing was challenged: the load is to have some of it"] : []),
    ...(missing.length === 0 ? [] : [`${missing.length} alerts are missing, such as ${missing[0]}`]),
    ...(extra.length === 0 ? [] : [`${extra.length} alerts are too many, such as ${extra[0]}`]),
  ];
}

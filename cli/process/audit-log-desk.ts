/** The audit log as the console's auditors read it, on the database of alerts. */

import { Kysely, sql } from "kysely";
import { type CheckpointTables, checkpointsOf } from "../../platform/audit-log/audit-checkpointer.js";
import { auditLines } from "../../platform/audit-log/audit-log.js";
import { searchAudit } from "../../platform/audit-log/audit-search.js";
import type { OpenDatabase } from "../../platform/database/database.js";
import { subjectsWithin } from "../../services/alerts/system/audit-scope.js";
import type { AlertsTables } from "../../services/alerts/tables.js";
import type { AuditLogDesk } from "../../services/console/server/system-desk.js";
import type { EvidenceKeys } from "./evidence-keys.js";

/** Some 12 kB. */
export const CHECKPOINTS_PAGE = 25;

export function auditLogDesk({ dialect }: Pick<OpenDatabase, "dialect">, keys: EvidenceKeys): AuditLogDesk {
  const tables = new Kysely<CheckpointTables>({ dialect });
  const ofCases = new Kysely<AlertsTables>({ dialect });
  return {
    search: async (asked, scope) => {
      const found = await searchAudit(tables, asked);
      const subjects = found.lines.map(subjectOf);
      const within = await subjectsWithin(ofCases, subjects, scope);
      return { ...found, lines: found.lines.filter((_, i) => within.has(subjects[i]!)) };
    },
    lines: (afterSeq, limit) => auditLines(tables, { afterSeq, limit }),
    latestCheckpoints: (limit) => checkpointsOf(tables, { order: "desc", afterSeq: 0, limit }),
    checkpoints: (afterSeq) => checkpointsOf(tables, { order: "asc", afterSeq, limit: CHECKPOINTS_PAGE }),
    head: async () => {
      const { rows } = await sql<{ seq: number | null }>`select max(seq) as seq from audit_log`.execute(
        tables,
      );
      return rows[0]?.seq ?? 0;
    },
    keys: () => keys.published().keys,
  };
}

/** Empty of a line that is no entry: the verification says so. */
function subjectOf(line: string): string {
  try {
    const { subject } = JSON.parse(line) as { readonly subject?: unknown };
    return typeof subject === "string" ? subject : "";
  } catch {
    return "";
  }
}

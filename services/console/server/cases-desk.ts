/**
 * Port: what the console asks of whoever keeps the cases and the audit log.
 *
 * What an implementation promises
 * - **Scope**: a case that does not belong to the scope is not there: in no list, NOT_FOUND by its id.
 * - **Once**: a change is made on the version it names, or not at all; the same again is a CONFLICT.
 * - **Durable**: when a change resolves it is stored, with its entry in the audit log.
 * - What is not allowed is a refused result, never an exception; it rejects where the database does not answer.
 */

import type { AskedChange, ChangeResult } from "../../../schemas/case-command.js";
import type { CaseState } from "../../../schemas/case-transitions.js";
import type { Scope } from "../../../schemas/console/access.js";
import type { AuditPage, CaseDetail, CaseSummary, SignedCheckpoint } from "../../../schemas/http/cases.js";

export interface CasesDesk {
  list(asked: CasesAsked): Promise<{ readonly cases: readonly CaseSummary[]; readonly after: string | null }>;
  /** null where there is none. */
  show(caseId: string, scope: Scope): Promise<CaseDetail | null>;
  change(asked: AskedChange): Promise<ChangeResult>;
}

export interface CasesAsked {
  readonly scope: Scope;
  /** As the last page said; null for the first page. */
  readonly after: string | null;
  readonly state: CaseState | null;
  readonly assignee: string | null;
}

export interface AuditDesk {
  lines(afterSeq: number): Promise<AuditPage>;
  checkpoints(afterSeq: number): Promise<readonly SignedCheckpoint[]>;
}

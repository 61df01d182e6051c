/**
 * Port: what the console asks of whoever keeps appeals.
 *
 * What an implementation promises
 * - **Once**: a change is made on the version it names, or not at all.
 * - **Durable**: when a change resolves it is stored with all that follows of it, and its entry in the audit log.
 * - **Scope**: appeals of cases that belong to other regions are not there, neither to see nor to change.
 * - What is not allowed is a result, never an exception; it rejects where the database does not answer.
 */

import type { AppealState } from "../../../schemas/appeal.js";
import type { AppealChangeResult, AskedAppealChange } from "../../../schemas/appeal-command.js";
import type { Scope } from "../../../schemas/console/access.js";
import type { AppealDetail, AppealFile, AppealSummary } from "../../../schemas/http/appeals.js";
import type { NationalAppeal } from "../../../schemas/national/appeal-out.js";
import type { ReversalRequest } from "../../../schemas/national/reversal-out.js";

export interface AppealsDesk {
  list(asked: {
    /** As the last page said; null for the first page. */
    readonly after: string | null;
    readonly state: AppealState | null;
    readonly scope: Scope;
  }): Promise<{ readonly appeals: readonly AppealSummary[]; readonly after: string | null }>;
  /** null where there is none in the scope. So below. */
  show(appealId: string, scope: Scope): Promise<AppealDetail | null>;
  /** @param by who opens it: it is written down. */
  document(
    appealId: string,
    documentId: string,
    by: { readonly reader: string; readonly scope: Scope },
  ): Promise<AppealFile | null>;
  paper(appealId: string, paperId: string, scope: Scope): Promise<AppealFile | null>;
  national(appealId: string, scope: Scope): Promise<NationalAppeal | null>;
  change(asked: AskedAppealChange & { readonly scope: Scope }): Promise<AppealChangeResult>;
  reversals(asked: {
    readonly withHandedOver: boolean;
    readonly scope: Scope;
    /** As the last page said; null for the first page. */
    readonly after: string | null;
  }): Promise<{ readonly reversals: readonly ListedReversal[]; readonly after: string | null }>;
  /** @returns what was marked by this call. */
  handOver(asked: { readonly by: string; readonly scope: Scope }): Promise<readonly ListedReversal[]>;
}

export interface ListedReversal {
  readonly decisionId: string;
  readonly status: "to-hand-over" | "handed-over" | "undone" | "unclear";
  readonly request: ReversalRequest | null;
}

/**
 * Port: what the console asks of whoever keeps appeals.
 *
 * What an implementation promises
 * - **Once**: a change is made on the version it names, or not at all.
 * - **Durable**: when a change resolves it is stored with all that follows of it, and its entry in the audit log.
 * - What is not allowed is a result, never an exception; it rejects where the database does not answer.
 */

import type { AppealState } from "../../../schemas/appeal.js";
import type { AppealChangeResult, AskedAppealChange } from "../../../schemas/appeal-command.js";
import type { AppealDetail, AppealFile, AppealSummary } from "../../../schemas/http/appeals.js";
import type { NationalAppeal } from "../../../schemas/national/appeal-out.js";
import type { ReversalRequest } from "../../../schemas/national/reversal-out.js";

export interface AppealsDesk {
  list(asked: {
    /** appealId of the last page's last appeal; null for the first page. */
    readonly after: string | null;
    readonly state: AppealState | null;
  }): Promise<{ readonly appeals: readonly AppealSummary[]; readonly after: string | null }>;
  /** null where there is none. So below. */
  show(appealId: string): Promise<AppealDetail | null>;
  /** @param reader who opens it: it is written down. */
  document(appealId: string, documentId: string, reader: string): Promise<AppealFile | null>;
  paper(appealId: string, paperId: string): Promise<AppealFile | null>;
  national(appealId: string): Promise<NationalAppeal | null>;
  change(asked: AskedAppealChange): Promise<AppealChangeResult>;
  reversals(asked: { readonly withHandedOver: boolean }): Promise<readonly ListedReversal[]>;
  /** @returns what was marked by this call. */
  handOver(by: string): Promise<readonly ListedReversal[]>;
}

export interface ListedReversal {
  readonly decisionId: string;
  readonly status: "to-hand-over" | "handed-over" | "undone" | "unclear";
  readonly request: ReversalRequest | null;
}

/**
 * Port: what the page of a case asks of whoever keeps cases, beside the case itself (cases-desk.ts).
 *
 * What an implementation promises
 * - **Scope**: a case that does not belong to the scope is not there: null.
 * - **Durable**: when a change resolves it is stored; what was unmasked stands in the audit log before it is given.
 * - It rejects where the database does not answer.
 */

import type { Scope } from "../../../schemas/console/access.js";
import type { CaseWorkEntry, Draft, DraftField, Unmasked } from "../../../schemas/http/case-page.js";

export const WORK_KINDS = ["work", "note", "sms", "answer", "custody", "appeal", "finding"] as const;
export type WorkKind = (typeof WORK_KINDS)[number];

/** Of an entry: newest first, then by id, the greater first. */
export interface WorkPlace {
  readonly at: string;
  readonly id: string;
}

export interface CaseSubject {
  readonly caseId: string;
  /** null where the case is of an institution, a terminal … */
  readonly personKey: string | null;
}

export type UnmaskResult =
  | { readonly kind: "shown"; readonly unmasked: Unmasked }
  | { readonly kind: "refused"; readonly code: "UNMASKED_TOO_OFTEN"; readonly detail: string };

export interface CasePageDesk {
  subject(caseId: string, scope: Scope): Promise<CaseSubject | null>;
  /** What was done and found, behind the place (null: from the newest on), at most `limit`. */
  work(asked: {
    readonly subject: CaseSubject;
    readonly before: WorkPlace | null;
    readonly kinds: readonly WorkKind[];
    readonly limit: number;
  }): Promise<readonly CaseWorkEntry[]>;
  drafts(caseId: string, person: string): Promise<readonly Draft[]>;
  /** An empty text forgets it. */
  keepDraft(kept: {
    readonly caseId: string;
    readonly person: string;
    readonly field: DraftField;
    readonly text: string;
  }): Promise<void>;
  unmask(asked: {
    readonly caseId: string;
    readonly personKey: string;
    readonly actor: string;
    readonly reason: string;
  }): Promise<UnmaskResult>;
  /** Names of those who can be given a case, in order. */
  colleagues(): Promise<readonly string[]>;
}

/**
 * Port: what the console asks about rules of whoever keeps their versions, and of whoever judges history again.
 *
 * What an implementation promises
 * - **Drafts** are their author's: nobody else's are there. A change is made on the revision it names, or not at all.
 * - **Jobs** go on without whoever began them; one of each kind at a time. What came of them is kept.
 * - **Scope**: counts of rules and shares are the nation's, as rules are. Swipes (examples) and figures by region are there
 *   only within the scope; a case only where the person is insured within it.
 * - What is not allowed is a refused result, never an exception; it rejects where a database does not answer.
 */

import type { Scope } from "../../../schemas/console/access.js";
import type { Credential } from "../../../schemas/fields.js";
import type { PoliciesAnswer, PolicyLookup } from "../../../schemas/http/policies-console.js";
import type {
  BreakerAnswer,
  Catalogue,
  DraftDetail,
  DraftSummary,
  RuleEdit,
  RuleFigures,
} from "../../../schemas/http/rules-console.js";
import type { RulesConsoleProblemCode } from "../../../schemas/http/rules-console-problem.js";
import type { JobDetail, JobKind, JobStart, JobSummary } from "../../../schemas/http/rules-jobs.js";

export interface DeskRefusal {
  readonly refused: RulesConsoleProblemCode;
  readonly detail: string;
}
export type Answered<Answer> = Promise<Answer | DeskRefusal>;

export interface DraftAddress {
  readonly author: string;
  readonly draftId: string;
}

export interface RulesConsoleDesk {
  /** @param version null: what runs, or the shipped rules where that is not known yet. */
  catalogue(version: number | null): Answered<Catalogue>;
  figures(asked: { readonly days: number; readonly scope: Scope }): Answered<RuleFigures>;
  breaker(): Promise<BreakerAnswer>;

  drafts(author: string): Promise<readonly DraftSummary[]>;
  /** @param baseVersion null: what runs. */
  startDraft(author: string, baseVersion: number | null): Answered<DraftDetail>;
  draft(address: DraftAddress): Answered<DraftDetail>;
  /** Stores the rule, with its mistakes; `isStored` false: only says what would be. */
  editRule(
    asked: DraftAddress & { readonly rule: string; readonly edit: RuleEdit; readonly isStored: boolean },
  ): Answered<DraftDetail>;
  commentDraft(
    asked: DraftAddress & { readonly revision: number; readonly comment: string },
  ): Answered<DraftDetail>;
  saveDraft(
    asked: DraftAddress & { readonly revision: number; readonly comment: string },
  ): Answered<{ readonly version: number }>;
  dropDraft(address: DraftAddress): Answered<{ readonly done: true }>;

  jobs(kind: JobKind | null): Promise<readonly JobSummary[]>;
  startJob(asked: JobStart, person: string): Answered<JobSummary>;
  job(jobId: string, scope: Scope): Answered<JobDetail>;
  cancelJob(jobId: string): Answered<JobSummary>;

  policies(): Promise<PoliciesAnswer>;
  /** @param acceptedAtMs null: now. */
  policyLookup(asked: {
    readonly region: string;
    readonly credential: Credential;
    readonly acceptedAtMs: number | null;
  }): Promise<PolicyLookup>;
}

/**
 * Ports: what the console asks of whoever keeps cases, findings and the register of institutions.
 *
 * What an implementation promises
 * - **Scope**: what lies outside is not there: null, or not in the list.
 * - **Bounded**: an answer reads as many rows as its page or its person has, however many rows there are.
 * - It rejects where the database does not answer.
 */

import type { Scope } from "../../../schemas/console/access.js";
import type { Severity } from "../../../schemas/fields.js";
import type {
  FindingDetail,
  FindingPage,
  FindingSummary,
  InstitutionHead,
  PersonAnswer,
  SearchHit,
  SubjectCase,
} from "../../../schemas/http/subjects.js";
import type { PatrolId } from "../../../schemas/patrols.js";

export interface FindingsAsked {
  readonly scope: Scope;
  readonly patrol: PatrolId | null;
  readonly severity: Severity | null;
  readonly subjectKind: string | null;
  readonly institutionId: string | null;
  /** As the last page said; null: the first. What is none begins anew. */
  readonly after: string | null;
}

/** Of an institution, or of one of its terminals. */
export interface PlaceFacts {
  readonly findings: readonly FindingSummary[];
  readonly cases: readonly SubjectCase[];
}

export type AppealHit = Extract<SearchHit, { kind: "appeal" }>["found"];

export interface SubjectsDesk {
  /**
   * null where nothing of the person is in the database within the scope. Of a person who is insured elsewhere
   * (`isWhole` false) only what lies within.
   */
  person(personKey: string, scope: Scope): Promise<PersonAnswer | null>;
  findings(asked: FindingsAsked): Promise<FindingPage>;
  finding(findingId: string, scope: Scope): Promise<FindingDetail | null>;
  /** @param terminalId null: of the whole institution. */
  placeFacts(
    place: { readonly institutionId: string; readonly terminalId: string | null },
    scope: Scope,
  ): Promise<PlaceFacts>;
  caseOfId(caseId: string, scope: Scope): Promise<SubjectCase | null>;
  /** As it is printed: `K7M2-Q9XW`. */
  caseOfCode(code: string, scope: Scope): Promise<SubjectCase | null>;
  /** Of the latest alerts of such cards. */
  casesOfCardTail(
    tail: string,
    scope: Scope,
  ): Promise<{ readonly cases: readonly SubjectCase[]; readonly isCut: boolean }>;
  caseIdOfDecision(decisionId: string, scope: Scope): Promise<string | null>;
  /** Drafts are the holder's alone. */
  appealOfNumber(number: string, scope: Scope): Promise<AppealHit | null>;
}

/** The register; names of institutions are no secret, but those of other regions are not there. */
export interface InstitutionRegisterDesk {
  find(institutionId: string): Promise<InstitutionHead | null>;
  /** Whose name or id contains the text, at most `limit`. */
  search(text: string, scope: Scope, limit: number): Promise<readonly InstitutionHead[]>;
}

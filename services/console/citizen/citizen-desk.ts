/**
 * Port: what the cardholder's pages ask of the rest of Kadun. They know nothing else of cases, cards and appeals.
 *
 * What an implementation promises
 * - **One person**: everything but `caseByCode` is asked with the personKey of the session; what belongs to another person
 *   is not there (null, or an AppealProblem UNKNOWN): nobody can tell it from what never was.
 * - **Once**: `requestId` is the idempotency key of a change: the same again changes nothing and answers the same.
 * - **Durable**: when a change resolves it is stored; what follows of it (journal, bureau, SMS) happens whatever dies.
 */

import type { AppealDocument, AppealDraft, AppealView, DocumentKind } from "../../../schemas/appeal.js";
import type { CardReport, CardStanding } from "../../../schemas/card-report.js";
import type { Action, Credential, SwipeKind } from "../../../schemas/fields.js";

export interface CitizenCase {
  readonly caseId: string;
  readonly personKey: string;
}

export interface HolderContact {
  readonly phone: string;
  readonly name: string;
  readonly idNumberLast4: string;
}

export interface HolderSwipe {
  readonly decisionId: string;
  readonly kind: SwipeKind;
  readonly occurredAtMs: number;
  /** City, in words. */
  readonly place: string;
  /** As the register knows it; its id where it does not. */
  readonly institution: string;
  readonly credential: Credential;
  readonly cardTail: string | null;
  readonly totalFen: number;
  /** Of the personal account; null where the message did not say. */
  readonly accountFen: number | null;
  /** As it stands now, after revisions. */
  readonly action: Action;
  /** zh-CN, one sentence each: why it was not simply approved. */
  readonly because: readonly string[];
  /** zh-CN: what the holder can do about it, in the words of rulesets/advice.json. */
  readonly advice: string | null;
  /** Is it one of an alert of this case? */
  readonly isAlerted: boolean;
  /** What the holder said of it. */
  readonly answer: "mine" | "not-mine" | null;
}

export interface HolderLimits {
  /** Only in the insured region. */
  readonly homeOnly: boolean;
  /** Of one day; null: none. */
  readonly dailyFen: number | null;
  /** None from 23:00 to 06:00. */
  readonly noNight: boolean;
}

/** What the bureau's own system said of a report; null parts are not known yet. */
export interface LossRequest {
  readonly requestId: string;
  readonly requestedAtMs: number;
  readonly status: "pending" | "accepted" | "failed";
  readonly receiptNo: string | null;
  /** The transition that came of it; null until it was judged. */
  readonly report: CardReport | null;
}

export type SmsResult =
  | { readonly kind: "queued" }
  | { readonly kind: "too-often"; readonly againAtMs: number };

export interface CitizenDesk {
  /** @param code as it is stored, `K7M2-Q9XW`. */
  caseByCode(code: string): Promise<CitizenCase | null>;
  contactOf(personKey: string): Promise<HolderContact | null>;
  /** The one-time code goes into the ledger of SMS and out. */
  sendLoginCode(sms: { smsId: string; personKey: string; code: string }): Promise<SmsResult>;

  swipeOf(personKey: string, caseId: string, decisionId: string): Promise<HolderSwipe | null>;
  /** The latest first; alerted ones of the case are always among the first page. */
  swipesOf(
    personKey: string,
    page: { caseId: string; sinceMs: number; before: string | null; limit: number },
  ): Promise<{ swipes: readonly HolderSwipe[]; before: string | null }>;
  /** "Mine" or "not mine". */
  answerSwipe(answer: {
    requestId: string;
    personKey: string;
    caseId: string;
    decisionId: string;
    answer: "mine" | "not-mine";
  }): Promise<"answered" | "unknown" | "decided-already">;

  cardsOf(personKey: string, atMs: number): Promise<readonly CardStanding[]>;
  /** `decisionId`: the swipe whose card is meant; its whole credential where null. */
  reportLoss(report: {
    requestId: string;
    personKey: string;
    credential: Credential;
    decisionId: string | null;
  }): Promise<LossRequest>;
  lossRequestsOf(personKey: string): Promise<readonly LossRequest[]>;
  limitsOf(personKey: string): Promise<HolderLimits>;
  setLimits(change: { requestId: string; personKey: string; limits: HolderLimits }): Promise<void>;

  readonly appeals: HolderAppeals;
}

/** Why an appeal did not change; `text` is zh-CN for the holder. */
export interface AppealProblem {
  readonly problem: string;
  readonly text: string;
}

export interface HolderAppeals {
  /** The latest first. */
  list(personKey: string): Promise<readonly AppealView[]>;
  find(personKey: string, appealId: string): Promise<AppealView | null>;
  /** The case's draft, or a new one. */
  open(personKey: string, caseId: string): Promise<AppealView | AppealProblem>;
  save(personKey: string, appealId: string, draft: AppealDraft): Promise<AppealView | AppealProblem>;
  addDocument(
    personKey: string,
    appealId: string,
    document: {
      kind: DocumentKind;
      name: string;
      mediaType: AppealDocument["mediaType"];
      content: Uint8Array;
    },
  ): Promise<AppealView | AppealProblem>;
  removeDocument(
    personKey: string,
    appealId: string,
    documentId: string,
  ): Promise<AppealView | AppealProblem>;
  submit(personKey: string, appealId: string, requestId: string): Promise<AppealView | AppealProblem>;
  /** What was asked for is there. */
  supplement(personKey: string, appealId: string, requestId: string): Promise<AppealView | AppealProblem>;
  withdraw(personKey: string, appealId: string, requestId: string): Promise<AppealView | AppealProblem>;
  askReconsideration(
    personKey: string,
    appealId: string,
    request: { requestId: string; reasons: string },
  ): Promise<AppealView | AppealProblem>;
  /** A PDF. */
  paper(personKey: string, appealId: string, paperId: string): Promise<Uint8Array | null>;
}

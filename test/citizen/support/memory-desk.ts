/** A desk in memory: one cardholder, another one's things, and what the pages asked of it. */

import type { AppealDraft, AppealView, ClaimedSwipe } from "../../../schemas/appeal.js";
import type { CardReport, CardStanding } from "../../../schemas/card-report.js";
import { formatInstant } from "../../../schemas/instant.js";
import type {
  AppealProblem,
  CitizenCase,
  CitizenDesk,
  HolderAppeals,
  HolderContact,
  HolderLimits,
  HolderSwipe,
  LossRequest,
  SmsResult,
} from "../../../services/console/citizen/citizen-desk.js";

export const HOLDER = "a".repeat(32);
export const STRANGER = "b".repeat(32);
export const CASE_ID = "case-1";
export const CODE = "K7M2-Q9XW";
const HOUR_MS = 3_600_000;

export function swipe(atMs: number, fields: Partial<HolderSwipe> = {}): HolderSwipe {
  return {
    decisionId: "d-1",
    kind: "settle",
    occurredAtMs: atMs,
    place: "宣城市",
    institution: "宣城市某药店",
    credential: "card",
    cardTail: "6217",
    totalFen: 68_000,
    accountFen: 68_000,
    action: "approve",
    because: ["密码输错两次以后又有消费。"],
    advice: "请出示身份证核验，通过后可继续；不是您本人操作，请立即拨12393挂失并报警。",
    isAlerted: true,
    answer: null,
    ...fields,
  };
}

export class MemoryDesk implements CitizenDesk {
  readonly cases = new Map<string, CitizenCase>([[CODE, { caseId: CASE_ID, personKey: HOLDER }]]);
  readonly contacts = new Map<string, HolderContact>([
    [HOLDER, { phone: "13800000000", name: "王小明", idNumberLast4: "123X" }],
  ]);
  readonly sms: { readonly personKey: string; readonly code: string }[] = [];
  readonly losses = new Map<string, LossRequest>();
  readonly lossesAsked: { credential: string; decisionId: string | null }[] = [];
  swipes: HolderSwipe[];
  limits: HolderLimits = { homeOnly: false, dailyFen: null, noNight: false };
  limitChanges = 0;
  answers = new Map<string, string>();
  isDecided = false;
  lossStatus: LossRequest["status"] = "accepted";
  /** One-time codes are held back until then; null: they are not. */
  heldUntilMs: number | null = null;
  /** What every call fails with; null: nothing. */
  failure: Error | null = null;
  readonly appeals: MemoryAppeals;

  constructor(readonly now: () => number) {
    this.swipes = [
      swipe(now() - 2 * HOUR_MS),
      swipe(now() - 3 * HOUR_MS, { decisionId: "d-2", action: "reject", totalFen: 120_000 }),
      ...Array.from({ length: 14 }, (_, i) =>
        swipe(now() - (24 + i) * HOUR_MS, {
          decisionId: `own-${i}`,
          place: "杭州市",
          institution: "杭州市第一人民医院",
          totalFen: 2_350 + i,
          because: [],
          advice: null,
          isAlerted: false,
        }),
      ),
    ];
    this.appeals = new MemoryAppeals(this);
  }

  private async answered<Value>(value: () => Value): Promise<Value> {
    if (this.failure !== null) throw this.failure;
    return value();
  }

  caseByCode(code: string) {
    return this.answered(() => this.cases.get(code) ?? null);
  }

  contactOf(personKey: string) {
    return this.answered(() => this.contacts.get(personKey) ?? null);
  }

  sendLoginCode({ personKey, code }: { personKey: string; code: string }) {
    return this.answered((): SmsResult => {
      if (this.heldUntilMs !== null) return { kind: "too-often", againAtMs: this.heldUntilMs };
      this.sms.push({ personKey, code });
      return { kind: "queued" };
    });
  }

  swipeOf(personKey: string, _caseId: string, decisionId: string) {
    return this.answered(
      () => (personKey === HOLDER ? this.swipes.find((one) => one.decisionId === decisionId) : null) ?? null,
    );
  }

  swipesOf(personKey: string, { before, limit }: { before: string | null; limit: number }) {
    return this.answered(() => {
      const from = before === null ? 0 : Number(before);
      const own = personKey === HOLDER ? this.swipes : [];
      const next = from + limit < own.length ? String(from + limit) : null;
      return { swipes: own.slice(from, from + limit), before: next };
    });
  }

  answerSwipe({
    personKey,
    decisionId,
    answer,
  }: {
    personKey: string;
    decisionId: string;
    answer: "mine" | "not-mine";
  }) {
    return this.answered(() => {
      const found = personKey === HOLDER && this.swipes.some((one) => one.decisionId === decisionId);
      if (!found) return "unknown" as const;
      if (this.isDecided) return "decided-already" as const;
      this.answers.set(decisionId, answer);
      this.swipes = this.swipes.map((one) => (one.decisionId === decisionId ? { ...one, answer } : one));
      return "answered" as const;
    });
  }

  cardsOf(personKey: string): Promise<readonly CardStanding[]> {
    return this.answered(() => {
      if (personKey !== HOLDER) return [];
      const report = [...this.losses.values()].at(-1)?.report ?? null;
      return [
        {
          credential: "card",
          cardTail: "6217",
          standing: report === null ? "in-use" : "lost",
          since: report?.effectiveAt ?? null,
          report,
        },
        { credential: "e-credential", cardTail: null, standing: "in-use", since: null, report: null },
      ] as const;
    });
  }

  reportLoss({ requestId, credential, decisionId }: Parameters<CitizenDesk["reportLoss"]>[0]) {
    return this.answered(() => {
      const known = this.losses.get(requestId);
      if (known !== undefined) return known;
      this.lossesAsked.push({ credential, decisionId });
      const isAccepted = this.lossStatus === "accepted";
      const request: LossRequest = {
        requestId,
        requestedAtMs: this.now(),
        status: this.lossStatus,
        receiptNo: isAccepted ? "GS20260301000123" : null,
        report: isAccepted ? cardReportAt(this.now()) : null,
      };
      this.losses.set(requestId, request);
      return request;
    });
  }

  lossRequestsOf(personKey: string) {
    return this.answered(() => (personKey === HOLDER ? [...this.losses.values()] : []));
  }

  limitsOf() {
    return this.answered(() => this.limits);
  }

  setLimits({ limits }: { limits: HolderLimits }) {
    return this.answered(() => {
      this.limits = limits;
      this.limitChanges++;
    });
  }
}

function cardReportAt(ms: number): CardReport {
  return {
    eventId: "loss-1",
    credential: "card",
    cardTail: "6217",
    action: "report-loss",
    from: "active",
    to: "provisional-loss",
    applied: true,
    code: null,
    policyId: "hangzhou",
    reportedAt: formatInstant(ms),
    effectiveAt: formatInstant(ms),
    expiresAtMin: formatInstant(ms + 7 * 24 * HOUR_MS),
    expiresAtMax: formatInstant(ms + 7 * 24 * HOUR_MS),
    calendarUncertain: false,
  };
}

const UNKNOWN: AppealProblem = { problem: "UNKNOWN", text: "没有这份申诉。" };
type AppealResult = Promise<AppealView | AppealProblem>;

export class MemoryAppeals implements HolderAppeals {
  readonly views: AppealView[] = [];
  submissions = 0;
  lastDraft: AppealDraft = {};

  constructor(private readonly desk: MemoryDesk) {}

  /** As an analyst's work would leave it. */
  put(fields: Partial<AppealView>): AppealView {
    const view = { ...emptyAppeal(`appeal-${this.views.length + 1}`), ...fields };
    this.views.push(view);
    return view;
  }

  change(appealId: string, change: Partial<AppealView>): AppealView {
    const at = this.views.findIndex((one) => one.appealId === appealId);
    const view = { ...this.views[at]!, ...change, version: this.views[at]!.version + 1 };
    this.views[at] = view;
    return view;
  }

  async list(personKey: string): Promise<readonly AppealView[]> {
    return personKey === HOLDER ? this.views : [];
  }

  async find(personKey: string, appealId: string): Promise<AppealView | null> {
    if (this.desk.failure !== null) throw this.desk.failure;
    return (await this.list(personKey)).find((one) => one.appealId === appealId) ?? null;
  }

  async open(personKey: string): AppealResult {
    if (personKey !== HOLDER) return UNKNOWN;
    return this.views.find(({ state }) => state === "draft") ?? this.put({});
  }

  async save(personKey: string, appealId: string, draft: AppealDraft): AppealResult {
    const view = await this.find(personKey, appealId);
    if (view === null) return UNKNOWN;
    this.lastDraft = draft;
    const swipes = draft.swipes?.map((id) => this.claimed(id)) ?? view.swipes;
    return this.change(appealId, {
      statement: draft.statement ?? view.statement,
      swipes,
      bankAccountTail: draft.bankAccount?.slice(-4) ?? view.bankAccountTail,
      hasAgent: draft.hasAgent ?? view.hasAgent,
    });
  }

  async addDocument(
    personKey: string,
    appealId: string,
    { kind, name, mediaType, content }: Parameters<HolderAppeals["addDocument"]>[2],
  ): AppealResult {
    const view = await this.find(personKey, appealId);
    if (view === null) return UNKNOWN;
    const document = {
      documentId: `doc-${view.documents.length + 1}`,
      kind,
      name,
      mediaType,
      bytes: content.length,
      sha256: "0".repeat(64),
      addedAt: formatInstant(this.desk.now()),
    };
    return this.change(appealId, { documents: [...view.documents, document] });
  }

  async removeDocument(personKey: string, appealId: string, documentId: string): AppealResult {
    const view = await this.find(personKey, appealId);
    if (view === null) return UNKNOWN;
    return this.change(appealId, {
      documents: view.documents.filter((one) => one.documentId !== documentId),
    });
  }

  async submit(personKey: string, appealId: string): AppealResult {
    const view = await this.find(personKey, appealId);
    if (view === null) return UNKNOWN;
    this.submissions++;
    return this.change(appealId, this.moved(view, "submitted"));
  }

  async supplement(_personKey: string, appealId: string): AppealResult {
    return this.move(appealId, "first-review");
  }

  async withdraw(_personKey: string, appealId: string): AppealResult {
    return this.move(appealId, "withdrawn");
  }

  async askReconsideration(_personKey: string, appealId: string): AppealResult {
    return this.move(appealId, "reconsideration");
  }

  async paper(personKey: string, appealId: string, paperId: string): Promise<Uint8Array | null> {
    const view = await this.find(personKey, appealId);
    return view?.papers.some((one) => one.paperId === paperId) ? Buffer.from("%PDF-1.7 paper") : null;
  }

  private async move(appealId: string, state: AppealView["state"]): AppealResult {
    const view = this.views.find((one) => one.appealId === appealId);
    return view === undefined ? UNKNOWN : this.change(appealId, this.moved(view, state));
  }

  private moved(view: AppealView, state: AppealView["state"]) {
    return { state, steps: [...view.steps, { state, at: formatInstant(this.desk.now()), note: null }] };
  }

  private claimed(decisionId: string): ClaimedSwipe {
    const found = this.desk.swipes.find((one) => one.decisionId === decisionId)!;
    return {
      decisionId,
      occurredAt: formatInstant(found.occurredAtMs),
      totalFen: found.totalFen,
      accountFen: found.accountFen,
      position: "no-report",
      bearer: "undetermined",
      because: "没有查到挂失记录。",
      outcome: null,
    };
  }
}

export function emptyAppeal(appealId: string): AppealView {
  return {
    appealId,
    number: "SS-2026-000001",
    caseId: CASE_ID,
    version: 0,
    state: "draft",
    statement: "",
    swipes: [],
    documents: [],
    bankAccountTail: null,
    hasAgent: false,
    steps: [],
    deadlines: [],
    papers: [],
    decision: null,
  };
}

/** Bodies of `/v1/console/persons`, `institutions`, `findings` and `search`. */
import * as z from "zod";
import { APPEAL_STATES } from "../appeal.js";
import { cardReport, cardStanding } from "../card-report.js";
import { CASE_STATES } from "../case-transitions.js";
import { ACTIONS, INSTITUTION_KINDS, instant, SEVERITIES } from "../fields.js";
import { PATROL_IDS } from "../patrols.js";
import { caseAlert } from "./cases.js";
import { decisionPage, decisionRow, institutionAnswer as institutionFiguresAnswer } from "./figures.js";

const count = z.number().int().min(0);

export const subjectCase = z.object({
  caseId: z.string(),
  subjectKind: z.string(),
  subject: z.string(),
  region: z.string(),
  status: z.enum(["open", "closed"]),
  state: z.enum(CASE_STATES),
  assignee: z.string().nullable(),
  openedAt: instant,
  lastAlertAt: instant.nullable(),
  alerts: count,
  moneyAtRiskFen: count,
  strongestAction: z.enum(ACTIONS),
  highestSeverity: z.enum(SEVERITIES),
});

export const personAnswer = z.object({
  personKey: z.string(),
  formerKeys: z.array(z.string()).describe("other keys under which the person is known"),
  insuredRegion: z.string().nullable().describe("as the latest swipe says; null where none does"),
  isWhole: z
    .boolean()
    .describe("false: the person is insured elsewhere; of its doings here only swipes and cases are shown"),
  cards: z.array(cardStanding),
  limits: z.object({
    homeOnly: z.boolean(),
    dailyFen: count.nullable(),
    noNight: z.boolean(),
  }),
  lossRequests: z.array(
    z.object({
      requestId: z.string(),
      requestedAt: instant,
      status: z.enum(["pending", "accepted", "failed"]),
      receiptNo: z.string().nullable(),
      effectiveAt: z.string().nullable(),
      report: cardReport.nullable(),
    }),
  ),
  reminders: z.array(
    z.object({ kind: z.string(), dueAt: instant, status: z.string(), settledAt: instant.nullable() }),
  ),
  cases: z.array(subjectCase),
  alerts: z
    .array(z.object({ ...caseAlert.shape, caseId: z.string() }))
    .describe("the latest first, at most 50"),
  sms: z.array(
    z.object({
      smsId: z.string(),
      situation: z.string(),
      text: z.string(),
      status: z.string(),
      createdAt: instant,
    }),
  ),
  appeals: z.array(
    z.object({ appealId: z.string(), number: z.string(), state: z.enum(APPEAL_STATES), openedAt: instant }),
  ),
  answers: z
    .array(
      z.object({
        decisionId: z.string(),
        caseId: z.string(),
        answer: z.enum(["mine", "not-mine"]),
        answeredAt: instant,
      }),
    )
    .describe("what the holder said of swipes, the latest first"),
});

const text = z.object({ "zh-CN": z.string(), en: z.string() });
export const findingSummary = z.object({
  findingId: z.string(),
  patrol: z.enum(PATROL_IDS),
  name: z.string(),
  subjectKind: z.string(),
  subject: z.string(),
  window: z.string(),
  severity: z.enum(SEVERITIES),
  institutionId: z.string().nullable(),
  region: z.string(),
  caseId: z.string().nullable(),
  text: text.describe("what was counted"),
  evidenceCount: count,
  firstAt: instant,
  lastAt: instant,
  firstSeenAt: instant,
  lastSeenAt: instant,
  timesSeen: count,
});
export const findingPage = z.object({
  findings: z.array(findingSummary).describe("seen last first"),
  after: z.string().nullable().describe("for the next page; a page may hold few or none and have one"),
  searchedTo: instant.nullable().describe("how far back it was looked; null: to the first"),
});
export const findingDetail = z.object({
  ...findingSummary.shape,
  sees: text,
  basis: text,
  next: text,
  facts: z.record(z.string(), z.number()),
  parameters: z.object({
    settings: z.record(z.string(), z.unknown()),
    query: z.record(z.string(), z.unknown()),
  }),
  query: z.string().describe("as it was run"),
  querySha256: z.string(),
  evidenceSha256: z.string(),
  evidence: z
    .array(z.object({ at: instant, eventId: z.string(), personKey: z.string(), institutionId: z.string() }))
    .describe("the earliest, at most 200"),
});

const institutionHead = z.object({
  institutionId: z.string(),
  name: z.string().nullable(),
  kind: z.enum(INSTITUTION_KINDS).nullable(),
  region: z.string().describe("'' where nobody says"),
  chainId: z.string().nullable(),
  isRegistered: z.boolean(),
});
const used = z.object({ id: z.string(), swipes: count, stopped: count });
export const institutionDetail = z.object({
  ...institutionHead.shape,
  figures: institutionFiguresAnswer.nullable().describe("null: none in that time, or they cannot be had now"),
  figuresAway: z.boolean(),
  terminals: z.array(used).describe("in the latest swipes that are listed"),
  operators: z.array(used),
  latest: decisionPage.nullable(),
  findings: z.array(findingSummary),
  cases: z.array(subjectCase),
});
export const terminalDetail = z.object({
  ...institutionHead.shape,
  terminalId: z.string(),
  figuresAway: z.boolean(),
  persons: count.describe("in the swipes that are listed"),
  latest: decisionPage.nullable(),
  findings: z.array(findingSummary),
  cases: z.array(subjectCase),
});

export const SEARCH_KINDS = [
  "case-code",
  "case",
  "card-tail",
  "event",
  "institution",
  "appeal",
  "person",
] as const;
export const searchHit = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("case"), by: z.enum(["case-code", "case", "card-tail"]), found: subjectCase }),
  z.object({ kind: z.literal("event"), found: decisionRow, caseId: z.string().nullable() }),
  z.object({ kind: z.literal("institution"), found: institutionHead }),
  z.object({
    kind: z.literal("appeal"),
    found: z.object({
      appealId: z.string(),
      number: z.string(),
      caseId: z.string(),
      state: z.enum(APPEAL_STATES),
      openedAt: instant,
    }),
  }),
  z.object({ kind: z.literal("person"), found: z.object({ personKey: z.string(), isWhole: z.boolean() }) }),
]);
export const searchAnswer = z.object({
  looksLike: z.array(z.enum(SEARCH_KINDS)).describe("what the text can be by its form"),
  hits: z.array(searchHit),
  isCut: z.boolean().describe("there are more than are shown"),
  figuresAway: z.boolean().describe("events could not be looked for"),
});

export type SubjectCase = z.infer<typeof subjectCase>;
export type PersonAnswer = z.infer<typeof personAnswer>;
export type FindingSummary = z.infer<typeof findingSummary>;
export type FindingPage = z.infer<typeof findingPage>;
export type FindingDetail = z.infer<typeof findingDetail>;
export type InstitutionHead = z.infer<typeof institutionHead>;
export type InstitutionDetail = z.infer<typeof institutionDetail>;
export type TerminalDetail = z.infer<typeof terminalDetail>;
export type SearchKind = (typeof SEARCH_KINDS)[number];
export type SearchHit = z.infer<typeof searchHit>;
export type SearchAnswer = z.infer<typeof searchAnswer>;

/**
 * Figures and rows of swipes as the console shows them.
 *
 * Words, the same in all figures:
 * - **answer**: what the terminal was told when the swipe was decided. Figures count first answers: a later revision
 *   changes no figure. Rows say both: `action` is the first answer, `effectiveAction` what the last revision made of it.
 * - **time of a swipe**: the terminal's clock, or where that was clearly wrong the time at which it was judged.
 * - **money at risk**: of authorize and settle, the amount that is not cash; 0 of other kinds. **Stopped** is the money
 *   at risk of swipes that were answered with a challenge or a rejection.
 * - **region of insurance / of care**: six digits; a shorter code stands for all that begin with it.
 */
import * as z from "zod";
import { ACTIONS, INSTITUTION_KINDS, instant, MODES, SEVERITIES, SWIPE_KINDS } from "../fields.js";

const count = z.number().int().min(0);
const fen = z.number().int().min(0);

export const answerCounts = z.object({
  swipes: count.describe("all of them: the sum of the four"),
  approve: count,
  review: count,
  challenge: count,
  reject: count,
});
export const moneyFigures = z.object({
  atRiskFen: fen,
  reviewedFen: fen.describe("money at risk of swipes answered with a review: paid, looked at later"),
  challengedFen: fen,
  rejectedFen: fen.describe("stopped is challenged and rejected together"),
});
export const figures = z.object({ ...answerCounts.shape, ...moneyFigures.shape });

/** What was counted: the asked range, widened to whole minutes, hours or days. `to` does not belong to it. */
export const countedRange = z.object({ from: instant, to: instant });

export const minuteFigures = z.object({ minute: instant, ...answerCounts.shape });
export const todayFigures = z.object({
  range: countedRange,
  total: figures,
  minutes: z.array(minuteFigures).describe("those with swipes, oldest first"),
});

export const ruleFigures = z.object({
  rule: z.string(),
  mode: z.enum(MODES).describe("a rule in shadow has hits that change no answer"),
  ...figures.shape,
});
export const ruleFiguresAnswer = z.object({
  range: countedRange,
  rules: z.array(ruleFigures).describe("counted by what the rule itself asked for; most hits first"),
});
export const ruleCityFigures = z.object({
  ...ruleFigures.shape,
  city: z.string().describe("of care, four digits"),
});
export const ruleCityFiguresAnswer = z.object({ range: countedRange, rules: z.array(ruleCityFigures) });

export const cityFigures = z.object({
  city: z.string().describe("four digits; '' where unknown"),
  ...figures.shape,
});
export const cityFiguresAnswer = z.object({ range: countedRange, cities: z.array(cityFigures) });

export const TREND_BUCKETS = ["hour", "day", "month"] as const;
export const bucketFigures = z.object({
  from: instant.describe("where the bucket begins"),
  ...figures.shape,
});
export const trendAnswer = z.object({
  range: countedRange,
  buckets: z.array(bucketFigures).describe("those with swipes, oldest first"),
});

export const INSTITUTION_RANKINGS = ["rejects", "stops", "money", "rate", "swipes"] as const;
export const institutionFigures = z.object({
  institutionId: z.string(),
  institutionName: z.string().describe("as it was sent last; '' where it was not"),
  institutionKind: z.enum(INSTITUTION_KINDS),
  careRegion: z.string(),
  ...figures.shape,
});
export const institutionRankingAnswer = z.object({
  range: countedRange,
  institutions: z.array(institutionFigures),
});
export const institutionDay = z.object({ day: instant, ...figures.shape });
export const institutionAnswer = z.object({
  range: countedRange,
  institution: institutionFigures,
  days: z.array(institutionDay).describe("those with swipes, oldest first"),
  rules: z.array(ruleFigures).describe("what hit there, most hits first"),
});

/** A decision as lists show it. */
export const decisionRow = z.object({
  at: instant.describe("time of the swipe"),
  decisionId: z.string(),
  eventId: z.string(),
  personKey: z.string(),
  cardTail: z.string(),
  kind: z.enum(SWIPE_KINDS),
  action: z.enum(ACTIONS).describe("first answer"),
  effectiveAction: z.enum(ACTIONS).describe("what the last revision made of it"),
  revisions: count,
  severity: z.enum(["none", ...SEVERITIES]),
  rules: z.array(z.string()).describe("live rules that hit"),
  shadowRules: z.array(z.string()),
  insuredRegion: z.string(),
  careRegion: z.string(),
  institutionId: z.string(),
  institutionName: z.string(),
  institutionKind: z.enum(INSTITUTION_KINDS),
  terminalId: z.string(),
  operatorId: z.string(),
  totalFen: fen,
  atRiskFen: fen,
  disputed: z.boolean(),
  degraded: z.boolean(),
});
/** A page of rows. Not full and `after` not null: nothing more was found as far as `searchedTo`; ask on. */
export const decisionPage = z.object({
  rows: z.array(decisionRow).describe("newest first"),
  after: z.string().nullable().describe("where the next page begins; null: this was the last"),
  searchedTo: instant.nullable().describe("how far back it was looked at; null: to the range's begin"),
});

const decisionReasons = z
  .array(z.record(z.string(), z.unknown()))
  .describe("as in the decisions log (schemas/outcomes.ts `reason`); empty where no rule hit");
export const timelineRevision = z.object({
  revisionId: z.string(),
  at: instant,
  action: z.enum(ACTIONS),
  rules: z.array(z.string()),
  causedBy: z.string(),
  reasons: decisionReasons,
});
export const timelineDecision = z.object({
  decisionId: z.string(),
  action: z.enum(ACTIONS),
  effectiveAction: z.enum(ACTIONS),
  severity: z.enum(["none", ...SEVERITIES]),
  responseCode: z.string(),
  rules: z.array(z.string()),
  shadowRules: z.array(z.string()),
  reasons: decisionReasons,
  disputed: z.boolean(),
  degraded: z.boolean(),
  clockClamped: z.boolean(),
  bundleHash: z.string(),
  engineVersion: z.string(),
  revisions: z.array(timelineRevision).describe("oldest first"),
});
export const timelineTransition = z.object({
  from: z.string(),
  to: z.string(),
  applied: z.boolean(),
  code: z.string(),
  policyId: z.string(),
  effectiveAt: instant.nullable(),
  expiresAtMin: instant.nullable(),
  expiresAtMax: instant.nullable(),
  calendarUncertain: z.boolean(),
});
const entry = {
  at: instant.describe("the terminal's clock"),
  eventId: z.string(),
  personKey: z.string(),
  position: z.string().describe("partition/offset in the journal"),
};
export const timelineSwipe = z.object({
  type: z.literal("swipe"),
  ...entry,
  kind: z.enum(SWIPE_KINDS),
  cardTail: z.string(),
  cardKey: z.string(),
  credential: z.string(),
  insuredRegion: z.string(),
  careRegion: z.string(),
  institutionId: z.string(),
  institutionName: z.string(),
  institutionKind: z.enum(INSTITUTION_KINDS),
  terminalId: z.string(),
  operatorId: z.string(),
  totalFen: fen,
  accountFen: fen.nullable(),
  fundFen: fen.nullable(),
  cashFen: fen.nullable(),
  atRiskFen: fen,
  pin: z.string(),
  agentKey: z.string(),
  originalEventId: z.string(),
  challengeOf: z.string(),
  challengeResult: z.string(),
  longitude: z.number().nullable(),
  latitude: z.number().nullable(),
  items: count,
  decision: timelineDecision.nullable().describe("null: not judged yet, or a repeat of an earlier event"),
});
export const timelineStatus = z.object({
  type: z.literal("card-status"),
  ...entry,
  action: z.string(),
  cardTail: z.string(),
  credential: z.string(),
  region: z.string(),
  channel: z.string(),
  reportedAt: instant.nullable(),
  effectiveAt: instant.nullable(),
  transition: timelineTransition.nullable(),
});
export const timelineFact = z.object({
  type: z.literal("person-fact"),
  ...entry,
  fact: z.string(),
  filingKind: z.string(),
  region: z.string(),
  from: instant.nullable(),
  to: instant.nullable(),
});
export const timelineFeedback = z.object({
  type: z.literal("feedback"),
  ...entry,
  rule: z.string(),
  verdict: z.string(),
});
export const timelineOther = z.object({ type: z.literal("other"), ...entry, recordType: z.string() });
export const timelineEntry = z.discriminatedUnion("type", [
  timelineSwipe,
  timelineStatus,
  timelineFact,
  timelineFeedback,
  timelineOther,
]);
export const timelinePage = z.object({
  entries: z.array(timelineEntry).describe("newest first; PIN tries are swipes of kind pin-check"),
  after: z.string().nullable(),
});

export const GRAPH_NODE_KINDS = ["person", "institution", "terminal", "agent"] as const;
export const graphNode = z.object({
  kind: z.enum(GRAPH_NODE_KINDS),
  key: z.string().describe("personKey, institutionId, institutionId/terminalId, agentKey"),
  name: z.string(),
  hop: z.number().int().min(0).max(2),
  swipes: count,
  stopped: count,
});
export const graphEdge = z.object({ from: z.string(), to: z.string(), swipes: count, stopped: count });
export const neighbourGraph = z.object({
  nodes: z.array(graphNode).describe("the first is the person; ids of edges are kind:key"),
  edges: z.array(graphEdge),
  isCut: z.boolean().describe("there are more than are shown"),
});

export type AnswerCounts = z.infer<typeof answerCounts>;
export type Figures = z.infer<typeof figures>;
export type TodayFigures = z.infer<typeof todayFigures>;
export type RuleFigures = z.infer<typeof ruleFigures>;
export type RuleFiguresAnswer = z.infer<typeof ruleFiguresAnswer>;
export type RuleCityFiguresAnswer = z.infer<typeof ruleCityFiguresAnswer>;
export type CityFiguresAnswer = z.infer<typeof cityFiguresAnswer>;
export type BucketFigures = z.infer<typeof bucketFigures>;
export type TrendAnswer = z.infer<typeof trendAnswer>;
export type InstitutionFigures = z.infer<typeof institutionFigures>;
export type InstitutionRankingAnswer = z.infer<typeof institutionRankingAnswer>;
export type InstitutionAnswer = z.infer<typeof institutionAnswer>;
export type DecisionRow = z.infer<typeof decisionRow>;
export type DecisionPage = z.infer<typeof decisionPage>;
export type TimelineEntry = z.infer<typeof timelineEntry>;
export type TimelineSwipe = z.infer<typeof timelineSwipe>;
export type TimelineDecision = z.infer<typeof timelineDecision>;
export type TimelineTransition = z.infer<typeof timelineTransition>;
export type TimelinePage = z.infer<typeof timelinePage>;
export type GraphNode = z.infer<typeof graphNode>;
export type GraphEdge = z.infer<typeof graphEdge>;
export type NeighbourGraph = z.infer<typeof neighbourGraph>;

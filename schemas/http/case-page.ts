/** `/v1/console/cases/…`: what the page of a case shows beside the case itself. */
import * as z from "zod";
import { APPEAL_STATES } from "../appeal.js";
import { ACTIONS, instant, MODES, SEVERITIES } from "../fields.js";
import { PATROL_IDS } from "../patrols.js";
import {
  graphEdge,
  graphNode,
  timelineFact,
  timelineFeedback,
  timelineOther,
  timelineStatus,
  timelineSwipe,
} from "./figures.js";

export const bilingualText = z.object({ "zh-CN": z.string(), en: z.string() });

export const explainedCondition = z.object({
  what: bilingualText,
  observed: bilingualText,
  relation: z
    .enum(["at-least", "above", "at-most", "below"])
    .nullable()
    .describe("of what was observed to the threshold; null where there is none"),
  threshold: bilingualText.nullable(),
});
/** What would have made the rule silent. */
export const otherwise = z.object({
  needs: z.enum(["any", "all"]).describe("is one of the steps enough, or are all needed?"),
  steps: z.array(bilingualText),
  note: bilingualText.nullable().describe("what the facts do not tell of it"),
});
const explanation = { conditions: z.array(explainedCondition), otherwise };
export const explainedReason = z.object({
  rule: z.string(),
  version: z.number().int(),
  mode: z.enum(MODES),
  action: z.enum(ACTIONS),
  severity: z.enum(SEVERITIES),
  code: z.string(),
  isDraft: z.boolean().describe("found by a draft in shadow"),
  text: bilingualText.describe("as its holder reads it"),
  ...explanation,
  strengthenedBy: z.array(z.string()).describe("rules whose hit beside it made it stronger"),
  facts: z.record(z.string(), z.unknown()),
  evidence: z.array(z.string()).describe("eventIds of other swipes that it rests on"),
});

/** A swipe with its decision and each revision explained. */
export const explainedSwipe = timelineSwipe.extend({
  explained: z.array(explainedReason),
  revisionsExplained: z.array(z.array(explainedReason)).describe("of each revision of the decision"),
});

const entry = { id: z.string(), at: instant };
export const workEntry = z.object({
  type: z.literal("work"),
  ...entry,
  version: z.number().int(),
  actor: z.string(),
  action: z.string(),
  detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  reason: z.string().nullable(),
});
export const noteEntry = z.object({
  type: z.literal("note"),
  ...entry,
  noteId: z.number().int(),
  author: z.string(),
  text: z.string(),
  struck: z.object({ by: z.string(), at: instant, reason: z.string() }).nullable(),
});
export const smsEntry = z.object({
  type: z.literal("sms"),
  ...entry,
  situation: z.string(),
  text: z.string(),
  status: z.string(),
  reason: z.string().nullable(),
});
export const answerEntry = z.object({
  type: z.literal("answer"),
  ...entry,
  decisionId: z.string(),
  answer: z.enum(["mine", "not-mine"]),
});
export const custodyEntryShown = z.object({
  type: z.literal("custody"),
  ...entry,
  actor: z.string(),
  // Pages read these shapes: those of the custody log bring the journal's along.
  action: z.string().describe("as in the custody log; person-shown: personal data was unmasked here"),
  reason: z.string(),
  subject: z.string(),
});
export const appealEntry = z.object({
  type: z.literal("appeal"),
  ...entry,
  appealId: z.string(),
  event: z.string(),
  state: z.enum(APPEAL_STATES).describe("of the appeal now"),
});
const finding = {
  type: z.literal("finding"),
  ...entry,
  findingId: z.string(),
  patrol: z.enum(PATROL_IDS),
  severity: z.enum(SEVERITIES),
  text: bilingualText,
  next: bilingualText.describe("what follows for the analyst"),
  institutionId: z.string().nullable(),
  facts: z.record(z.string(), z.unknown()).describe("counts and the settings that they were found with"),
  evidenceCount: z.number().int(),
};
export const findingEntry = z.object({ ...finding, ...explanation });
/** As whoever keeps it gives it. */
export const foundEntry = z.object(finding);

const JOURNAL_ENTRIES = [
  explainedSwipe,
  timelineStatus,
  timelineFact,
  timelineFeedback,
  timelineOther,
] as const;
const WORK_ENTRIES = [workEntry, noteEntry, smsEntry, answerEntry, custodyEntryShown, appealEntry] as const;
export const caseTimelineEntry = z.discriminatedUnion("type", [
  ...JOURNAL_ENTRIES,
  ...WORK_ENTRIES,
  findingEntry,
]);
/** What people and the office did about it, and what was found; the journal is apart. */
export const caseWorkEntry = z.discriminatedUnion("type", [...WORK_ENTRIES, foundEntry]);

export const TIMELINE_KINDS = [
  "swipe",
  "pin",
  "status",
  "fact",
  "finding",
  "sms",
  "answer",
  "note",
  "work",
  "appeal",
  "custody",
] as const;
export const caseTimelineAnswer = z.object({
  entries: z.array(caseTimelineEntry).describe("newest first; PIN tries are swipes of kind pin-check"),
  after: z.string().nullable().describe("for the next page; a page may be empty and still have one"),
  isJournalAway: z.boolean().describe("the analytics database did not answer: swipes are missing here"),
});

/** Two hops from the case's person; bounded. */
export const caseGraphAnswer = z.object({
  nodes: z.array(graphNode),
  edges: z.array(graphEdge),
  isCut: z.boolean().describe("there are more than are shown"),
});

export const DRAFT_FIELDS = [
  "note",
  "call",
  "reason",
  "evidence",
  "appeal-return",
  "appeal-review",
  "appeal-findings",
  "appeal-decision",
] as const;
/** The longest text that can be sent: a note's. */
export const DRAFT_LENGTH_MAX = 4_000;
export const draftBody = z.strictObject({
  field: z.enum(DRAFT_FIELDS),
  text: z.string().max(DRAFT_LENGTH_MAX),
});
export const draftsAnswer = z.object({
  drafts: z.array(z.object({ field: z.enum(DRAFT_FIELDS), text: z.string(), changedAt: instant })),
});

const REASON_LENGTH_MIN = 4;
const REASON_LENGTH_MAX = 500;
export const unmaskBody = z.strictObject({
  reason: z
    .string()
    .trim()
    .min(REASON_LENGTH_MIN)
    .max(REASON_LENGTH_MAX)
    .describe("stands in the case for good"),
});
export const unmaskAnswer = z.object({
  contact: z
    .object({ name: z.string(), phoneTail: z.string(), idNumberLast4: z.string() })
    .nullable()
    .describe("null: nobody gave one"),
  hideAfterSeconds: z.number().int().min(1).describe("what is shown goes away by then"),
});

export const colleaguesAnswer = z.object({ names: z.array(z.string()).describe("who can be given a case") });

export type ExplainedReason = z.infer<typeof explainedReason>;
export type ExplainedSwipe = z.infer<typeof explainedSwipe>;
export type CaseTimelineEntry = z.infer<typeof caseTimelineEntry>;
export type CaseWorkEntry = z.infer<typeof caseWorkEntry>;
export type CaseTimelineAnswer = z.infer<typeof caseTimelineAnswer>;
export type TimelineKind = (typeof TIMELINE_KINDS)[number];
export type DraftField = (typeof DRAFT_FIELDS)[number];
export type Draft = z.infer<typeof draftsAnswer>["drafts"][number];
export type Unmasked = z.infer<typeof unmaskAnswer>;

/** What the page "today" shows: what waits for one person, the regions' figures, how fresh they are. */
import * as z from "zod";
import type { Permission } from "../console/access.js";
import { instant, SEVERITIES } from "../fields.js";
import { cityFigures, countedRange, ruleFigures, todayFigures } from "./figures.js";

const count = z.number().int().min(0);

/** In the order in which the page shows them: what cannot wait first. */
export const NEED_KINDS = [
  "deadline-missed",
  "appeal-due",
  "case-overdue",
  "phone-call",
  "proposal",
  "unmasking",
  "rules-draft",
] as const;
export type NeedKind = (typeof NEED_KINDS)[number];

/** Who is shown which: those who can do something about it. */
export const NEED_PERMISSIONS = {
  "deadline-missed": "appeals.work",
  "appeal-due": "appeals.work",
  "case-overdue": "cases.work",
  "phone-call": "cases.work",
  proposal: "cases.decide",
  unmasking: "evidence.approve",
  "rules-draft": "rules.publish",
} as const satisfies Readonly<Record<NeedKind, Permission>>;

/** Of one kind; the page shows the first, and that there are more. */
export const NEED_ITEMS_MAX = 20;
/** Further ones are not counted: "99+". */
export const NEED_COUNT_MAX = 99;
/** An appeal is due soon within so many working days. */
export const APPEAL_DUE_WORKING_DAYS = 3;

export const needItem = z.object({
  /** caseId, appealId, number of a version, or of a request: what its page is found by. */
  id: z.string(),
  caseId: z.string().nullable(),
  /** Number of an appeal, state proposed, kind of a deadline: a word of a table, or a number people know. */
  what: z.string().nullable(),
  /** Whose doing it is: who proposed, asked, wrote. */
  by: z.string().nullable(),
  severity: z.enum(SEVERITIES).nullable(),
  region: z.string(),
  /** Since when it waits. */
  since: instant,
  /** By when it has to be done; null where there is no day for it. */
  dueAt: instant.nullable(),
});
export type NeedItem = z.infer<typeof needItem>;

export const need = z.object({
  kind: z.enum(NEED_KINDS),
  /** At most NEED_COUNT_MAX + 1, which says: more than that. */
  count,
  items: z.array(needItem).max(NEED_ITEMS_MAX),
});
export type Need = z.infer<typeof need>;

/** Only kinds of which there are some. */
export const needsAnswer = z.object({ asOf: instant, needs: z.array(need) });

/** What changes by the second: the minutes of the last hours, and when the last swipe was that is in the figures. */
export const PULSE_HOURS = 2;
export const pulse = z.object({ ...todayFigures.shape, newestAt: instant.nullable() });
export type Pulse = z.infer<typeof pulse>;

/** The regions' figures since midnight of Shanghai. */
export const dayFigures = z.object({
  range: countedRange,
  rules: z.array(ruleFigures),
  cities: z.array(cityFigures).describe("by city of care"),
});
export type DayFigures = z.infer<typeof dayFigures>;

/** A store that does not answer takes only its own part off the page. */
export type Held<Value> =
  | { readonly state: "here"; readonly asOf: string; readonly value: Value }
  | {
      readonly state: "away";
      readonly since: string;
      readonly last: { readonly asOf: string; readonly value: Value } | null;
    };
export function heldPart<Shape extends z.ZodType>(shape: Shape) {
  return z.discriminatedUnion("state", [
    z.object({ state: z.literal("here"), asOf: instant, value: shape }),
    z.object({
      state: z.literal("away"),
      since: instant,
      /** What was read last, and when; null where nothing was. */
      last: z.object({ asOf: instant, value: shape }).nullable(),
    }),
  ]);
}

export const STAGES = ["detector", "analytics", "alerts"] as const;
export type Stage = (typeof STAGES)[number];
export const stageLag = z.object({
  stage: z.enum(STAGES),
  /** Records that wait; null where the log could not be asked. */
  records: count.nullable(),
});
export type StageLag = z.infer<typeof stageLag>;

export const feedFreshness = z.object({ feedId: z.string(), lastAt: instant });
export type FeedFreshness = z.infer<typeof feedFreshness>;

export const RECONCILIATION_STATES = ["never", "running", "equal", "different", "failed"] as const;
export const reconciliationState = z.object({
  state: z.enum(RECONCILIATION_STATES),
  /** When it began, was asked for by whom, and ended. */
  startedAt: instant.nullable(),
  by: z.string().nullable(),
  endedAt: instant.nullable(),
  /** Rows and records that were compared, and what was found of them. */
  compared: count,
  findings: count,
});
export type ReconciliationState = z.infer<typeof reconciliationState>;

/** What the databases of people's work say of the machinery: nobody's in particular, so nothing of persons. */
export const deliveryFigures = z.object({
  sms: z.object({
    from: instant,
    /** Of the latest SMS of the day, at most SMS_COUNTED_MAX. */
    counted: count,
    isMore: z.boolean(),
    delivered: count,
    /** The operator has them and has not said more. */
    sent: count,
    failed: count,
    unknown: count,
    waiting: count,
    noContact: count,
    suppressed: count,
    /** Persons to be phoned. */
    calls: count,
  }),
  /** What people did and the journal does not have. Refused: somebody has to look. */
  journal: z.object({ pending: count, refused: count }),
  /** What runs, and what is to be alarmed about it; each alarm begins with its code. */
  rules: z.object({
    version: count.nullable(),
    /** The activation that not every partition has answered. */
    open: z
      .object({ sequence: count, version: count, partitions: count, answered: count, waitingSeconds: count })
      .nullable(),
    alarms: z.array(z.string()),
  }),
});
export type DeliveryFigures = z.infer<typeof deliveryFigures>;

export const overviewAnswer = z.object({
  pulse: heldPart(pulse),
  day: heldPart(dayFigures),
  delivery: heldPart(deliveryFigures),
  stages: heldPart(z.array(stageLag)),
  feeds: heldPart(z.array(feedFreshness)),
  reconciliation: reconciliationState,
});
export type OverviewAnswer = z.infer<typeof overviewAnswer>;

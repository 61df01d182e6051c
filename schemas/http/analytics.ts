/** What the analytics pages ask and are answered, beside the figures of figures.ts. */
import * as z from "zod";
import { APPEAL_STATES } from "../appeal.js";
import { ACTIONS, INSTITUTION_KINDS, instant, region, SWIPE_KINDS } from "../fields.js";
import { rulePrecision } from "../precision.js";
import { INSTITUTION_RANKINGS, TREND_BUCKETS } from "./figures.js";

const count = z.number().int().min(0);

/** A spreadsheet holds a million; nobody reads more than this, and it is some 20 MB. */
export const EXPORT_ROWS_MAX = 100_000;
export const RANKING_MAX = 100;
export const ROWS_PAGE_MAX = 100;
/** Longer than any id of the national platform. */
const NAME_MAX = 128;

const name = z.string().min(1).max(NAME_MAX);
const whole = (max: number) =>
  z
    .string()
    .regex(/^[1-9]\d{0,3}$/, `a number from 1 to ${max}`)
    .transform(Number)
    .refine((value) => value <= max, `at most ${max}`);

/** In an address: texts all. Unknown names are refused, so that a slip is no silent answer about something else. */
const range = { from: instant.optional(), to: instant.optional() };
const filter = {
  ...range,
  insured: region.optional(),
  care: region.optional(),
  institutionKind: z.enum(INSTITUTION_KINDS).optional(),
  kind: z.enum(SWIPE_KINDS).optional(),
};
const rows = {
  ...filter,
  action: z
    .string()
    .transform((text) => text.split(","))
    .pipe(z.array(z.enum(ACTIONS)).max(ACTIONS.length))
    .optional(),
  rule: name.optional(),
  institution: name.optional(),
  terminal: name.optional(),
};

export const rangeQuery = z.strictObject(range);
export const rulesQuery = z.strictObject(filter);
export const trendQuery = z.strictObject({
  ...filter,
  bucket: z.enum(TREND_BUCKETS).default("day"),
  rule: name.optional(),
});
export const citiesQuery = z.strictObject({ ...filter, by: z.enum(["care", "insured"]).default("care") });
export const institutionsQuery = z.strictObject({
  ...filter,
  by: z.enum(INSTITUTION_RANKINGS).default("stops"),
  limit: whole(RANKING_MAX).default(50),
});
export const decisionsQuery = z.strictObject({
  ...rows,
  after: z.string().max(512).optional(),
  limit: whole(ROWS_PAGE_MAX).default(50),
});
export const decisionsExportQuery = z.strictObject(rows);
export const EXPORTED_FIGURES = ["trend", "rules", "cities", "institutions", "precision"] as const;

export type FilterQuery = z.infer<typeof rulesQuery>;

/** Over everything that is stored; of regions of insurance within the scope. */
export const precisionAnswer = z.object({
  state: z
    .enum(["counting", "here", "away"])
    .describe(
      "counting: for the first time; away: the last count failed, and an earlier one is shown if there is one",
    ),
  asOf: instant.nullable().describe("when it was counted; null: never yet"),
  rules: z.array(rulePrecision).describe("by rule and region of insurance"),
});
export type PrecisionAnswer = z.infer<typeof precisionAnswer>;

export const APPEAL_RESULTS = ["upheld", "partly", "rejected"] as const;
const days = z.object({ median: z.number().min(0), longest: z.number().min(0), of: count });
export const appealFigures = z.object({
  range: z.object({ from: instant, to: instant }),
  appeals: count.describe("submitted within the range"),
  isCut: z.boolean().describe("there are more: these are the latest"),
  states: z.array(z.object({ state: z.enum(APPEAL_STATES), appeals: count })),
  results: z.array(z.object({ result: z.enum(APPEAL_RESULTS), appeals: count })),
  claimedSwipes: count.describe("of those decided"),
  upheldSwipes: count,
  reconsidered: count,
  missed: count.describe("deadlines of the office that were missed"),
  daysToAccept: days.nullable().describe("null: none was"),
  daysToDecide: days.nullable().describe("from the submission; null: none was decided"),
});
export type AppealFigures = z.infer<typeof appealFigures>;

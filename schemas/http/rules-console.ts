/** `/v1/console/rules…`: the rules in words, drafts of the editor, and what stopped whom. */
import * as z from "zod";
import { PARAMETER_UNITS } from "../console/parameter-units.js";
import { ACTIONS, MODES, region, SEVERITIES } from "../fields.js";
import { COMMENT_LENGTH_MAX } from "./rules.js";

/** A draft of the editor has the whole ruleset: regions with overrides are some hundreds at most. */
export const OVERRIDDEN_REGIONS_MAX = 400;

const action = z.enum(ACTIONS);
const version = z.number().int().min(1);
const bundleHash = z.string();
const time = z.string().describe("ISO 8601, +08:00");
const bilingual = z.object({ zh: z.string(), en: z.string() });

export const parameterValue = z.union([
  z.number(),
  z.boolean(),
  z.string().max(256),
  z.array(z.union([z.number(), z.string().max(256)])).max(64),
]);
const parameterValues = z.record(z.string(), parameterValue);
const actionChanges = z.partialRecord(action, action);

export const ruleParameter = z.object({
  name: z.string(),
  title: bilingual,
  unit: z.enum(PARAMETER_UNITS),
  isWhole: z.boolean(),
  min: z.number().nullable(),
  max: z.number().nullable(),
  value: parameterValue,
  shipped: parameterValue.nullable().describe("of rulesets/default.json; null: not there"),
});

const regionOverride = z.object({
  region: z.string(),
  params: parameterValues,
  actions: actionChanges,
});

export const consoleRule = z.object({
  id: z.string(),
  name: z.string(),
  /** A patrol looks across persons and judges no swipe; it is not part of a bundle. */
  kind: z.enum(["rule", "patrol"]),
  title: bilingual,
  sees: bilingual,
  basis: bilingual,
  mode: z.enum(MODES),
  severity: z.enum(SEVERITIES),
  version: z.number().int().nullable(),
  judges: z.array(z.string()),
  isUnconditional: z.boolean().describe("never softened by an emergency or honest feedback"),
  finds: z.array(action),
  actionMax: action.describe("the strongest a ruleset may give what it finds"),
  actions: actionChanges.describe("found → counts as, for the whole country"),
  also: z.object({ rules: z.array(z.string()), action }).nullable(),
  overriddenBy: z.enum(["careRegion", "insuredRegion", "loss-policies", "installation"]),
  parameters: z.array(ruleParameter),
  overrides: z.array(regionOverride),
  isLowered: z.boolean().describe("by the breaker, in the version that runs"),
});

export const catalogueAnswer = z.object({
  version: version.nullable().describe("null: what runs is not known yet; these are the shipped rules"),
  bundleHash,
  isRunning: z.boolean(),
  traceCodeReuseAction: z.enum(["review", "reject"]),
  rules: z.array(consoleRule),
});

const count = z.number().int().min(0);
/** Counted by what the rule itself asked for. */
export const ruleFigure = z.object({
  rule: z.string(),
  mode: z.enum(MODES),
  swipes: count,
  approve: count,
  review: count,
  challenge: count,
  reject: count,
  challengedFen: count,
  rejectedFen: count,
});
export const ruleFiguresAnswer = z.object({
  from: time,
  to: time,
  rules: z.array(ruleFigure),
});

/** What the editor sends of one rule, whole: what is left out of `overrides` is no override any more. */
export const ruleEdit = z.strictObject({
  revision: z.number().int().min(0),
  mode: z.enum(MODES),
  severity: z.enum(SEVERITIES),
  params: parameterValues,
  actions: actionChanges,
  overrides: z
    .array(z.strictObject({ region, params: parameterValues, actions: actionChanges }))
    .max(OVERRIDDEN_REGIONS_MAX),
});
export const draftStart = z.strictObject({ baseVersion: version.nullable().describe("null: what runs") });
export const draftSave = z.strictObject({
  revision: z.number().int().min(0),
  comment: z
    .string()
    .trim()
    .min(1, "at least a word: what changes, and why")
    .max(COMMENT_LENGTH_MAX, `at most ${COMMENT_LENGTH_MAX} characters`),
});
export const draftComment = z.strictObject({
  revision: z.number().int().min(0),
  comment: z.string().max(COMMENT_LENGTH_MAX, `at most ${COMMENT_LENGTH_MAX} characters`),
});

export const draftMistake = z.object({
  rule: z.string().nullable().describe("null: of the ruleset as a whole"),
  path: z.string().describe("within the rule, such as params.limitFen or overrides.3301.params.limitFen"),
  expected: z.string(),
});
export const consoleChange = z.object({
  path: z.string(),
  before: z.unknown().optional(),
  after: z.unknown().optional(),
});
export const draftSummary = z.object({
  draftId: z.string(),
  baseVersion: version,
  isBaseRunning: z.boolean().describe("false: something else was published since"),
  revision: z.number().int().min(0),
  comment: z.string(),
  createdAt: time,
  updatedAt: time,
});
export const draftDetail = z.object({
  ...draftSummary.shape,
  rules: z.array(consoleRule),
  mistakes: z.array(draftMistake),
  changes: z.array(consoleChange),
});
export const draftList = z.object({ drafts: z.array(draftSummary) });
export const draftSaved = z.object({ version });
export const done = z.object({ done: z.literal(true) });

export const breakerAnswer = z.object({
  limits: z
    .object({
      swipesMin: z.number(),
      stopsMin: z.number(),
      shareMax: z.number(),
      timesMax: z.number(),
      shareAnyway: z.number(),
    })
    .nullable()
    .describe("null: the breaker is off"),
  /** Of the bundle that runs, over the last ten minutes of decisions. */
  windowSeconds: z.number().int(),
  swipes: z.number().int().min(0),
  rules: z.array(
    z.object({
      rule: z.string(),
      stops: z.number().int().min(0),
      share: z.number(),
      baselineShare: z.number().nullable().describe("before this bundle; null: nothing is known of before"),
      isLowered: z.boolean(),
    }),
  ),
  lowered: z.array(z.string()),
  trips: z
    .array(z.object({ version, at: time, rules: z.array(z.string()), comment: z.string() }))
    .describe("the latest first"),
});

export type ParameterValue = z.infer<typeof parameterValue>;
export type RuleParameter = z.infer<typeof ruleParameter>;
export type ConsoleRule = z.infer<typeof consoleRule>;
export type Catalogue = z.infer<typeof catalogueAnswer>;
export type RuleFigures = z.infer<typeof ruleFiguresAnswer>;
export type RuleEdit = z.infer<typeof ruleEdit>;
export type DraftMistake = z.infer<typeof draftMistake>;
export type DraftSummary = z.infer<typeof draftSummary>;
export type DraftDetail = z.infer<typeof draftDetail>;
export type BreakerAnswer = z.infer<typeof breakerAnswer>;

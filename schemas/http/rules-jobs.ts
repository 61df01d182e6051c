/** `/v1/console/rules/jobs`: long work about rules, done in the background; what came of it is kept. */
import * as z from "zod";
import { backtestExample, backtestResult, backtestRule, gapsResult } from "../backtest.js";
import { precisionReport } from "../precision.js";
import { checkSummary } from "./rules.js";

export const JOB_KINDS = ["backtest", "check", "gaps", "precision", "shadow"] as const;
export const JOB_STATES = ["running", "done", "failed", "cancelled", "interrupted"] as const;
/** Of each kind, the latest; older ones go. */
export const JOBS_KEPT = 20;

const version = z.number().int().min(1);
const time = z.string().describe("ISO 8601, +08:00");
const count = z.number().int().min(0);
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, "a day such as 2026-11-25");

export const jobStart = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("backtest"),
    version: version.describe("judged against what was in force"),
    from: day.nullable().describe("the first day counted; with `to` null: the last 24 hours of the journal"),
    to: day.nullable().describe("the first day not counted any more"),
  }),
  z.strictObject({ kind: z.literal("check"), version }),
  z.strictObject({ kind: z.literal("gaps") }),
  z.strictObject({ kind: z.literal("precision") }),
  z.strictObject({ kind: z.literal("shadow") }),
]);

export const jobProgress = z.object({
  /** Of the steps one after the other: `scan`, `judge` … */
  step: z.string(),
  done: count,
  total: count,
  records: count,
});

export const jobSummary = z.object({
  jobId: z.string(),
  kind: z.enum(JOB_KINDS),
  asked: jobStart,
  state: z.enum(JOB_STATES),
  startedBy: z.string(),
  startedAt: time,
  endedAt: time.nullable(),
  progress: jobProgress.nullable(),
  error: z.string().nullable(),
});

/** With where the swipe may be looked at; examples of other regions are not there. */
export const linkedExample = z.object({
  ...backtestExample.shape,
  caseId: z.string().nullable(),
});
const linkedRule = z.object({ ...backtestRule.shape, examples: z.array(linkedExample) });
export const linkedBacktest = z.object({ ...backtestResult.shape, rules: z.record(z.string(), linkedRule) });

export const shadowRow = z.object({
  rule: z.string(),
  liveHits: count,
  draftHits: count,
  bothHit: count,
  otherAction: count,
  liveStops: count,
  draftStops: count,
});
export const shadowResult = z.object({
  /** null: no draft was in shadow. */
  shadowVersion: version.nullable(),
  shadowBundleHash: z.string().nullable(),
  runningVersion: version.nullable(),
  from: time,
  to: time,
  rows: z.array(shadowRow),
});

export const jobResult = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("backtest"), backtest: linkedBacktest }),
  z.object({ kind: z.literal("check"), check: checkSummary }),
  z.object({ kind: z.literal("gaps"), gaps: gapsResult }),
  z.object({ kind: z.literal("precision"), precision: precisionReport }),
  z.object({ kind: z.literal("shadow"), shadow: shadowResult }),
]);

export const jobDetail = z.object({ ...jobSummary.shape, result: jobResult.nullable() });
export const jobList = z.object({ jobs: z.array(jobSummary).describe("the latest first") });

export type JobKind = (typeof JOB_KINDS)[number];
export type JobState = (typeof JOB_STATES)[number];
export type JobStart = z.infer<typeof jobStart>;
export type JobProgress = z.infer<typeof jobProgress>;
export type JobSummary = z.infer<typeof jobSummary>;
export type JobDetail = z.infer<typeof jobDetail>;
export type JobResult = z.infer<typeof jobResult>;
export type ShadowResult = z.infer<typeof shadowResult>;
export type LinkedBacktest = z.infer<typeof linkedBacktest>;

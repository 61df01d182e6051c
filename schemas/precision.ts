/** What `kadun rules precision` prints as JSON: what became of the findings of each rule. Additive changes only. */
import * as z from "zod";

const count = z.number().int().min(0);
const fen = z.number().int().min(0);
const share = z.number().min(0).max(1);

export const rulePrecision = z.object({
  rule: z.string(),
  /** Where the insured are insured: a division code; empty where the swipe did not say it. */
  region: z.string(),
  /** Decisions in which the live rule hit, and whose they were. */
  findings: count,
  people: count,
  /** Of these people, by the latest feedback on the rule. */
  peopleConfirmed: count,
  peopleHonest: count,
  /** confirmed / (confirmed + honest), by people; null without feedback. */
  precision: share.nullable(),
  /** What the rule itself asked for. */
  challenged: count,
  rejected: count,
  stoppedHonest: count,
  stoppedConfirmed: count,
  /** stoppedHonest / (challenged + rejected): a lower bound, as long as people without feedback may be honest too. */
  falseBlockRate: share.nullable(),
  honestStoppedFen: fen,
  preventedFen: fen,
  /** null where nothing that was confirmed was stopped. */
  challengesPerPreventedFen: z.number().min(0).nullable(),
});

export const precisionReport = z.object({ rules: z.array(rulePrecision) });

export type RulePrecision = z.infer<typeof rulePrecision>;
export type PrecisionReport = z.infer<typeof precisionReport>;

/** Case tables of rules (`services/detector/rules/*.cases.json`): read, completed, judged. The format: docs/adding-a-rule.md. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { ACTIONS, MODES, ruleId, SEVERITIES } from "../../../schemas/fields.js";
import type { DecisionOutcome, Reason, RevisionOutcome } from "../../../schemas/outcomes.js";
import { defaultBundle, judgeRecords } from "../../support/judge.js";
import { changedBundle } from "../changed-bundle.js";
import { offsetMs, type RecordFields, rawRecord } from "../raw-records.js";

const FOLDER = "services/detector/rules";
const CASE_FILE = /^r(\d{2})-[a-z0-9-]+\.cases\.json$/;
export const JUDGED_EVENT_ID = "judged";

const record = z.looseObject({ at: z.string() });
const givenRecord = z.looseObject({
  at: z.string(),
  /** The record so many times, each `every` after the one before. */
  times: z.number().int().min(2).max(128).optional(),
  every: z.string().optional(),
});

const expectation = z
  .strictObject({
    /** The action of the rule's reason; null: the rule gives none. */
    action: z.enum(ACTIONS).nullable(),
    mode: z.enum(MODES).exclude(["off"]).default("live"),
    code: z.string().optional(),
    severity: z.enum(SEVERITIES).optional(),
    /** Some of the facts. */
    facts: z.record(z.string(), z.json()).optional(),
    evidence: z.array(z.string()).optional(),
    textIncludes: z
      .strictObject({ "zh-CN": z.string().min(1), en: z.string().min(1) })
      .partial()
      .optional(),
    /** Some fields of the decision (or revision) itself. */
    outcome: z.record(z.string(), z.json()).optional(),
    /** The outcome looked at is the revision of this swipe, caused by `when`. */
    revisionOf: z.string().optional(),
  })
  .refine(
    ({ action, code, severity, facts, evidence, textIncludes }) =>
      action !== null || [code, severity, facts, evidence, textIncludes].every((each) => each === undefined),
    "action null says that there is no reason: code, severity, facts, evidence and text have no place",
  );

const ruleCase = z.strictObject({
  title: z.string().min(1),
  /** Places in rules.md. */
  section: z.string().min(1),
  /** An overlay of the default ruleset, without its head. */
  ruleset: z.looseObject({ rules: z.array(z.looseObject({ id: ruleId })).optional() }).optional(),
  /** Rows and regions added to the default loss policies; a row of the same key takes the place of the default's. */
  policies: z
    .strictObject({
      rows: z.array(z.unknown()).optional(),
      regions: z.record(z.string(), z.unknown()).optional(),
    })
    .optional(),
  given: z.array(givenRecord),
  when: record.partial(),
  // biome-ignore lint/suspicious/noThenProperty: the word of given-when-then; a case is never awaited
  then: expectation,
});
const caseTable = z.strictObject({ rule: ruleId, cases: z.array(ruleCase).min(1) });

export type RuleCase = z.infer<typeof ruleCase>;
export type CaseTable = z.infer<typeof caseTable> & { readonly file: string };

/** Every table of the rules folder. */
export function readCaseTables(): CaseTable[] {
  return readdirSync(FOLDER)
    .filter((file) => CASE_FILE.test(file))
    .map((file) => {
      const parsed = caseTable.safeParse(JSON.parse(readFileSync(join(FOLDER, file), "utf8")));
      if (!parsed.success) throw new Error(`${FOLDER}/${file}: ${z.prettifyError(parsed.error)}`);
      return { file, ...parsed.data };
    });
}

/** The rule id and file name of the rule a table stands beside. */
export function ruleFileOf(file: string): { id: string; source: string } {
  return { id: `R${CASE_FILE.exec(file)![1]}`, source: file.replace(/\.cases\.json$/, ".ts") };
}

/** The reasons of one rule in the outcome that the case looks at, and that outcome. */
export function judgeCase(rule: string, { given, when, then, ...bundle }: RuleCase) {
  const records = [
    ...expanded(given).map((fields, index) => rawRecord(fields, `given-${index + 1}`)),
    rawRecord({ at: "+0s", ...when }, JUDGED_EVENT_ID),
  ];
  const judged = judgeRecords(records, changedBundle(withRuleLive(rule, bundle)));
  for (const { line, outcome } of judged)
    if ("refused" in outcome)
      throw new Error(
        `record ${line} was refused: ${outcome.field}: ${outcome.reason}\n${JSON.stringify(records[line - 1])}`,
      );
  const outcomes = judged.filter(({ line }) => line === records.length).map(({ outcome }) => outcome);
  const outcome = outcomes.find((each): each is DecisionOutcome | RevisionOutcome =>
    then.revisionOf === undefined
      ? "type" in each && each.type === "decision"
      : "type" in each && each.type === "revision" && each.eventId === then.revisionOf,
  );
  if (outcome === undefined)
    throw new Error(
      `no ${then.revisionOf === undefined ? "decision" : `revision of ${then.revisionOf}`} among: ${JSON.stringify(outcomes)}`,
    );
  const reasons: readonly Reason[] = outcome.reasons.filter((reason) => reason.rule === rule);
  return { outcome, reasons };
}

/** A case is about the rule at work: what the bundle ships in shadow or switched off is live, unless the case says. */
function withRuleLive(rule: string, changes: Pick<RuleCase, "ruleset" | "policies">) {
  const isLive = defaultBundle.ruleset.rules.some(({ id, mode }) => id === rule && mode === "live");
  if (isLive) return changes;
  const own = { id: rule, mode: "live", ...changes.ruleset?.rules?.find(({ id }) => id === rule) };
  const others = changes.ruleset?.rules?.filter(({ id }) => id !== rule) ?? [];
  return { ...changes, ruleset: { ...changes.ruleset, rules: [...others, own] } };
}

function expanded(given: RuleCase["given"]): RecordFields[] {
  return given.flatMap(({ times = 1, every = "+0s", ...fields }) =>
    Array.from({ length: times }, (_, index) => ({
      ...fields,
      at: index === 0 ? fields.at : `${fields.at}${milliseconds(index * offsetMs(every))}`,
    })),
  );
}

function milliseconds(ms: number): string {
  return `${ms < 0 ? "-" : "+"}${Math.abs(ms)}ms`;
}

/** Evaluates the rules on third-party labelled sets: docs/evaluation.md. Exit status: 0 done and every stated
 * figure held, 1 failed or missed, 64 usage. */
import { basename, join } from "node:path";
import { packageRoot } from "../../cli/package-root.js";
import { evaluateSet, type Ruleset, type SetReport } from "./evaluate.js";
import { replayJudge } from "./judge.js";
import type { LabelledSet } from "./labelled-set.js";
import { mustHoldVerdict, type Verdict } from "./must-hold.js";
import { type Options, parseOptions, USAGE, UsageError } from "./options.js";
import { reportText } from "./table.js";

const DEFAULTS: Ruleset = { name: "default", file: null };

/** The ruleset files are data and stay in the source tree. */
function rulesetsOf(set: LabelledSet, options: Options): Ruleset[] {
  if (options.rulesetFile !== null) {
    return [{ name: basename(options.rulesetFile), file: options.rulesetFile }, DEFAULTS];
  }
  if (set.rulesetFile === null) return [DEFAULTS];
  return [{ name: set.rulesetFile, file: join(packageRoot, "bench/real", set.rulesetFile) }, DEFAULTS];
}

/** Another ruleset file than the stated one promises nothing. */
const verdictOf = (set: LabelledSet, report: SetReport, options: Options): Verdict | null =>
  options.rulesetFile === null ? mustHoldVerdict(set, report) : null;

async function evaluate(options: Options): Promise<number> {
  const reports: SetReport[] = [];
  const verdicts: Verdict[] = [];
  for (const set of options.sets) {
    const rulesets = rulesetsOf(set, options);
    const report = await evaluateSet(set, { dataFolder: options.dataFolder, rulesets, judge: replayJudge });
    const verdict = verdictOf(set, report, options);
    reports.push(report);
    if (verdict !== null) verdicts.push(verdict);
    if (!options.json)
      console.log([reportText(report), verdict?.text, ""].filter((text) => text !== undefined).join("\n"));
  }
  if (options.json) console.log(JSON.stringify(reports, null, 2));
  for (const verdict of verdicts) if (!verdict.held) console.error(verdict.text);
  return verdicts.every((verdict) => verdict.held) ? 0 : 1;
}

async function main(args: readonly string[]): Promise<number> {
  try {
    return await evaluate(parseOptions(args));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof UsageError) console.error(`${message}\n${USAGE}`);
    else console.error(`bench/real: ${message}`);
    return error instanceof UsageError ? 64 : 1;
  }
}

process.exitCode = await main(process.argv.slice(2));

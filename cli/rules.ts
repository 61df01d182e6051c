/** `kadun rules list|lint`: what the bundle's rules are, and whether a ruleset and its policies are sound. */

import { parseArgs } from "node:util";
import { RULES } from "../services/detector/rules/registry.js";
import { BundleError, loadBundle } from "./bundle-files.js";
import { ExitStatus, UsageError } from "./exit-status.js";

export const RULES_USAGE = `kadun rules list [--ruleset F] [--json]
kadun rules lint [--ruleset F] [--policies F]

list   the rules of the default bundle, or of a ruleset: mode, severity, parameters
lint   checks a ruleset (whole, or an overlay with "extends": "default") and the files around it; every mistake is
       named by file, path and what was expected
Exit status: 0 sound, 1 mistakes, 64 usage.`;

export async function rules(args: readonly string[]): Promise<ExitStatus> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      ruleset: { type: "string" },
      policies: { type: "string" },
      json: { type: "boolean" },
      help: { type: "boolean" },
    },
  });
  if (values.help === true) {
    console.log(RULES_USAGE);
    return ExitStatus.DONE;
  }
  const options = { rulesetFile: values.ruleset, policiesFile: values.policies };
  switch (positionals.join(" ")) {
    case "list":
      return list(options, values.json === true);
    case "lint":
      return lint(options);
    default:
      throw new UsageError(`expected 'rules list' or 'rules lint'\n\n${RULES_USAGE}`);
  }
}

interface RulesOptions {
  readonly rulesetFile: string | undefined;
  readonly policiesFile: string | undefined;
}

function list(options: RulesOptions, asJson: boolean): ExitStatus {
  const { ruleset, bundle } = loadBundle(options);
  if (asJson) {
    console.log(JSON.stringify({ bundleHash: bundle.hash, ...ruleset }));
    return ExitStatus.DONE;
  }
  console.log(`ruleset ${ruleset.name} ${ruleset.version}, bundle ${bundle.hash}`);
  for (const { id, name, mode, severity, params } of ruleset.rules) {
    const judges = RULES.find((rule) => rule.id === id)?.judges.join(", ") ?? "";
    console.log(`${id}  ${name.padEnd(18)} ${mode.padEnd(6)} ${severity.padEnd(8)} ${judges}`);
    for (const [param, value] of Object.entries(params))
      console.log(`       ${param} ${JSON.stringify(value)}`);
    for (const [region, rules] of Object.entries(ruleset.overrides ?? {}))
      if (rules[id] !== undefined) console.log(`       in ${region}: ${JSON.stringify(rules[id])}`);
  }
  return ExitStatus.DONE;
}

function lint(options: RulesOptions): ExitStatus {
  try {
    const { ruleset, bundle } = loadBundle(options);
    console.log(`ruleset ${ruleset.name} ${ruleset.version} is sound (bundle ${bundle.hash})`);
    return ExitStatus.DONE;
  } catch (error) {
    if (!(error instanceof BundleError)) throw error;
    for (const { file, path, expected } of error.problems)
      console.error(`${file}: ${path === "" ? "(whole file)" : path}: ${expected}`);
    console.error(`${error.problems.length} mistake(s); correct them and run 'kadun rules lint' again`);
    return ExitStatus.FAILED;
  }
}

/** `kadun rules list`: what the rules of a bundle are. */

import { parseArgs } from "node:util";
import { RULES } from "../../services/detector/rules/registry.js";
import { loadBundle } from "../bundle-files.js";
import { ExitStatus } from "../exit-status.js";

const USAGE = `kadun rules list [--ruleset F] [--json]

The rules of the default bundle, or of a ruleset: mode, severity, what they judge, parameters, what differs by region.
--ruleset F  a whole ruleset, or an overlay with "extends": "default"
--json       the ruleset as one JSON object, with the bundle's hash
Exit status: 0 done, 1 the ruleset has mistakes, 64 usage.`;

export async function list(args: readonly string[]): Promise<ExitStatus> {
  const { values } = parseArgs({
    args: [...args],
    options: { ruleset: { type: "string" }, json: { type: "boolean" }, help: { type: "boolean" } },
  });
  if (values.help === true) console.log(USAGE);
  else print(values.ruleset, values.json === true);
  return ExitStatus.DONE;
}

function print(rulesetFile: string | undefined, asJson: boolean): void {
  const { ruleset, bundle } = loadBundle({ rulesetFile });
  if (asJson) {
    console.log(JSON.stringify({ bundleHash: bundle.hash, ...ruleset }));
    return;
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
}

/** `kadun rules lint`: is a ruleset sound, and are the files around it? */

import { parseArgs } from "node:util";
import { BundleError, loadBundle } from "../bundle-files.js";
import { ExitStatus } from "../exit-status.js";

const USAGE = `kadun rules lint [--ruleset F] [--policies F]

Checks a ruleset (whole, or an overlay with "extends": "default") and the files around it. Every mistake is named by
file, path, what was expected and what was given.
Exit status: 0 sound, 1 mistakes, 64 usage.`;

export async function lint(args: readonly string[]): Promise<ExitStatus> {
  const { values } = parseArgs({
    args: [...args],
    options: { ruleset: { type: "string" }, policies: { type: "string" }, help: { type: "boolean" } },
  });
  if (values.help === true) {
    console.log(USAGE);
    return ExitStatus.DONE;
  }
  return check({ rulesetFile: values.ruleset, policiesFile: values.policies });
}

function check(options: Parameters<typeof loadBundle>[0]): ExitStatus {
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

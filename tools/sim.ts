/**
 * `npm run sim -- --seed N [--count M] [--mutant NAME] [--no-links] [--keep-all] [--trace]`: runs seeds N to N + M − 1,
 * stops at the first red one. `--no-links`: nobody gets another number. `--keep-all`: detectors let nobody go to the store.
 * `--trace` prints every step.
 */

import { parseArgs } from "node:util";
import { MUTANTS, type MutantName } from "../bench/sim/mutants.js";
import { replayCommand, runSeed } from "../bench/sim/sim.js";
import { loadSimBundles } from "../bench/sim/sim-bundles.js";

const FINDINGS_SHOWN_MAX = 10;

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    count: { type: "string", default: "1" },
    mutant: { type: "string" },
    "no-links": { type: "boolean", default: false },
    "keep-all": { type: "boolean", default: false },
    trace: { type: "boolean", default: false },
  },
});
const first = wholeNumber("--seed", values.seed);
const count = wholeNumber("--count", values.count);
const mutant = mutantName(values.mutant);
const bundles = loadSimBundles();
const startedMs = performance.now();
let steps = 0;

for (let seed = first; seed < first + count; seed++) {
  const result = await runSeed(seed, bundles, {
    mutant,
    hasNoLinks: values["no-links"],
    keepsAll: values["keep-all"],
    ...(values.trace ? { heard: (line: string) => console.log(line) } : {}),
  });
  steps += result.steps;
  if (count === 1) console.log(`seed ${seed}: ${result.steps} steps, trace ${result.traceHash}`);
  if (result.findings.length === 0) continue;
  console.error(`seed ${seed} is red:`);
  for (const finding of result.findings.slice(0, FINDINGS_SHOWN_MAX)) console.error(`  ${finding}`);
  if (result.findings.length > FINDINGS_SHOWN_MAX)
    console.error(`  and ${result.findings.length - FINDINGS_SHOWN_MAX} more`);
  console.error(`the last steps were:\n  ${result.lastSteps.join("\n  ")}`);
  const again = { mutant, hasNoLinks: values["no-links"], keepsAll: values["keep-all"] };
  console.error(`run it again: ${replayCommand(seed, again)}`);
  process.exitCode = 1;
  break;
}
if (process.exitCode === undefined)
  console.log(
    `${count} seed${count === 1 ? "" : "s"} green, ${steps} steps in ${((performance.now() - startedMs) / 1000).toFixed(1)} s`,
  );

function wholeNumber(option: string, text: string): number {
  const number = Number(text);
  if (/^\d{1,9}$/.test(text)) return number;
  console.error(`${option} ${text}: expected a whole number from 0 to 999999999`);
  process.exit(64);
}

function mutantName(text: string | undefined): MutantName | undefined {
  if (text === undefined) return undefined;
  if (Object.hasOwn(MUTANTS, text)) return text as MutantName;
  console.error(`--mutant ${text}: unknown; known: ${Object.keys(MUTANTS).join(", ")}`);
  process.exit(64);
}

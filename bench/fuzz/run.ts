/**
 * Differential fuzz by hand: `node dist/bench/fuzz/run.js --what journal|kafka|scanner --cases N --seed N`. Prints one line and ends
 * with status 0 where nothing differs, with 1 and the case where something does.
 */

import { parseArgs } from "node:util";
import { FUZZ_SUBJECTS } from "./subjects.js";

const CASES = "10000000";
const SEED = "20261126";
const PROGRESS_EVERY = 1_000_000;

const { values } = parseArgs({
  options: {
    what: { type: "string" },
    cases: { type: "string", default: CASES },
    seed: { type: "string", default: SEED },
  },
});
const names = Object.keys(FUZZ_SUBJECTS);
const subject = FUZZ_SUBJECTS[values.what ?? ""];
const [cases, seed] = [values.cases, values.seed].map(Number);
if (subject === undefined || !Number.isSafeInteger(cases) || cases! < 1 || !Number.isSafeInteger(seed)) {
  console.error(
    `expected --what ${names.join("|")} [--cases N] [--seed N], with whole numbers, cases from 1 on`,
  );
  process.exit(64);
}
const difference = await subject(cases!, seed!, (done) => {
  if (done % PROGRESS_EVERY === 0) console.error(`${done} of ${cases}`);
});
console.log(difference ?? `${values.what}: ${cases} cases of seed ${seed}, no difference`);
process.exitCode = difference === null ? 0 : 1;

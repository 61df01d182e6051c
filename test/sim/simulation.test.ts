import { expect, test } from "@jest/globals";
import { MUTANTS, type MutantName } from "../../bench/sim/mutants.js";
import { replayCommand, runSeed } from "../../bench/sim/sim.js";
import { loadSimBundles } from "../../bench/sim/sim-bundles.js";

const SEEDS_GREEN = 100;
const MUTANT_SEEDS_MAX = 200;
const bundles = loadSimBundles();

/** What must have happened somewhere in the seeds: a simulation in which nothing goes wrong is green too. */
const OCCURRENCES: Readonly<Record<string, RegExp>> = {
  "ingest killed": / ingest\.\d+ log\.\S+ kill$/,
  "detector killed before its partition record or persons were written": / detector-\S+ state\.write kill$/,
  "consumer killed in its commit": / consumer-\S+ sink\.commit kill$/,
  "zombie woke up": /woke up$/,
  "zombie refused by the store": /StateStoreError FENCED$/,
  "append that landed after its process ended": /log\.append lands late$/,
  "write that arrived after its process ended": /state\.write lands late$/,
  "acknowledgement of an append lost": /log\.acknowledge lose$/,
  "acknowledgement of a commit lost": /sink\.acknowledge lose$/,
  "append cut short": /^cut /,
};

test(`${SEEDS_GREEN} seeds: every accepted swipe has one decision, as without faults`, async () => {
  const missing = new Map(Object.entries(OCCURRENCES));
  const heard = (line: string) => {
    for (const [name, pattern] of missing) if (pattern.test(line)) missing.delete(name);
  };
  for (let seed = 1; seed <= SEEDS_GREEN; seed++) {
    const result = await runSeed(seed, bundles, { heard });
    expect({ replay: replayCommand(seed), findings: result.findings }).toEqual({
      replay: replayCommand(seed),
      findings: [],
    });
  }
  expect([...missing.keys()]).toEqual([]);
}, 180_000);

/**
 * Seeds that found mistakes once: 180 (a partition record without its persons after a failed checkpoint), 116 (a zombie's
 * repeats behind the newest outcome stopped every successor).
 */
test.each([55, 116, 145, 159, 180, 202, 232, 287])("seed %i, red before, stays green", async (seed) => {
  expect((await runSeed(seed, bundles)).findings).toEqual([]);
});

test.each(Object.keys(MUTANTS) as MutantName[])(
  `the mutant %s is found within ${MUTANT_SEEDS_MAX} seeds`,
  async (mutant) => {
    let seed = 1;
    while (seed <= MUTANT_SEEDS_MAX && (await runSeed(seed, bundles, { mutant })).findings.length === 0)
      seed++;
    expect(seed).toBeLessThanOrEqual(MUTANT_SEEDS_MAX);
  },
);

test("a seed gives the same run to the last byte", async () => {
  const first: string[] = [];
  const second: string[] = [];
  const once = await runSeed(7, bundles, { heard: (line) => first.push(line) });
  const again = await runSeed(7, bundles, { heard: (line) => second.push(line) });
  expect(second).toEqual(first);
  expect(again.traceHash).toBe(once.traceHash);
  expect((await runSeed(8, bundles)).traceHash).not.toBe(once.traceHash);
});

test("a red seed names the command that runs it again", () => {
  expect(replayCommand(41)).toBe("npm run sim -- --seed 41");
  expect(replayCommand(41, "no-epoch-check")).toBe("npm run sim -- --seed 41 --mutant no-epoch-check");
});

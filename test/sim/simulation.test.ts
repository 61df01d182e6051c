/**
 * Simulations run in a process of their own: each makes memory by the dozen of megabytes, and a collector that walks all
 * of Jest's heap for it makes them five times slower.
 */

import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { MUTANTS } from "../../bench/sim/mutants.js";
import { packageRoot } from "../../cli/package-root.js";

/** A carrier is killed before its append in one of a hundred. */
const SEEDS_GREEN = 200;
const MUTANT_SEEDS_MAX = 200;
const TIMEOUT_MS = 240_000;
const OUTPUT_BYTES_MAX = 1 << 28;

function sim(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(packageRoot, "dist", "tools", "sim.js"), ...args],
    { timeout: TIMEOUT_MS, maxBuffer: OUTPUT_BYTES_MAX },
  );
  return { status, printed: stdout.toString(), said: stderr.toString() };
}

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
  "carrier killed before what it carries is in the journal": / carrier-\S+ log\.append kill$/,
  "carrier killed before the table or its place are stored": / carrier-\S+ kv\.write kill$/,
  "acknowledgement of what was carried lost": / carrier-\S+ log\.acknowledge lose$/,
  "entry of the table that arrived after its process ended": /kv\.write lands late$/,
  "state store failed over to an older state": /^failover of the state store /,
};

test(
  `${SEEDS_GREEN} seeds: every accepted swipe has one decision, as without faults`,
  () => {
    const { status, printed, said } = sim("--seed", "1", "--count", String(SEEDS_GREEN), "--trace");
    expect({ status, said }).toEqual({ status: 0, said: "" });
    const missing = new Map(Object.entries(OCCURRENCES));
    for (const line of printed.split("\n"))
      for (const [name, pattern] of missing) if (pattern.test(line)) missing.delete(name);
    expect([...missing.keys()]).toEqual([]);
  },
  TIMEOUT_MS,
);

/**
 * Seeds that found mistakes once: 180 (a partition record without its persons after a failed checkpoint), 116 (a zombie's
 * repeats behind the newest outcome stopped every successor), 2438 (a zombie read the partition record before and the
 * persons after the store failed over). In those runs nobody got another number.
 */
test.each([55, 116, 145, 159, 180, 202, 232, 287, 2438])(
  "seed %i, red before, stays green",
  (seed) => {
    const { status, said } = sim("--seed", String(seed), "--no-links", "--keep-all");
    expect({ status, said }).toEqual({ status: 0, said: "" });
  },
  TIMEOUT_MS,
);

/**
 * 20: a kill between the partition record and the outcome of an activation that it includes. With links, 30: a repeat in a
 * ring under way; 101: what is under way is not at rest.
 */
test.each([20, 30, 101])(
  "seed %i, red before, stays green with links",
  (seed) => {
    const { status, said } = sim("--seed", String(seed), "--keep-all");
    expect({ status, said }).toEqual({ status: 0, said: "" });
  },
  TIMEOUT_MS,
);

/** 55: a person that a broken-off checkpoint had stored ahead was not stored again with the next change. */
test.each([55])(
  "seed %i, red before, stays green where detectors let persons go",
  (seed) => {
    const { status, said } = sim("--seed", String(seed));
    expect({ status, said }).toEqual({ status: 0, said: "" });
  },
  TIMEOUT_MS,
);

test.each(Object.keys(MUTANTS))(
  `the mutant %s is found within ${MUTANT_SEEDS_MAX} seeds`,
  (mutant) => {
    const { status, said } = sim("--seed", "1", "--count", String(MUTANT_SEEDS_MAX), "--mutant", mutant);
    expect(status).toBe(1);
    expect(said).toMatch(/seed \d+ is red/);
  },
  TIMEOUT_MS,
);

test(
  "a seed gives the same run to the last byte",
  () => {
    const steps = () => sim("--seed", "7", "--trace").printed.replace(/^.* seeds? green.*$/m, "");
    const first = steps();
    expect(first.length).toBeGreaterThan(10_000);
    expect(steps()).toBe(first);
  },
  TIMEOUT_MS,
);

/** The command that is run by hand with ten million cases; outside the test runner it is three times as fast. */

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "@jest/globals";

const RUN = "dist/bench/fuzz/run.js";
/** Twelve seconds for a subject; more on a machine that has other work. */
const TIMEOUT_MS = 120_000;
const run = promisify(execFile);

test(
  "a hundred thousand record batches are the same as kafkajs', both ways, and no damage goes unnoticed",
  async () => {
    const { stdout } = await run(process.execPath, [RUN, "--what", "kafka", "--cases", "100000"]);
    expect(stdout).toBe("kafka: 100000 cases of seed 20261126, no difference\n");
  },
  TIMEOUT_MS,
);

test(
  "a hundred thousand messages, most of them mutilated, are scanned as JSON.parse and the schema read them",
  async () => {
    const { stdout } = await run(process.execPath, [RUN, "--what", "scanner", "--cases", "100000"]);
    expect(stdout).toBe("scanner: 100000 cases of seed 20261126, no difference\n");
  },
  TIMEOUT_MS,
);

test(
  "a hundred thousand swipes of the journal, half of them mutilated, are judged and written where they lie as objects are",
  async () => {
    const { stdout } = await run(process.execPath, [RUN, "--what", "journal", "--cases", "100000"]);
    expect(stdout).toBe("journal: 100000 cases of seed 20261126, no difference\n");
  },
  TIMEOUT_MS,
);

test("an unknown subject is refused with those that are known", async () => {
  await expect(run(process.execPath, [RUN, "--what", "cards"])).rejects.toMatchObject({
    code: 64,
    stderr: expect.stringMatching(/^expected --what journal/),
  });
});

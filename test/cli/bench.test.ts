/** `kadun bench` as a user runs it. */

import { afterAll, expect, test } from "@jest/globals";
import { Workplace } from "../support/kadun.js";

const place = new Workplace();
afterAll(() => place.remove());

/** What every measurement says of itself. */
const MEASURED_WITH = {
  kadunVersion: expect.stringMatching(/^\d/),
  node: process.version,
  hardware: {
    system: expect.any(String),
    processor: expect.any(String),
    processors: expect.any(Number),
    memoryMb: expect.any(Number),
  },
};

test("measures one small round and prints one JSON object a size", () => {
  const args = ["bench", "decide", "--persons", "1000", "--events", "20000", "--rounds", "1", "--json"];
  const { status, stdout, errors } = place.kadun(args);
  expect({ status, errors: errors.filter((line) => !line.startsWith("1000 persons: ")) }).toEqual({
    status: 0,
    errors: [],
  });
  const figures = {
    decisionsPerSecond: expect.any(Number),
    p999Us: expect.any(Number),
    nsCpu: expect.any(Number),
    gcLongestMs: expect.any(Number),
    rssMb: expect.any(Number),
  };
  const both = { producerOrder: figures, shuffledKeys: figures };
  const [measured] = JSON.parse(stdout);
  expect(measured).toMatchObject({
    ...MEASURED_WITH,
    pinnedToOneProcessor: expect.any(Boolean),
    largePages: expect.any(Boolean),
    persons: 1000,
    events: 20_000,
    rounds: 1,
    plainNode: both,
    kadun: both,
    kadunBatch: both,
    kadunWholeOutcome: figures,
  });
  // null outside of a checkout.
  expect(measured).toHaveProperty("commit");
});

test("measures the way of rows into the analytics database, both sides with equal tables", () => {
  const args = ["bench", "sink", "--rows", "4000", "--block", "1000", "--rounds", "1", "--json"];
  const { status, stdout, errors } = place.kadun(args);
  expect({ status, errors: errors.filter((line) => !/^(outcomes|journal), round 1: /.test(line)) }).toEqual({
    status: 0,
    errors: [],
  });
  const share = { median: expect.any(Number), rounds: [expect.any(Number)] };
  const figures = {
    makeCpuUs: expect.any(Number),
    insertCpuUs: expect.any(Number),
    gcLongestMs: expect.any(Number),
    rssPeakMb: expect.any(Number),
  };
  expect(JSON.parse(stdout)).toMatchObject(
    ["outcomes", "journal"].map((table) => ({
      ...MEASURED_WITH,
      versions: { chdb: expect.stringMatching(/^\d/), clickhouseClient: expect.stringMatching(/^\d/) },
      table,
      rows: 4000,
      blockRows: 1000,
      rounds: 1,
      sides: { objects: figures, native: figures },
      shareOfInsert: share,
    })),
  );
});

test.each([
  [["bench"], "expected 'bench decide'"],
  [
    ["bench", "sink", "--block", "6000"],
    "--block 6000: expected a whole number of at least 100 and at most 5000",
  ],
  [["bench", "everything"], "expected 'bench decide'"],
  [["bench", "decide", "--events", "100"], "--events 100: expected a whole number of at least 20000"],
  [["bench", "decide", "--persons", "10,x"], "--persons 10: expected a whole number of at least 1000"],
  [["bench", "decide", "--speed", "1"], "--speed"],
])("%j is a usage error", (args, message) => {
  const { status, errors } = place.kadun(args);
  expect(status).toBe(64);
  expect(errors.join("\n")).toContain(message);
});

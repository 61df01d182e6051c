/** A sink that does nothing, or something wrong, is found. */

import { expect, test } from "@jest/globals";
import { Decided } from "../../../bench/sinks/decided.js";
import { findingsOf, type Written } from "../../../bench/sinks/findings.js";
import { JournalStream } from "../../../bench/sinks/journal-stream.js";
import { loadBundle } from "../../../cli/bundle-files.js";
import { MemoryEventLog } from "../../../platform/event-log/memory/memory-event-log.js";
import { MemoryLogWorld } from "../../../platform/event-log/memory/memory-log-world.js";
import { decodeJournalBody, encodeBody } from "../../../schemas/log-body.js";
import { encodePosition, Topic } from "../../../schemas/topics.js";
import type { Reconciliation } from "../../../services/analytics/reconciliation.js";
import { Partition } from "../../../services/detector/partition.js";
import { loggedOutcomesOf } from "../../../services/detector/taken.js";

const topic = { upTo: 0, lag: 0, logged: 1_012, rows: 1_012, loggedHash: "", rowsHash: "" };
const RECONCILED: Reconciliation = {
  isEqual: true,
  partitions: [{ partition: 0, journal: topic, outcomes: topic, unjudged: 0 }],
  findings: [],
  findingsCount: 0,
  findingsCountIsMinimum: false,
  figures: { state: "equal" },
};
const WRITTEN: Written = {
  swipes: 1_000,
  missing: 0,
  several: 0,
  outcomes: 1_012,
  alertIds: new Set(["a", "b"]),
  reconciliation: RECONCILED,
  storedAlertIds: new Set(["b", "a"]),
  smsByStatus: { sent: 4, suppressed: 2, "no-contact": 1 },
  smsWritten: 4,
};

test("nothing is found where everything is written", () => {
  expect(findingsOf(WRITTEN)).toEqual([]);
});

test.each<[string, Partial<Written>, string]>([
  ["a swipe without a decision", { missing: 1 }, "1 of 1000 swipes have no decision in the log"],
  ["a swipe that is decided twice", { several: 2 }, "2 of 1000 swipes have several decisions in the log"],
  ["a row that is missing", { outcomes: 1_013 }, "ClickHouse has 1012 outcomes, the log 1013"],
  [
    "rows behind the log",
    { reconciliation: { ...RECONCILED, isEqual: false } },
    "ClickHouse's rows are not the logs': []",
  ],
  ["an alert that is missing", { storedAlertIds: new Set(["a"]) }, "1 alerts are missing, such as b"],
  ["an alert that nothing asks for", { alertIds: new Set(["a"]) }, "1 alerts are too many, such as b"],
  [
    "a load with nothing to alert",
    { alertIds: new Set(), storedAlertIds: new Set() },
    "nothing was challenged: the load is to have some of it",
  ],
  ["SMS that wait", { smsByStatus: { sent: 4, queued: 1 } }, "1 SMS are queued"],
  ["no SMS at all", { smsByStatus: {}, smsWritten: 0 }, "no SMS was sent: the load is to have some"],
  ["an SMS that is nowhere", { smsWritten: 3 }, "4 SMS are sent by the ledger, 3 by the outbox"],
])("%s", (_, change, finding) => {
  expect(findingsOf({ ...WRITTEN, ...change })).toEqual([finding]);
});

test("the log is read on from where it was read to; repeats count once, what is missing is counted", async () => {
  const log = new MemoryEventLog(new MemoryLogWorld({ [Topic.DECISIONS]: 1 }));
  const producer = await log.producer(Topic.DECISIONS);
  const stream = new JournalStream({ persons: 500, shoppers: 1, partitions: 1, seed: 3 });
  const judge = new Partition(loadBundle().bundle, { personsExpected: 600 });
  const decide = async (number: number, times = 1) => {
    const { key, value } = stream.next(1, number * 10);
    const record = decodeJournalBody(value);
    if (record.type !== "swipe") throw new Error(record.type);
    const [outcome] = loggedOutcomesOf(record, judge.take(record, number, 0));
    const header = encodePosition({ journalOffset: number, sequence: 0 });
    const entry = { key, value: encodeBody(outcome!), header };
    for (let time = 0; time < times; time++) await producer.append(0, [entry]);
  };
  const decided = new Decided(log);
  for (let number = 0; number < 150; number++) await decide(number);
  await decided.readOn();
  expect(decided.against(150)).toEqual({ missing: 0, several: 0 });
  expect(decided.alertIds.size).toBe(0);
  for (let number = 150; number < 250; number++) await decide(number, 2);
  await decided.readOn();
  expect(decided.against(252)).toEqual({ missing: 2, several: 0 });
  expect(decided.outcomes).toBe(250);
  // The third purchase of the one who buys again and again.
  expect([...decided.alertIds]).toEqual([expect.stringContaining("load-000000000200")]);
  await log.close();
});

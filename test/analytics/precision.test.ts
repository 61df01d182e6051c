/** Precision, false blocks and cost of each rule, counted by hand over planted rows. */

import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { readPrecision } from "../../services/analytics/precision.js";
import { migratedDatabase, type ScratchDatabase } from "./scratch-database.js";

let scratch: ScratchDatabase;
let offset = 0;

beforeAll(async () => {
  scratch = await migratedDatabase();
});
afterEach(async () => {
  for (const table of ["journal_records", "outcomes"]) await scratch.database.run(`TRUNCATE TABLE ${table}`);
});
afterAll(() => scratch.remove());

const personKey = (name: string) => Buffer.from(name.padEnd(16)).toString("hex");

async function insert(table: string, rows: readonly object[]): Promise<void> {
  const whole = rows.map((row) => ({
    partition: 0,
    logOffset: offset++,
    appendedAt: "2026-03-02 10:00:00.000",
    occurredAt: "2026-03-02 10:00:00.000",
    body: "{}",
    ...row,
  }));
  const text = whole.map((row) => JSON.stringify(row)).join("\n");
  await scratch.database.insert({ table, rows: Buffer.from(text), token: `${table}-${offset}` });
}

interface Found {
  readonly rule: string;
  readonly action: string;
  readonly mode?: string;
}

function decision(person: string, found: readonly Found[], more: object = {}): object {
  return {
    type: "decision",
    personKey: personKey(person),
    eventId: `swipe-${offset}`,
    decisionId: `decision-${offset}`,
    journalOffset: offset,
    kind: "settle",
    action: found[0]?.action ?? "approve",
    insuredRegion: "310100",
    totalFen: 10_000,
    cashFen: 2_000,
    "reasons.rule": found.map(({ rule }) => rule),
    "reasons.version": found.map(() => 1),
    "reasons.mode": found.map(({ mode }) => mode ?? "live"),
    "reasons.action": found.map(({ action }) => action),
    "reasons.severity": found.map(() => "high"),
    "reasons.code": found.map(({ rule }) => rule),
    "reasons.draft": found.map(() => false),
    ...more,
  };
}

function feedback(person: string, rule: string, verdict: string, more: object = {}): object {
  return {
    type: "feedback",
    personKey: personKey(person),
    eventId: `said-${offset}`,
    rule,
    verdict,
    ...more,
  };
}

test("a rule's people, stops, money and challenges are counted by their feedback", async () => {
  const reject = [{ rule: "R12", action: "reject" }];
  const challenge = [{ rule: "R12", action: "challenge" }];
  await insert("outcomes", [
    decision("fraud", reject),
    decision("fraud", challenge, { journalOffset: 1001 }),
    decision("honest", reject, { journalOffset: 1002 }),
    decision("reviewed", [{ rule: "R12", action: "review" }], { journalOffset: 1003 }),
    decision("unknown", challenge, { journalOffset: 1004 }),
  ]);
  await insert("journal_records", [
    feedback("fraud", "R12", "confirmed"),
    feedback("honest", "R12", "honest"),
    feedback("reviewed", "R12", "honest"),
    // Of another rule: says nothing of this one.
    feedback("unknown", "R13", "honest"),
  ]);
  expect(await readPrecision(scratch.database)).toEqual({
    rules: [
      {
        rule: "R12",
        region: "310100",
        findings: 5,
        people: 4,
        peopleConfirmed: 1,
        peopleHonest: 2,
        precision: 1 / 3,
        challenged: 2,
        rejected: 2,
        stoppedHonest: 1,
        stoppedConfirmed: 2,
        falseBlockRate: 1 / 4,
        honestStoppedFen: 8_000,
        preventedFen: 16_000,
        challengesPerPreventedFen: 2 / 16_000,
      },
    ],
  });
});

test("regions are apart, findings in shadow and R00 are none, and without feedback there is no figure", async () => {
  await insert("outcomes", [
    decision("one", [
      { rule: "R12", action: "challenge" },
      { rule: "R13", action: "reject", mode: "shadow" },
    ]),
    decision("two", [{ rule: "R12", action: "review" }], { insuredRegion: "320500", journalOffset: 2001 }),
    decision("three", [{ rule: "R00", action: "approve" }], { journalOffset: 2002 }),
  ]);
  const { rules } = await readPrecision(scratch.database);
  const nothing = { precision: null, honestStoppedFen: 0, preventedFen: 0, challengesPerPreventedFen: null };
  expect(rules).toMatchObject([
    { rule: "R12", region: "310100", findings: 1, challenged: 1, falseBlockRate: 0, ...nothing },
    { rule: "R12", region: "320500", findings: 1, challenged: 0, falseBlockRate: null, ...nothing },
  ]);
});

test("the latest verdict counts, also where it arrived first", async () => {
  await insert("outcomes", [decision("moody", [{ rule: "R12", action: "reject" }])]);
  await insert("journal_records", [
    feedback("moody", "R12", "confirmed", { occurredAt: "2026-03-05 10:00:00.000" }),
    feedback("moody", "R12", "honest", { occurredAt: "2026-03-04 10:00:00.000" }),
  ]);
  const { rules } = await readPrecision(scratch.database);
  expect(rules).toMatchObject([{ peopleConfirmed: 1, peopleHonest: 0, precision: 1 }]);
});

test("feedback under a former key counts for the person who got another number, and the person counts once", async () => {
  const merged = { formerPersonKey: personKey("former"), personKey: personKey("newest") };
  await insert("outcomes", [
    decision("former", [{ rule: "R12", action: "reject" }]),
    decision("newest", [{ rule: "R12", action: "reject" }], { journalOffset: 3001 }),
    {
      type: "person-merged",
      personKey: personKey("newest"),
      journalOffset: 3002,
      body: JSON.stringify(merged),
    },
  ]);
  await insert("journal_records", [feedback("former", "R12", "honest")]);
  const { rules } = await readPrecision(scratch.database);
  expect(rules).toMatchObject([
    { findings: 2, people: 1, peopleHonest: 1, stoppedHonest: 2, falseBlockRate: 1 },
  ]);
});

/** A person has places for eight card numbers: whose place may be taken, and what holds without one. */

import { expect, test } from "@jest/globals";
import { judgeRecords } from "../../support/judge.js";

const day = (n: number) => `2026-03-${String(n).padStart(2, "0")}T10:00:00.000+08:00`;
const status = (action: string, card: string, n: number, more: object = {}) => ({
  type: "card-status",
  eventId: `${action}-${card}-${n}`,
  occurredAt: day(n),
  personId: "P1",
  cardNumber: card,
  credential: "card",
  action,
  channel: "counter",
  region: "330100",
  ...more,
});
const swipe = (card: string, n: number) => ({
  type: "swipe",
  eventId: `swipe-${card}-${n}`,
  kind: "settle",
  occurredAt: day(n),
  personId: "P1",
  cardNumber: card,
  credential: "card",
  insuredRegion: "330100",
  careRegion: "330100",
  institutionId: "P00000000001",
  institutionKind: "pharmacy",
  totalFen: 100,
});

function rulesOf(records: readonly object[]): string[][] {
  return judgeRecords(records).flatMap(({ outcome }) =>
    "type" in outcome && outcome.type === "decision" ? [outcome.reasons.map((reason) => reason.rule)] : [],
  );
}

test("a swipe with a ninth number takes no place from eight lost cards", () => {
  const lost = Array.from({ length: 8 }, (_, i) => status("confirm-loss", `C${i}`, i + 1));
  expect(rulesOf([...lost, swipe("C9", 10), swipe("C0", 11), swipe("C1", 12)])).toEqual([
    [],
    ["R01"],
    ["R01"],
  ]);
});

test("a released card gives its place before a lost one", () => {
  const lost = Array.from({ length: 7 }, (_, i) => status("confirm-loss", `C${i}`, i + 1));
  const released = [status("report-loss", "C7", 8, { channel: "phone" }), status("release", "C7", 8)];
  expect(rulesOf([...lost, ...released, swipe("C9", 10), swipe("C0", 11)])).toEqual([[], ["R01"]]);
});

test("a replaced number stays invalid after its place went to another", () => {
  const replaced = status("replace", "C0", 1, { newCardNumber: "C1" });
  const seen = Array.from({ length: 9 }, (_, i) => swipe(`D${i}`, i + 2));
  expect(rulesOf([replaced, ...seen, swipe("C0", 20), swipe("C1", 21)]).slice(-2)).toEqual([["R04"], []]);
});

test("a second release before the first takes effect is applied, the earlier effect counting", () => {
  const records = [
    status("report-loss", "C0", 1, { channel: "phone", region: "110000" }),
    status("release", "C0", 2, { region: "110000", effectiveAt: day(9) }),
    status("release", "C0", 3, { region: "110000" }),
    swipe("C0", 4),
  ];
  const transitions = judgeRecords(records).flatMap(({ outcome }) =>
    "type" in outcome && outcome.type === "transition" ? [[outcome.from, outcome.applied, outcome.to]] : [],
  );
  expect(transitions.at(-1)).toEqual(["provisional", true, "active"]);
  expect(rulesOf(records)).toEqual([[]]);
});

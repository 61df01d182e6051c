/** Makes the golden journal: seeded oracle scenarios, a slice of the seeded city, refused lines, persons under new numbers. */

import { generateCity, type RawLine } from "../../bench/city/city.js";
import { SETTLES_MAX } from "../../services/detector/person/layout.js";
import { personKeyOf } from "../oracle/oracle.js";
import { scenario } from "../oracle/scenarios.js";
import type { RawRecord } from "../oracle/types.js";
import { at, HOUR_MS, rawFact, rawStatus, rawSwipe, START_MS } from "./records.js";

/** Heartbeats act on everybody who comes later: the two seeds that have them stand at the end. */
const SCENARIO_SEEDS = [2, 3, 4, 6, 7, 8, 10, 11, 12, 14, 15, 16, 18, 19, 20, 22, 5, 9];
const CITY = { seed: 1, persons: 500, days: 14, attacksPerKind: 1 } as const;
const CITY_HONEST_PERSONS = 40;

export function makeGoldenJournal(): string[] {
  const records = [...fullRecord(), ...citySlice(), ...SCENARIO_SEEDS.flatMap(scenarioOf)];
  const lines = (all: readonly object[]) => all.map((record) => JSON.stringify(record));
  return [...lines(records), ...oddLines(), ...lines(linkedPersons())];
}

/** Persons of different scenarios get different names. */
function scenarioOf(seed: number): RawRecord[] {
  return scenario(seed, { murky: true }).map((record) => {
    if (!("personId" in record) && !("personKey" in record)) return record;
    const personId = renamed(seed, record);
    if (record.type !== "feedback") return { ...record, personId } as RawRecord;
    return { ...record, personKey: personKeyOf(personId) };
  });
}

function renamed(seed: number, record: { personId?: string; personKey?: string }): string {
  const numbers = [1, 2, 3].map((number) => `PERSON-${number}`);
  const personId = record.personId ?? numbers.find((each) => personKeyOf(each) === record.personKey);
  if (personId === undefined) throw new Error(`scenario ${seed}: a feedback of an unknown person`);
  return `SCENARIO-${seed}-${personId}`;
}

/** Everybody who is attacked, and some honest persons. */
function citySlice(): RawLine[] {
  const city = [...generateCity(CITY)];
  const attacked = new Set(
    city.filter(({ label }) => label.kind !== "honest").map(({ raw }) => raw.personId),
  );
  const honest = new Set(city.map(({ raw }) => raw.personId).filter((person) => !attacked.has(person)));
  const chosen = new Set([...attacked, ...[...honest].slice(0, CITY_HONEST_PERSONS)]);
  return city.map(({ raw }) => raw).filter(({ personId }) => chosen.has(personId));
}

/** More settles than are kept, and one that is older than all of them. */
function fullRecord(): object[] {
  const personId = "FULL-RECORD-PERSON";
  const settles = Array.from({ length: SETTLES_MAX + 2 }, (_, index) =>
    rawSwipe({ personId, eventId: `full-${index}`, occurredAt: at(START_MS + index * HOUR_MS) }),
  );
  const rebind = rawStatus({ personId, action: "rebind-e-credential", credential: "e-credential" });
  return [...settles, rebind, rawSwipe({ personId, eventId: "late", occurredAt: at(START_MS) })];
}

/** A chain of three numbers: reports, revisions, repeats, and links that move nobody. */
function linkedPersons(): object[] {
  const hour = (hours: number) => ({ occurredAt: at(START_MS + hours * HOUR_MS) });
  const [first, second, third] = ["LINKED-1", "LINKED-2", "LINKED-3"] as const;
  const swipe = (eventId: string, personId: string, hours: number, fields: object = {}) =>
    rawSwipe({
      eventId: `linked-${eventId}`,
      personId,
      insuredRegion: "510100",
      careRegion: "510104",
      institutionId: "P51010400001",
      ...hour(hours),
      ...fields,
    });
  const link = (eventId: string, formerPersonId: string, personId: string, hours: number) => ({
    type: "person-link",
    eventId: `linked-${eventId}`,
    ...hour(hours),
    personId,
    formerPersonId,
  });
  const report = (fields: object) =>
    rawStatus({ cardNumber: "CARD-0001", region: "510100", ...hour(2), ...fields });
  return [
    swipe("a", first, 1),
    swipe("b", second, 3),
    swipe("c", third, 4, { cardNumber: "CARD-0003", pin: "wrong" }),
    report({ eventId: "linked-report", personId: first }),
    rawFact({ eventId: "linked-fact", personId: first, region: "510100", ...hour(2) }),
    link("1-2", first, second, 5),
    swipe("d", first, 6),
    swipe("a", first, 1),
    swipe("e", second, 6, { cardNumber: "CARD-0002", kind: "authorize" }),
    link("2-3", second, third, 7),
    swipe("f", first, 8),
    swipe("g", third, 8, { cardNumber: "CARD-0002", originalEventId: "linked-e" }),
    link("1-2 again", first, second, 9),
    link("3-1", third, first, 9),
    report({ eventId: "linked-release", personId: second, action: "release", ...hour(10) }),
    swipe("h", second, 11),
  ];
}

function oddLines(): string[] {
  const odd = (fields: object) => JSON.stringify(rawSwipe({ personId: "ODD-LINES-PERSON", ...fields }));
  return [
    odd({ eventId: "卡片💊", institutionName: "大药房 “仁和”" }),
    odd({ eventId: "unknown-region", careRegion: "999999", insuredRegion: "99" }),
    odd({ eventId: "clock-ahead", occurredAt: at(START_MS + 1e9), receivedAt: at(START_MS) }),
    odd({ eventId: "pin", pinCode: "123456" }),
    odd({ eventId: "negative", totalFen: -1 }),
    odd({ eventId: "1970", occurredAt: "1970-01-01T08:00:00+08:00" }),
    odd({ eventId: "no-such-day", occurredAt: "2026-02-30T10:00:00+08:00" }),
    odd({ eventId: "cancel", kind: "cancel" }),
    odd({ eventId: "cut" }).slice(0, 60),
    JSON.stringify({ type: "swype" }),
    "",
    JSON.stringify({
      type: "activation",
      sequence: 1,
      bundleHash: "0".repeat(64),
      engineVersion: "0",
      publishedBy: ["A", "B"],
    }),
  ];
}

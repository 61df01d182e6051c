/** The timeline of a person whose number changed, and changed again. */

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { NATION } from "../../../schemas/console/access.js";
import { formatInstant } from "../../../schemas/instant.js";
import type { CanonicalPersonLink, CanonicalSwipe, JournalRecord } from "../../../schemas/journal.js";
import { openFiguresDesk } from "../../../services/console/figures/figures-desk.js";
import { writeAll } from "../../analytics/running-service.js";
import { type ScratchDatabase, scratchDatabase } from "../../analytics/scratch-database.js";
import { TwoLogs } from "../../analytics/two-logs.js";
import { goldenRecords } from "../../support/live-partition.js";

const [FIRST, SECOND, THIRD] = ["1", "2", "3"].map((digit) => digit.repeat(32)) as [string, string, string];
let scratch: ScratchDatabase;
let entriesOf: (personKey: string) => ReturnType<typeof allOf>;

beforeAll(async () => {
  scratch = await scratchDatabase();
  const logs = new TwoLogs(2);
  logs.append([
    swipe("before", FIRST, 0),
    link(FIRST, SECOND, 1),
    swipe("between", SECOND, 2),
    link(SECOND, THIRD, 3),
    swipe("after", THIRD, 4),
    // An institution that has not heard of it: judged as the third's.
    swipe("late", FIRST, 5),
  ]);
  await writeAll(logs.log, scratch.database);
  const desk = openFiguresDesk(scratch.database);
  entriesOf = (personKey) => allOf(desk, personKey);
}, 60_000);
afterAll(() => scratch.remove());

test("has the swipes under each number with what was said of them", async () => {
  const entries = await entriesOf(THIRD);
  const swipes = entries.flatMap((entry) => (entry.type === "swipe" ? [entry] : []));
  expect(swipes.map(({ eventId, personKey }) => [eventId, personKey])).toEqual([
    ["late", FIRST],
    ["after", THIRD],
    ["between", SECOND],
    ["before", FIRST],
  ]);
  for (const { decision } of swipes) expect(decision).toMatchObject({ action: "approve" });
});

test("names links and what was carried along, without telling what is in them", async () => {
  const others = (await entriesOf(THIRD)).flatMap((entry) => (entry.type === "other" ? [entry] : []));
  expect(new Set(others.map(({ recordType }) => recordType))).toEqual(
    new Set(["person-link", "person-state", "carried"]),
  );
  for (const other of others)
    expect(Object.keys(other).sort()).toEqual([
      "at",
      "eventId",
      "personKey",
      "position",
      "recordType",
      "type",
    ]);
});

test("under a number given up has what came before it, and not what came after", async () => {
  const events = (await entriesOf(SECOND)).flatMap((entry) =>
    entry.type === "swipe" ? [entry.eventId] : [],
  );
  expect(events).toEqual(["late", "between", "before"]);
});

async function allOf(desk: ReturnType<typeof openFiguresDesk>, personKey: string) {
  const { entries, after } = await desk.personTimeline({ scope: NATION, personKey, after: null, limit: 50 });
  expect(after).toBeNull();
  return entries;
}

function swipe(eventId: string, personKey: string, minute: number): CanonicalSwipe {
  return { ...goldenSwipe(), eventId, personKey, occurredAt: at(minute) };
}

/** One in which nothing is found. */
function goldenSwipe(): CanonicalSwipe {
  const isPlain = (record: JournalRecord) => record.type === "swipe" && record.kind === "settle";
  return goldenRecords().find(isPlain) as CanonicalSwipe;
}

function link(personKey: string, toPersonKey: string, minute: number): CanonicalPersonLink {
  const shared = { eventId: `link-${minute}`, occurredAt: at(minute), contentHash: "0".repeat(16) };
  return { type: "person-link", ...shared, personKey, toPersonKey };
}

function at(minute: number): string {
  return formatInstant(Date.UTC(2026, 1, 20, 2, minute));
}

/** The city's last day, lived again. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { daysLater, eventIdsOf, forenoonOf, lastDayOf } from "../../../cli/demo/next-day.js";

let folder: string;
let path: string;
const line = (eventId: string, occurredAt: string, more: object = {}) =>
  JSON.stringify({ type: "swipe", eventId, occurredAt, personId: "P1", ...more });

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "kadun-next-day-"));
  path = join(folder, "city.ndjson");
  writeFileSync(
    path,
    [
      line("w-1", "2026-05-05T09:00:00.000+08:00"),
      line("w-2", "2026-05-06T08:30:00.000+08:00"),
      line("w-3", "2026-05-06T20:00:00.000+08:00", { originalEventId: "w-2" }),
    ].join("\n"),
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

it("is what lies within 24 hours of the latest line", async () => {
  const day = await lastDayOf(path);
  expect([...eventIdsOf(day)]).toEqual(["w-2", "w-3"]);
});

it("a day later its events are others, name each other as before, and keep their time of day in Shanghai", async () => {
  const day = await lastDayOf(path);
  const later = day.map((json) => JSON.parse(daysLater(json, 2, eventIdsOf(day))));
  expect(later).toEqual([
    { type: "swipe", eventId: "w-2+2", occurredAt: "2026-05-08T08:30:00.000+08:00", personId: "P1" },
    {
      type: "swipe",
      eventId: "w-3+2",
      occurredAt: "2026-05-08T20:00:00.000+08:00",
      personId: "P1",
      originalEventId: "w-2+2",
    },
  ]);
});

it.each([
  ["late in the evening", "2026-05-06T23:50:00.000+08:00"],
  ["after midnight, by a clock that is ahead", "2026-05-07T01:10:00.000+08:00"],
])("is lived until the forenoon that follows its latest line: %s", (_, latest) => {
  const lines = [
    line("morning", "2026-05-06T10:00:00.000+08:00"),
    line("noon", "2026-05-06T10:00:01.000+08:00"),
    line("late", "2026-05-06T08:00:00.000+08:00", { receivedAt: "2026-05-07T08:00:00.000+08:00" }),
    line("latest", latest),
  ];
  const { before, after } = forenoonOf(lines);
  expect([...eventIdsOf(before)]).toEqual(["morning"]);
  expect([...eventIdsOf(after)]).toEqual(["noon", "late", "latest"]);
});

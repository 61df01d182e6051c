/** What the queue's page makes of cases before it shows them. */

import { describe, expect, it } from "@jest/globals";
import type { QueueItem } from "../../../schemas/http/queue.js";
import { dueClock, spanOf } from "../../../services/console/web/pages/queue/due-clock.js";
import { groupItems } from "../../../services/console/web/pages/queue/group-items.js";

const MINUTE_MS = 60_000;
const item = (caseId: string, fields: Partial<QueueItem>) =>
  ({
    caseId,
    moneyAtRiskFen: 100,
    institutions: [],
    careRegions: [],
    rules: [],
    assignee: null,
    ...fields,
  }) as unknown as QueueItem;

describe("the clock of a case", () => {
  const now = Date.parse("2026-03-01T10:00:00.000+08:00");
  it.each([
    ["it is to be taken first", "2026-03-01T10:30:00.000+08:00", "take", false, { n: 30, unit: "minutes" }],
    ["it is late", "2026-03-01T07:00:00.000+08:00", "take", true, { n: 3, unit: "hours" }],
    ["it was taken", null, "decide", false, { n: 2, unit: "days" }],
  ] as const)("%s", (_, takeBy, kind, isLate, left) => {
    expect(dueClock({ takeBy, decideBy: "2026-03-03T10:00:00.000+08:00" }, now)).toEqual({
      kind,
      isLate,
      left,
    });
  });

  it("is none where nothing is due", () => {
    expect(dueClock({ takeBy: null, decideBy: null }, now)).toBeNull();
  });

  it.each([
    [119 * MINUTE_MS + 59_999, { n: 119, unit: "minutes" }],
    [120 * MINUTE_MS, { n: 2, unit: "hours" }],
    [48 * 60 * MINUTE_MS - 1, { n: 47, unit: "hours" }],
    [48 * 60 * MINUTE_MS, { n: 2, unit: "days" }],
  ])("cuts off and never rounds up: %d ms", (ms, expected) => {
    expect(spanOf(ms)).toEqual(expected);
  });
});

it("cases are put together in the order of their first ones, with their money", () => {
  const items = [
    item("1", { careRegions: ["330106"] }),
    item("2", { careRegions: ["341881"], moneyAtRiskFen: 7 }),
    item("3", { careRegions: ["330100"] }),
    item("4", {}),
  ];
  const told = (by: Parameters<typeof groupItems>[1]) =>
    groupItems(items, by).map(({ key, items: held, moneyAtRiskFen }) => [key, held.length, moneyAtRiskFen]);
  expect(told("city")).toEqual([
    ["3301", 2, 200],
    ["3418", 1, 7],
    ["", 1, 100],
  ]);
  expect(told("assignee")).toEqual([["", 4, 307]]);
  expect(told(null)).toEqual([["", 4, 307]]);
});

/** The gap report on reports and settles of one city whose times are known. */

import { expect, test } from "@jest/globals";
import { gapsResult } from "../../../cli/backtest/gaps-result.js";
import { gapsText } from "../../../cli/backtest/gaps-text.js";
import { gapsResult as gapsShape } from "../../../schemas/backtest.js";
import { changedBundle } from "../../detector/changed-bundle.js";
import { backtestFiles } from "../../support/backtest.js";
import { at, DAY_MS, HOUR_MS, type RawFields, rawStatus, rawSwipe, START_MS } from "../../support/records.js";

/** Reports by phone take effect a day later, and meanwhile nothing is stopped; they lapse after ten days. */
const slow = changedBundle({
  policies: {
    rows: [
      {
        id: "SLOW-1",
        region: "520100",
        credential: "card",
        channel: "phone",
        kind: "provisional",
        delayMax: [24, "h"],
        validity: [240, 240, "h"],
        pendingAction: "approve",
      },
    ],
  },
});

const report = (fields: RawFields = {}) =>
  rawStatus({
    region: "520100",
    channel: "phone",
    cardNumber: "CARD-0001",
    receivedAt: at(START_MS),
    ...fields,
  });

const settle = (eventId: string, afterMs: number, fields: RawFields = {}) =>
  rawSwipe({
    eventId,
    occurredAt: at(START_MS + afterMs),
    receivedAt: at(START_MS + afterMs),
    insuredRegion: "520100",
    careRegion: "520103",
    institutionId: "P52010300001",
    ...fields,
  });

async function gapsOf(records: readonly object[], window: { fromMs?: number; toMs?: number } = {}) {
  const lines = records.map((record) => JSON.stringify(record));
  const ran = await backtestFiles(lines, { purpose: { kind: "gaps" }, baseline: slow, ...window });
  return gapsShape.parse(gapsResult(ran, () => "贵阳市"));
}

const NO_GAP = { letThrough: 0, letThroughFen: 0, challenged: 0, challengedFen: 0 };

test("what a delay lets through and what a lapse only challenges stand in the row of the report's policy", async () => {
  const result = await gapsOf([
    settle("before", -HOUR_MS),
    report(),
    settle("in-the-delay", HOUR_MS, { totalFen: 30_000, cashFen: 5_000 }),
    settle("in-effect", 2 * DAY_MS, { totalFen: 7_000 }),
    settle("lapsed", 12 * DAY_MS, { totalFen: 11_000 }),
  ]);
  expect(result.rows).toEqual([
    {
      city: "5201",
      cityName: "贵阳市",
      channel: "phone",
      policyId: "SLOW-1",
      delay: { ...NO_GAP, letThrough: 1, letThroughFen: 25_000 },
      lapse: { ...NO_GAP, challenged: 1, challengedFen: 11_000 },
    },
  ]);
  expect(result.settlesAfterReport).toBe(3);
  expect(result.total).toEqual({ delay: result.rows[0]!.delay, lapse: result.rows[0]!.lapse });
});

test("an effect and an end that the source names count as its city's delay and lapse", async () => {
  const result = await gapsOf([
    report({ effectiveAt: at(START_MS + 3 * HOUR_MS), expiresAt: at(START_MS + 5 * HOUR_MS) }),
    settle("in-the-delay", 2 * HOUR_MS),
    settle("lapsed", 6 * HOUR_MS),
  ]);
  expect(result.total.delay).toMatchObject({ letThrough: 1, letThroughFen: 1_000 });
  expect(result.total.lapse).toMatchObject({ challenged: 1, challengedFen: 1_000 });
});

test("authorizations, other cards, other people and refused reports make no gap", async () => {
  const result = await gapsOf([
    report({ eventId: "unverified", verification: { complete: false } }),
    settle("not-reported", HOUR_MS),
    report({
      eventId: "c-2",
      occurredAt: at(START_MS + 2 * HOUR_MS),
      receivedAt: at(START_MS + 2 * HOUR_MS),
    }),
    settle("authorize", 3 * HOUR_MS, { kind: "authorize" }),
    settle("another-person", 4 * HOUR_MS, { personId: "PERSON-2" }),
    settle("another-card", 5 * HOUR_MS, { cardNumber: "CARD-0002" }),
  ]);
  expect(result.rows).toEqual([]);
});

test("of a window only its settles count, under reports of before", async () => {
  const records = [report(), settle("first", HOUR_MS), settle("second", 20 * HOUR_MS)];
  const result = await gapsOf(records, { fromMs: START_MS + 10 * HOUR_MS });
  expect(result.total.delay.letThrough).toBe(1);
  expect(gapsText(result)).toContain("贵阳市");
});

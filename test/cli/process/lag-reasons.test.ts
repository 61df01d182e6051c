import { expect, test } from "@jest/globals";
import { LAG_RECORDS_MAX, reasonsOfLag } from "../../../cli/process/lag-reasons.js";

const lags = (...lag: (number | null)[]) => lag.map((each) => ({ lag: each }));

test("no partitions, and partitions together within the limit, are ready", () => {
  for (const partitions of [lags(), lags(0, 0), lags(LAG_RECORDS_MAX), lags(LAG_RECORDS_MAX - 1, 1)])
    expect(reasonsOfLag(partitions)).toEqual({ ready: true, reasons: [] });
});

test("partitions that together are further behind are not, and say how far", () => {
  const { ready, reasons } = reasonsOfLag(lags(LAG_RECORDS_MAX, 1));
  expect(ready).toBe(false);
  expect(reasons).toEqual([
    `CATCHING_UP: ${LAG_RECORDS_MAX + 1} records behind, ready from ${LAG_RECORDS_MAX} on; wait`,
  ]);
});

test("a partition whose lag is not known is no partition without lag", () => {
  const { ready, reasons } = reasonsOfLag(lags(0, null));
  expect(ready).toBe(false);
  expect(reasons).toEqual([expect.stringMatching(/^LOG_UNREACHABLE: .*; see the log/)]);
});

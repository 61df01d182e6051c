import { expect, test } from "@jest/globals";
import { officeReadiness } from "../../../cli/embedded/office-readiness.js";
import { LAG_RECORDS_MAX } from "../../../cli/process/lag-reasons.js";

const none = [{ lag: 0 }];

test("an office is ready while swipes come: a few records are always under way", () => {
  const few = [{ lag: 3 }, { lag: 0 }];
  expect(officeReadiness({ analytics: few, alerts: few, alarms: [] })).toEqual({ ready: true, reasons: [] });
});

test("which service is behind is said", () => {
  const far = [{ lag: LAG_RECORDS_MAX + 1 }];
  const { ready, reasons } = officeReadiness({ analytics: none, alerts: far, alarms: [] });
  expect(ready).toBe(false);
  expect(reasons).toEqual([expect.stringMatching(/^alerts: CATCHING_UP: 20001 records behind/)]);
  expect(officeReadiness({ analytics: [{ lag: null }], alerts: none, alarms: [] }).reasons).toEqual([
    expect.stringMatching(/^analytics: LOG_UNREACHABLE/),
  ]);
});

test("what needs a person keeps it from being ready", () => {
  const alarms = ["SMS_UNKNOWN: …"];
  expect(officeReadiness({ analytics: none, alerts: none, alarms })).toEqual({
    ready: false,
    reasons: alarms,
  });
});

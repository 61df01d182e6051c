/** Over a city with its attacks the breaker lowers nothing; with a bad threshold it does. */

import { expect, test } from "@jest/globals";
import { falseTrips } from "../../../bench/breaker/false-trips.js";
import { changedBundle } from "../../detector/changed-bundle.js";
import { defaultBundle } from "../../support/judge.js";

const CITY = { seed: 5, persons: 1_000, days: 30 } as const;

test("attacks and honest people do not make it trip, at whatever rate", () => {
  const results = falseTrips(CITY, defaultBundle, [220, 1_000]);
  for (const { runawayAt, swipes } of results) {
    expect(swipes).toBeGreaterThan(2_000);
    expect(runawayAt).toEqual({});
  }
});

test("a threshold that is wrong makes it trip", () => {
  const bad = changedBundle({
    ruleset: { rules: [{ id: "R16", params: { institutionsMin: 2, institutionWindowHours: 168 } }] },
  });
  const [result] = falseTrips(CITY, bad, [220]);
  expect(Object.keys(result!.runawayAt)).toEqual(["R16"]);
});

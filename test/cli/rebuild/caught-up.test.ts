import { expect, test } from "@jest/globals";
import { type Standing, untilCaughtUp } from "../../../cli/rebuild/caught-up.js";
import type { Clock } from "../../../platform/clock/clock.js";

/** Looks as often as it is asked to, without waiting; gives up where nothing ends it. */
function clockOf(sleepsMax: number): Clock {
  let nowMs = 0;
  let left = sleepsMax;
  return {
    now: () => nowMs,
    sleep: async (ms) => {
      if (left-- === 0) throw new Error("still waiting");
      nowMs += ms;
    },
  };
}

const TOPIC = "kadun.decisions";
const base = { name: "outcomes", json: true };

test("ends when all is done that there was at first, though more comes all the time", async () => {
  const ends = [100, 7];
  const done = [0, 7];
  const status = async (): Promise<Standing[]> => {
    done[0] = Math.min(ends[0]! - 1, done[0]! + 30);
    ends[0]! += 5;
    return ends.map((end, partition) => {
      const doneTo = done[partition]!;
      return { topic: TOPIC, partition, doneTo, lag: end - doneTo };
    });
  };
  await untilCaughtUp({ ...base, clock: clockOf(10), status });
  expect(done[0]).toBeGreaterThanOrEqual(105);
  expect(done[0]).toBeLessThan(ends[0]!);
});

test("waits for every consumer, for those that are not there yet, and for a log that cannot be asked", async () => {
  const of = (doneTo: number, lag: number | null, topic = TOPIC) => ({ topic, partition: 0, doneTo, lag });
  const said: Standing[][] = [
    [],
    [of(5, null), of(3, 0, "kadun.journal")],
    [of(5, 2), of(3, 1, "kadun.journal")],
    [of(7, 9), of(3, null, "kadun.journal")],
  ];
  let asked = 0;
  const status = async () => said[asked++]!;
  await untilCaughtUp({ ...base, clock: clockOf(10), status });
  expect(asked).toBe(4);
});

test("waits no longer for what ended", async () => {
  const ended = Promise.reject(new Error("the archive is broken"));
  const status = async () => [{ topic: TOPIC, partition: 0, doneTo: 0, lag: 1 }];
  await expect(untilCaughtUp({ ...base, clock: clockOf(10), status, ended })).rejects.toThrow(
    "the archive is broken",
  );
});

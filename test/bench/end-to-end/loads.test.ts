/** Open loop: when swipes are due, how they are sent, what the observer counts. */

import { expect, test } from "@jest/globals";
import { type DueEntries, DueSender, type DueTopic } from "../../../bench/end-to-end/due-sender.js";
import { dueTimes, type Load, machineMs } from "../../../bench/end-to-end/load.js";
import { LoadWatch } from "../../../bench/end-to-end/load-watch.js";
import { PARTITIONS, SwipeStream } from "../../../bench/end-to-end/swipe-stream.js";

const LOAD: Load = {
  number: 1,
  seed: 7,
  ratePerSecond: 2_000,
  warmUpSeconds: 1,
  seconds: 2,
  patienceMs: 1_000,
};

test("generator and observer draw the same times; another load and another seed have others", () => {
  const times = dueTimes(LOAD);
  expect(dueTimes({ ...LOAD })).toEqual(times);
  expect(dueTimes({ ...LOAD, number: 2 })).not.toEqual(times);
  expect(dueTimes({ ...LOAD, seed: 8 })).not.toEqual(times);
  expect(times.every((ms, at) => ms < 3_000 && (at === 0 || ms >= times[at - 1]!))).toBe(true);
  // Five standard deviations of 6,000 independent arrivals.
  expect(Math.abs(times.length - 6_000)).toBeLessThan(5 * Math.sqrt(6_000));
});

test("a latency counts from when its swipe was due; the warm-up's are not measured", () => {
  const watch = new LoadWatch({ warmUpSeconds: 1 }, 100, Float64Array.of(500, 1_000, 2_000));
  watch.start(10_000);
  watch.take(100, 10_900);
  watch.take(101, 11_007);
  watch.take(102, 12_019);
  expect(watch.end(20_000)).toMatchObject({
    count: 3,
    unanswered: 0,
    // Of 7 and 19 ms; quantiles are bucket ends.
    latency: { count: 2, p50Ms: 7.007, maxMs: 19 },
  });
});

test("a swipe without a decision counts with the time that it has waited", () => {
  const watch = new LoadWatch({ warmUpSeconds: 0 }, 0, Float64Array.of(0, 1_000));
  watch.start(0);
  watch.take(0, 5);
  expect(watch.end(11_000)).toMatchObject({ count: 1, unanswered: 1, latency: { count: 2, maxMs: 10_000 } });
});

test("decisions of other loads and repeated ones are passed over", async () => {
  const watch = new LoadWatch({ warmUpSeconds: 0 }, 10, Float64Array.of(0, 0));
  watch.start(0);
  for (const number of [9, 12, Number.NaN, 10, 10]) watch.take(number, 3);
  expect(watch.end(3)).toMatchObject({ count: 1, unanswered: 1 });
  watch.take(11, 4);
  await watch.complete;
});

test("what is due goes to its partition in order, with one append under way", async () => {
  const stream = new SwipeStream(500, 3);
  const dueMs = dueTimes({ ...LOAD, ratePerSecond: 3_000, warmUpSeconds: 0, seconds: 0.2 });
  const messages = Array.from(dueMs, () => stream.next());
  const topic = new SlowTopic();
  const sent = await new DueSender(topic, messages, dueMs).run(machineMs());
  expect(sent.count).toBe(messages.length);
  expect(topic.mostUnderWay).toBe(1);
  for (let partition = 0; partition < PARTITIONS; partition++) {
    const expected = messages.filter((each) => each.partition === partition).map(({ value }) => value);
    expect(topic.values[partition]).toEqual(expected);
  }
});

test("what a stall made due at once goes in appends that a topic takes", async () => {
  const stream = new SwipeStream(500, 3);
  const dueMs = new Float64Array(20_000);
  const messages = Array.from(dueMs, () => stream.next());
  const topic = new SlowTopic();
  await new DueSender(topic, messages, dueMs).run(machineMs());
  expect(topic.values.flat()).toHaveLength(messages.length);
  expect(topic.mostEntries).toBe(500);
});

test("a failed append ends the sending with its error", async () => {
  const stream = new SwipeStream(500, 3);
  const dueMs = Float64Array.of(0, 1, 2);
  const messages = Array.from(dueMs, () => stream.next());
  const topic = new SlowTopic(new Error("the disk is full"));
  await expect(new DueSender(topic, messages, dueMs).run(machineMs())).rejects.toThrow("the disk is full");
});

class SlowTopic implements DueTopic {
  readonly partitions = PARTITIONS;
  readonly values: Uint8Array[][] = Array.from({ length: PARTITIONS }, () => []);
  mostUnderWay = 0;
  /** Of a partition in one append. */
  mostEntries = 0;
  private underWay = 0;

  constructor(private readonly failure: Error | null = null) {}

  async append(due: readonly DueEntries[]): Promise<void> {
    this.underWay += 1;
    this.mostUnderWay = Math.max(this.mostUnderWay, this.underWay);
    await new Promise((resolve) => setTimeout(resolve, 3));
    this.underWay -= 1;
    if (this.failure !== null) throw this.failure;
    for (const { partition, entries } of due) {
      this.mostEntries = Math.max(this.mostEntries, entries.length);
      this.values[partition]!.push(...entries.map(({ value }) => value));
    }
  }
}

/** Calls that wait for the judge: each ends once, by its answer, its time or the end of the process. */

import { describe, expect, test } from "@jest/globals";
import { ADDRESS_BYTES } from "../../schemas/answer-address.js";
import type { LoggedOutcome } from "../../schemas/outcomes.js";
import { Answers } from "../../services/ingest/answers.js";
import { StandingClock } from "./gateway-world.js";

const outcomes: readonly LoggedOutcome[] = [
  { type: "refused", eventId: "a", personKey: null, code: "EVENT_ID_REUSED" },
];
const answerTo = (header: Uint8Array) => ({ header, outcomes, isBootstrapped: true });

function opened(options: { waitingMax?: number; instanceId?: Uint8Array } = {}) {
  const clock = new StandingClock();
  return { clock, answers: new Answers({ clock, timeLimitMs: 100, ...options }) };
}

describe("a waiting call", () => {
  test("gets the answer to its own header, from a view into other bytes too", async () => {
    const { answers } = opened();
    const [first, second] = [answers.open()!, answers.open()!];
    const bytes = new Uint8Array(20);
    bytes.set(second.header, 5);
    answers.deliver(answerTo(bytes.subarray(5, 5 + ADDRESS_BYTES)));
    expect(await second.answer).toMatchObject({ outcomes });
    expect(answers.waitingCount).toBe(1);
    first.giveUp();
    expect(await first.answer).toBeNull();
  });

  test("keeps its first answer", async () => {
    const { answers, clock } = opened();
    const call = answers.open()!;
    answers.deliver(answerTo(call.header));
    answers.deliver(answerTo(call.header));
    call.giveUp();
    clock.advance(1000);
    expect(await call.answer).toMatchObject({ outcomes });
  });

  test("does not take answers to other processes, or of unknown shape", async () => {
    const { answers, clock } = opened({ instanceId: Uint8Array.of(1, 2, 3, 4) });
    const other = opened({ instanceId: Uint8Array.of(1, 2, 3, 5) }).answers;
    const call = answers.open()!;
    answers.deliver(answerTo(other.open()!.header));
    for (const length of [0, 4, ADDRESS_BYTES - 1, ADDRESS_BYTES + 1, 256])
      answers.deliver(answerTo(new Uint8Array(length)));
    clock.advance(100);
    expect(await call.answer).toBeNull();
    other.close();
  });

  test("runs out at its time, wherever the calls before it went", async () => {
    const { answers, clock } = opened();
    const first = answers.open()!;
    clock.advance(60);
    const second = answers.open()!;
    answers.deliver(answerTo(first.header));
    clock.advance(40);
    const none = Symbol("none");
    const soon = new Promise((resolve) => setImmediate(() => resolve(none)));
    expect(await Promise.race([second.answer, soon])).toBe(none);
    clock.advance(60);
    expect(await second.answer).toBeNull();
  });

  test("has no place where too many wait, and one again when a call has ended", () => {
    const { answers } = opened({ waitingMax: 1 });
    const first = answers.open()!;
    expect(answers.open()).toBeNull();
    first.giveUp();
    expect(answers.open()).not.toBeNull();
    answers.close();
  });

  test("ends with the process, after which none begins", async () => {
    const { answers } = opened();
    const call = answers.open()!;
    answers.close();
    answers.close();
    expect(await call.answer).toBeNull();
    expect(answers.open()).toBeNull();
  });
});

test("a clock that is set back leaves no call waiting", async () => {
  let nowMs = 10_000_000;
  const answers = new Answers({
    clock: { now: () => nowMs, sleep: () => new Promise((resolve) => setImmediate(resolve)) },
    timeLimitMs: 100,
  });
  const call = answers.open()!;
  nowMs -= 3_600_000;
  expect(await call.answer).toBeNull();
});

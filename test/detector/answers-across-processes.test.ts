/** Answers sent through kadun.answers: each call gets its own, whoever shares the partition. */

import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { systemClock } from "../../platform/clock/system-clock.js";
import { EventLogError, type LogProducer } from "../../platform/event-log/event-log.js";
import { MemoryEventLog } from "../../platform/event-log/memory/memory-event-log.js";
import { MemoryLogWorld } from "../../platform/event-log/memory/memory-log-world.js";
import { silentLogger } from "../../platform/logger/logger.js";
import { noMetrics } from "../../platform/metrics/metrics.js";
import type { LoggedOutcome } from "../../schemas/outcomes.js";
import { Topic } from "../../schemas/topics.js";
import { AnswerSender } from "../../services/detector/answer-sender.js";
import type { Answer } from "../../services/detector/detector-options.js";
import { AnswerReceiver } from "../../services/ingest/answer-receiver.js";
import { Answers } from "../../services/ingest/answers.js";

const PARTITION = 1;
let log: MemoryEventLog;
let ends: (() => Promise<void>)[] = [];

beforeEach(() => {
  log = new MemoryEventLog(new MemoryLogWorld({ [Topic.ANSWERS]: 2 }));
});
afterEach(async () => {
  for (const end of ends.reverse()) await end();
  ends = [];
});

async function gateway(partition: number, timeLimitMs = 20_000) {
  const answers = new Answers({ clock: systemClock, timeLimitMs, partition });
  const options = { log, partition, answers, clock: systemClock, logger: silentLogger };
  const receiver = await AnswerReceiver.open(options);
  ends.push(async () => {
    answers.close();
    await receiver.close();
  });
  return { answers, receiver };
}

async function sender(producer?: LogProducer): Promise<AnswerSender> {
  const sending = await AnswerSender.open({
    openProducer: async () => producer ?? log.producer(Topic.ANSWERS),
    clock: systemClock,
    partitionCount: 2,
    logger: silentLogger,
    metrics: noMetrics,
  });
  ends.push(() => sending.close());
  return sending;
}

const outcomesOf = (eventId: string): readonly LoggedOutcome[] => [
  { type: "refused", eventId, personKey: null, code: "EVENT_ID_REUSED" },
];
const answerTo = (header: Uint8Array, eventId: string, isBootstrapped = true): Answer => ({
  partition: 0,
  journalOffset: 7,
  header,
  outcomes: outcomesOf(eventId),
  isBootstrapped,
});

describe("a call whose judge is another process", () => {
  test("gets its own answer, among two thousand of two gateways that share a partition", async () => {
    const [a, b] = [await gateway(PARTITION), await gateway(PARTITION)];
    const judge = await sender();
    const calls = Array.from({ length: 2000 }, (_, index) => {
      const call = (index % 2 === 0 ? a : b).answers.open()!;
      return { call, eventId: `event-${index}`, isBootstrapped: index % 3 !== 0 };
    });
    for (const { call, eventId, isBootstrapped } of calls)
      judge.send(answerTo(call.header, eventId, isBootstrapped));
    for (const { call, eventId, isBootstrapped } of calls)
      expect(await call.answer).toMatchObject({ outcomes: outcomesOf(eventId), isBootstrapped });
  });

  test("gets none that was sent before its gateway began", async () => {
    const judgeBefore = await sender();
    const before = new Answers({ clock: systemClock, timeLimitMs: 50, partition: PARTITION });
    judgeBefore.send(answerTo(before.open()!.header, "before"));
    await judgeBefore.close();
    const judge = await sender();
    const { answers } = await gateway(PARTITION);
    const call = answers.open()!;
    judge.send(answerTo(call.header, "mine"));
    expect(await call.answer).toMatchObject({ outcomes: outcomesOf("mine") });
    before.close();
  });

  test("ends with its time where answers cannot be sent, and the next one is answered again", async () => {
    const producer = await log.producer(Topic.ANSWERS);
    let isAway = true;
    const judge = await sender({
      append: (partition, entries) =>
        isAway
          ? Promise.reject(new EventLogError("UNREACHABLE", "away", { retryable: true }))
          : producer.append(partition, entries),
      flush: () => producer.flush(),
      close: () => producer.close(),
    });
    const { answers } = await gateway(PARTITION, 50);
    const first = answers.open()!;
    judge.send(answerTo(first.header, "lost"));
    expect(await first.answer).toBeNull();
    isAway = false;
    const patient = await gateway(PARTITION);
    const second = patient.answers.open()!;
    judge.send(answerTo(second.header, "told"));
    expect(await second.answer).toMatchObject({ outcomes: outcomesOf("told") });
  });

  test("is not disturbed by headers that are no address, and by partitions that are none", async () => {
    const judge = await sender();
    judge.send(answerTo(new Uint8Array(3), "none"));
    const stranger = new Answers({ clock: systemClock, timeLimitMs: 50, partition: 9 });
    judge.send(answerTo(stranger.open()!.header, "nowhere"));
    const { answers } = await gateway(PARTITION);
    const call = answers.open()!;
    judge.send(answerTo(call.header, "mine"));
    expect(await call.answer).toMatchObject({ outcomes: outcomesOf("mine") });
    stranger.close();
  });
});

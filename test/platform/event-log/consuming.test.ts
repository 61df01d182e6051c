import { expect, test } from "@jest/globals";
import type { Clock } from "../../../platform/clock/clock.js";
import { type ConsumeAgainOptions, consumeAgain } from "../../../platform/event-log/consume-again.js";
import {
  type ConsumerSink,
  consumeOnce,
  type MarkedRecord,
  type Progress,
} from "../../../platform/event-log/consume-once.js";
import { EventLogError, type LoggedRecord } from "../../../platform/event-log/event-log.js";
import { MemoryEventLog } from "../../../platform/event-log/memory/memory-event-log.js";
import { MemoryLogWorld } from "../../../platform/event-log/memory/memory-log-world.js";

const TOPIC = "t";
const clock: Clock = { now: () => 0, sleep: async () => {} };

/** Records whose marks are the given numbers. */
function logOf(marks: readonly number[]): MemoryEventLog {
  const world = new MemoryLogWorld({ [TOPIC]: 1 }, { clock });
  world.append(
    TOPIC,
    0,
    marks.map((mark) => ({ key: "k", value: Buffer.from(String(mark)), header: Uint8Array.of(mark) })),
  );
  return new MemoryEventLog(world);
}

/** What was applied, batch by batch, as `marks>next offset/high-water mark`. */
class RecordingSink implements ConsumerSink<number> {
  readonly applied: string[] = [];
  stands: Progress<number> | null = null;

  constructor(private readonly before: (marks: readonly number[]) => void = () => {}) {}

  async progress(): Promise<Progress<number> | null> {
    return this.stands;
  }

  async apply(
    _partition: number,
    records: readonly MarkedRecord<number>[],
    progress: Progress<number>,
  ): Promise<void> {
    const marks = records.map(({ mark }) => mark);
    this.before(marks);
    this.stands = progress;
    this.applied.push(`${marks}>${progress.nextOffset}/${progress.highWater}`);
  }
}

function optionsOf(
  log: MemoryEventLog,
  sink: ConsumerSink<number>,
  end: number,
): ConsumeAgainOptions<number> & { readonly failures: unknown[] } {
  const done = new AbortController();
  const failures: unknown[] = [];
  return {
    log,
    topic: TOPIC,
    partition: 0,
    limits: { recordsMax: 100, bytesMax: 10_000, waitMs: 0 },
    markOf: ({ header }: LoggedRecord) => header[0]!,
    isAbove: (mark, highWater) => highWater === null || mark > highWater,
    sink,
    signal: done.signal,
    clock,
    failures,
    onFailure: (error, attempt) => failures.push([error, attempt]),
    onBatch: (_applied, _dropped, { nextOffset }) => {
      if (nextOffset >= end) done.abort();
    },
  };
}

test("repeats of records applied before are dropped, and the place moves over them", async () => {
  const sink = new RecordingSink();
  await consumeOnce(optionsOf(logOf([1, 2, 1, 2, 3, 2]), sink, 6));
  expect(sink.applied).toEqual(["1,2,3>6/3"]);
});

test("a batch is cut where a record has to wait, each part with its own place", async () => {
  const waits = new Set([3, 5]);
  class Cutting extends RecordingSink {
    async applicable(_partition: number, records: readonly MarkedRecord<number>[]): Promise<number> {
      const first = records.findIndex(({ mark }) => waits.has(mark));
      if (first > 0) return first;
      if (first === 0) waits.delete(records[0]!.mark);
      return first === 0 ? 1 : records.length;
    }
  }
  const sink = new Cutting();
  await consumeOnce(optionsOf(logOf([1, 2, 2, 3, 4, 5, 5]), sink, 7));
  expect(sink.applied).toEqual(["1,2>3/2", "3>4/3", "4>5/4", "5>7/5"]);
});

test("a consumer that is told to end while a record waits has applied what came before, and goes on from there", async () => {
  const log = logOf([1, 2, 3]);
  const done = new AbortController();
  class Waiting extends RecordingSink {
    async applicable(_partition: number, records: readonly MarkedRecord<number>[]): Promise<number> {
      if (records[0]!.mark < 3) return 3 - records[0]!.mark;
      done.abort();
      return 0;
    }
  }
  const waiting = new Waiting();
  await consumeOnce({ ...optionsOf(log, waiting, 3), signal: done.signal });
  expect(waiting.applied).toEqual(["1,2>2/2"]);
  const next = new RecordingSink();
  next.stands = waiting.stands;
  await consumeOnce(optionsOf(log, next, 3));
  expect(next.applied).toEqual(["3>3/3"]);
});

/** A log whose clock is the consumer's, and what it waited; `whileItWaits` is appended meanwhile. */
function gatheringWorld(marks: readonly number[], whileItWaits: readonly number[]) {
  let nowMs = 1_000;
  const waits: number[] = [];
  const entryOf = (mark: number) => ({ key: "k", value: Buffer.of(mark), header: Uint8Array.of(mark) });
  const time: Clock = {
    now: () => nowMs,
    sleep: async (ms) => {
      waits.push(ms);
      nowMs += ms;
      world.append(TOPIC, 0, whileItWaits.map(entryOf));
    },
  };
  const world = new MemoryLogWorld({ [TOPIC]: 1 }, { clock: time });
  world.append(TOPIC, 0, marks.map(entryOf));
  const pass = (ms: number) => {
    nowMs += ms;
  };
  return { log: new MemoryEventLog(world), gathering: { clock: time, everyMs: 500 }, waits, pass };
}

test("who gathers lets the next batch fill for the rest of the time between two, and waits for no first one", async () => {
  const { log, gathering, waits, pass } = gatheringWorld([1, 2], [3, 4]);
  const sink = new RecordingSink(() => pass(120));
  await consumeOnce({ ...optionsOf(log, sink, 4), gathering });
  expect(sink.applied).toEqual(["1,2>2/2", "3,4>4/4"]);
  expect(waits[0]).toBe(380);
});

test("who gathers does not wait behind a full batch, nor where it is behind", async () => {
  const { log, gathering, waits, pass } = gatheringWorld([1, 2, 3, 4], [9]);
  const sink = new RecordingSink();
  const options = optionsOf(log, sink, 4);
  pass(501);
  await consumeOnce({ ...options, limits: { ...options.limits, recordsMax: 3 }, gathering });
  expect(sink.applied).toEqual(["1,2,3>3/3", "4>4/4"]);
  expect(waits).toEqual([]);
});

test("what passes is tried again from where the sink stands, and the count of failures begins anew after a batch", async () => {
  const failing = [true, true, false, true, false];
  const options = optionsOf(
    logOf([1, 2]),
    new RecordingSink(() => {
      if (failing.shift()) throw new EventLogError("UNREACHABLE", "away", { retryable: true });
    }),
    2,
  );
  await consumeAgain({ ...options, limits: { ...options.limits, recordsMax: 1 } });
  expect(options.failures.map((failure) => (failure as [unknown, number])[1])).toEqual([1, 2, 1]);
  expect((options.sink as RecordingSink).applied).toEqual(["1>1/1", "2>2/2"]);
});

test("what does not pass ends it", async () => {
  const options = optionsOf(
    logOf([1]),
    new RecordingSink(() => {
      throw new TypeError("a programming error");
    }),
    1,
  );
  await expect(consumeAgain(options)).rejects.toThrow("a programming error");
  expect(options.failures).toHaveLength(1);
});

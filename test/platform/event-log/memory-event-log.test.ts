import { expect, test } from "@jest/globals";
import type { LogEntry, LogProducer } from "../../../platform/event-log/event-log.js";
import { VALUE_BYTES_MAX } from "../../../platform/event-log/event-log.js";
import { immediateLog, type LogPace, type LogStep } from "../../../platform/event-log/memory/log-pace.js";
import { MemoryEventLog } from "../../../platform/event-log/memory/memory-event-log.js";
import { MemoryLogWorld } from "../../../platform/event-log/memory/memory-log-world.js";

const TOPIC = "t";
const LIMITS = { recordsMax: 10, bytesMax: 1000, waitMs: 0 };
const NO_WAIT_MS_MAX = 20_000;

function entry(text: string): LogEntry {
  return { key: "k", value: Buffer.from(text), header: new Uint8Array(0) };
}

function world(options: { bytesMax?: number } = {}): MemoryLogWorld {
  return new MemoryLogWorld({ [TOPIC]: 2 }, { clock: { now: () => 5, sleep: async () => {} }, ...options });
}

/** Steps of one kind wait until they are let go. */
class HeldPace implements LogPace {
  readonly waiting: { go: () => void; fail: (error: Error) => void }[] = [];
  cut: number | null = null;
  constructor(private readonly held: LogStep) {}
  point(step: LogStep): Promise<void> {
    if (step !== this.held) return Promise.resolve();
    return new Promise((go, fail) => this.waiting.push({ go, fail }));
  }
  landing(count: number): number {
    return this.cut ?? count;
  }
}

async function texts(log: MemoryEventLog, partition = 0, from = 0): Promise<string[]> {
  const reader = await log.reader(TOPIC, partition, from);
  const records = await reader.read(LIMITS);
  return records.map(({ value }) => Buffer.from(value).toString());
}

test("records survive the handle that appended them and are read in order by another", async () => {
  const shared = world();
  const producer = await new MemoryEventLog(shared).producer(TOPIC);
  expect(await producer.append(1, [entry("a"), entry("b")])).toEqual({ firstOffset: 0, appendedAtMs: 5 });
  expect(await producer.append(1, [entry("c")])).toEqual({ firstOffset: 2, appendedAtMs: 5 });
  const other = new MemoryEventLog(shared);
  expect(await texts(other, 1, 1)).toEqual(["b", "c"]);
  expect(await other.bounds(TOPIC, 1)).toEqual({ start: 0, end: 3 });
  expect((await other.tail(TOPIC, 1))?.offset).toBe(2);
  expect(await other.tail(TOPIC, 0)).toBeNull();
});

test("bytes changed by the caller after an append are not changed in the log", async () => {
  const log = new MemoryEventLog(world());
  const value = Buffer.from("before");
  await (await log.producer(TOPIC)).append(0, [{ key: "k", value, header: new Uint8Array(0) }]);
  value.write("after!");
  expect(await texts(log)).toEqual(["before"]);
});

test("a second append before the first settled is refused, another partition is not", async () => {
  const pace = new HeldPace("log.append");
  const log = new MemoryEventLog(world(), { pace });
  const producer = await log.producer(TOPIC);
  const first = producer.append(0, [entry("a")]);
  await expect(producer.append(0, [entry("b")])).rejects.toMatchObject({ code: "APPEND_IN_FLIGHT" });
  const other = producer.append(1, [entry("c")]);
  for (const { go } of pace.waiting) go();
  expect((await first).firstOffset).toBe(0);
  expect((await other).firstOffset).toBe(0);
  expect(await texts(log)).toEqual(["a"]);
});

test("an append that is cut short fails after the entries that landed", async () => {
  const pace = new HeldPace("log.flush");
  pace.cut = 1;
  const log = new MemoryEventLog(world(), { pace });
  const append = (await log.producer(TOPIC)).append(0, [entry("a"), entry("b")]);
  await expect(append).rejects.toMatchObject({ code: "FAILED", retryable: true });
  expect(await texts(log)).toEqual(["a"]);
});

test("an append whose acknowledgement fails is in the log", async () => {
  const pace = new HeldPace("log.acknowledge");
  const log = new MemoryEventLog(world(), { pace });
  const append = (await log.producer(TOPIC)).append(0, [entry("a")]);
  await turn();
  pace.waiting[0]?.fail(new Error("lost"));
  await expect(append).rejects.toThrow("lost");
  expect(await texts(log)).toEqual(["a"]);
});

test("entries that are too long are refused before anything is written", async () => {
  const log = new MemoryEventLog(world());
  const producer = await log.producer(TOPIC);
  const long = { ...entry(""), value: new Uint8Array(VALUE_BYTES_MAX + 1) };
  await expect(producer.append(0, [entry("a"), long])).rejects.toMatchObject({ code: "VALUE_TOO_LARGE" });
  expect(await texts(log)).toEqual([]);
});

test("a full world refuses an append whole and takes a smaller one", async () => {
  const log = new MemoryEventLog(world({ bytesMax: 3 }));
  const producer = await log.producer(TOPIC);
  await expect(producer.append(0, [entry("ab"), entry("cd")])).rejects.toMatchObject({
    code: "DISK_FULL",
    retryable: true,
  });
  await producer.append(0, [entry("abc")]);
  expect(await texts(log)).toEqual(["abc"]);
});

test("a record above the byte limit of a read comes alone", async () => {
  const log = new MemoryEventLog(world());
  await (await log.producer(TOPIC)).append(0, [entry("long-one"), entry("b"), entry("c")]);
  const reader = await log.reader(TOPIC, 0, 0);
  expect(await reader.read({ ...LIMITS, bytesMax: 2 })).toHaveLength(1);
  expect(await reader.read({ ...LIMITS, bytesMax: 2 })).toHaveLength(2);
  expect(reader.position).toBe(3);
});

test("a reader that waits is woken by an append", async () => {
  const shared = new MemoryLogWorld({ [TOPIC]: 1 });
  const log = new MemoryEventLog(shared);
  const reader = await log.reader(TOPIC, 0, 0);
  const waiting = reader.read({ ...LIMITS, waitMs: NO_WAIT_MS_MAX });
  await turn();
  await (await log.producer(TOPIC)).append(0, [entry("a")]);
  expect(await waiting).toHaveLength(1);
});

test("a reader whose time passed gets nothing", async () => {
  const reader = await new MemoryEventLog(new MemoryLogWorld({ [TOPIC]: 1 })).reader(TOPIC, 0, 0);
  expect(await reader.read({ ...LIMITS, waitMs: 1 })).toEqual([]);
});

test("closing ends readers that wait, waits for appends under way and refuses what comes after", async () => {
  const pace = new HeldPace("log.append");
  const log = new MemoryEventLog(new MemoryLogWorld({ [TOPIC]: 1 }), { pace });
  const producer: LogProducer = await log.producer(TOPIC);
  const reader = await log.reader(TOPIC, 0, 0);
  const waiting = reader.read({ ...LIMITS, waitMs: NO_WAIT_MS_MAX });
  const append = producer.append(0, [entry("a")]);
  await turn();
  let isClosed = false;
  const closing = log.close().then(() => {
    isClosed = true;
  });
  expect(await waiting).toEqual([]);
  expect(isClosed).toBe(false);
  pace.waiting[0]?.go();
  expect((await append).firstOffset).toBe(0);
  await closing;
  await log.close();
  await expect(producer.append(0, [entry("b")])).rejects.toMatchObject({ code: "CLOSED" });
  await expect(producer.flush()).rejects.toMatchObject({ code: "CLOSED" });
  await expect(reader.read(LIMITS)).rejects.toMatchObject({ code: "CLOSED" });
  await expect(log.tail(TOPIC, 0)).rejects.toMatchObject({ code: "CLOSED" });
});

test("a reader before the first kept record or behind the end is told so", async () => {
  const shared = world();
  const log = new MemoryEventLog(shared);
  await (await log.producer(TOPIC)).append(0, [entry("a"), entry("b")]);
  shared.trim(TOPIC, 0, 1);
  expect(await log.bounds(TOPIC, 0)).toEqual({ start: 1, end: 2 });
  await expect(texts(log, 0, 0)).rejects.toMatchObject({ code: "OFFSET_OUT_OF_RANGE" });
  await expect(texts(log, 0, 3)).rejects.toMatchObject({ code: "OFFSET_OUT_OF_RANGE" });
  expect(await texts(log, 0, 1)).toEqual(["b"]);
  expect(await texts(log, 0, 2)).toEqual([]);
});

test("unknown topics and partitions are named", async () => {
  const log = new MemoryEventLog(world(), { pace: immediateLog });
  await expect(log.producer("u")).rejects.toThrow("topic u is unknown; known: t");
  await expect(log.reader(TOPIC, 2, 0)).rejects.toThrow("t/2: the topic has partitions 0 to 1");
  expect(await log.partitionCount(TOPIC)).toBe(2);
});

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

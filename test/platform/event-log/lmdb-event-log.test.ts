/** What only the LMDB log has: directories that are damaged, foreign, newer, open already, or not there yet. */

import { existsSync, mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { open } from "lmdb";
import { systemClock } from "../../../platform/clock/system-clock.js";
import type { EventLog } from "../../../platform/event-log/event-log.js";
import { openLmdbEventLog } from "../../../platform/event-log/lmdb/lmdb-event-log.js";
import { numberedEntries } from "../../contract/numbered-entry.js";

const TOPIC = "contract.topic";
let path: string;
const opened: EventLog[] = [];

beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), "kadun-lmdb-log-"));
});
afterEach(async () => {
  for (const log of opened.splice(0)) await log.close();
  rmSync(path, { recursive: true, force: true });
});

async function openLog(partitions = 2, readOnly = false): Promise<EventLog> {
  const topics = { [TOPIC]: { partitions, durability: "durable" as const } };
  const log = await openLmdbEventLog({ path, topics, readOnly, clock: systemClock });
  opened.push(log);
  return log;
}

async function written(): Promise<string> {
  const log = await openLog();
  const producer = await log.producer(TOPIC);
  for (let first = 0; first < 1000; first += 100) await producer.append(0, numberedEntries(first, 100, 500));
  await log.close();
  return join(path, TOPIC, "data.mdb");
}

test("another partition count than the directory was made with is refused, with the right one in the message", async () => {
  await written();
  await expect(openLog(5)).rejects.toMatchObject({
    code: "CORRUPT",
    message: expect.stringMatching(/has 2 partitions, 5 were asked for.*ask for 2/),
  });
  await expect(openLog(2)).resolves.toBeDefined();
});

const damages: readonly (readonly [string, (file: string) => void, RegExp])[] = [
  ["a file of something else", (file) => writeFileSync(file, Buffer.alloc(20_000, 65)), /not an LMDB file/],
  ["a file of a few bytes", (file) => truncateSync(file, 100), /has 100 bytes/],
  ["a file cut in half", (file) => truncateSync(file, Math.floor(statSync(file).size / 2)), /cut short/],
];

test.each(damages)(
  "%s is CORRUPT with the next step, and the process lives on",
  async (_, damage, expected) => {
    const file = await written();
    damage(file);
    const refusal = { code: "CORRUPT", message: expect.stringMatching(expected) };
    await expect(openLog()).rejects.toMatchObject(refusal);
    await expect(openLog(2, true)).rejects.toMatchObject({
      ...refusal,
      message: expect.stringContaining("restore"),
    });
  },
);

test("a directory of a newer format is refused, and not changed", async () => {
  const file = await written();
  const environment = open<Buffer, string>({
    path: join(path, TOPIC),
    noSubdir: false,
    encoding: "binary",
    overlappingSync: false,
  });
  const about = environment.openDB<Buffer, string>({ name: "topic", encoding: "binary" });
  await about.put("format", Buffer.from(JSON.stringify({ format: 2, topic: TOPIC, partitions: 2 })));
  await environment.close();
  const { size, mtimeMs } = statSync(file);
  await expect(openLog()).rejects.toMatchObject({
    code: "CORRUPT",
    message: expect.stringMatching(/newer version/),
  });
  expect(statSync(file)).toMatchObject({ size, mtimeMs });
});

test("ends that do not fit the records are CORRUPT", async () => {
  await written();
  const environment = open<Buffer, string>({
    path: join(path, TOPIC),
    noSubdir: false,
    encoding: "binary",
    overlappingSync: false,
  });
  await environment
    .openDB<Buffer, string>({ name: "topic", encoding: "binary" })
    .put("ends", Buffer.alloc(16));
  await environment.close();
  await expect(openLog()).rejects.toMatchObject({
    code: "CORRUPT",
    message: expect.stringMatching(/last record is 999/),
  });
});

test("a directory that is open in this process is LOCKED until it is closed", async () => {
  const first = await openLog();
  await expect(openLog()).rejects.toMatchObject({ code: "LOCKED", message: expect.stringContaining(path) });
  await first.close();
  await expect(openLog()).resolves.toBeDefined();
});

test("a second producer of a topic is LOCKED until the first is closed", async () => {
  const log = await openLog();
  const first = await log.producer(TOPIC);
  await expect(log.producer(TOPIC)).rejects.toMatchObject({ code: "LOCKED" });
  await first.close();
  await expect(log.producer(TOPIC)).resolves.toBeDefined();
});

test("reading before the writer has made the directory may be tried again, and makes nothing", async () => {
  await expect(openLog(2, true)).rejects.toMatchObject({ code: "FAILED", retryable: true });
  expect(existsSync(join(path, TOPIC))).toBe(false);
  await written();
  const log = await openLog(2, true);
  expect(await log.bounds(TOPIC, 0)).toEqual({ start: 0, end: 1000 });
  await expect(log.producer(TOPIC)).rejects.toMatchObject({ code: "FAILED", retryable: false });
});

test("a process that reads notices damage between its records instead of leaving some out", async () => {
  await written();
  const environment = open<Buffer, string>({
    path: join(path, TOPIC),
    noSubdir: false,
    encoding: "binary",
    overlappingSync: false,
  });
  const partition = environment.openDB<Buffer, Uint8Array>({
    name: "partition-0",
    encoding: "binary",
    keyEncoding: "binary",
  });
  await partition.remove(Buffer.from([0, 0, 0, 0, 0, 5]));
  await environment.close();
  const reader = await (await openLog()).reader(TOPIC, 0, 0);
  const limits = { recordsMax: 100, bytesMax: 1_000_000, waitMs: 0 };
  await expect(reader.read(limits)).rejects.toMatchObject({
    code: "CORRUPT",
    message: expect.stringContaining("offset 6"),
  });
});

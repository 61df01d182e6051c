/** kill -9 of the writer at random moments: rows are neither lost nor doubled, counted as they lie. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { openChdbDatabase } from "../../platform/analytics/chdb/chdb-database.js";
import { systemClock } from "../../platform/clock/system-clock.js";
import type { EventLog } from "../../platform/event-log/event-log.js";
import { openLmdbEventLog } from "../../platform/event-log/lmdb/lmdb-event-log.js";
import type { JournalRecord } from "../../schemas/journal.js";
import { Topic } from "../../schemas/topics.js";
import { reconcile } from "../../services/analytics/reconcile.js";
import { goldenRecords } from "../support/live-partition.js";
import { TwoLogs } from "./two-logs.js";

const ROOT = resolve(".");
const PARTITIONS = 3;
const COPIES = 2;
const KILLS = Number(process.env.KADUN_KILLS ?? 4);
const SEED = Number(process.env.KADUN_SEED ?? Date.now() % 1_000_000);

if (!existsSync(join(ROOT, "dist/services/analytics/analytics-service.js")))
  throw new Error("dist is missing: run 'npm run build' first");

let directory: string;
let log: EventLog;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "kadun-killed-writer-"));
  const topic = { partitions: PARTITIONS, durability: "derived" } as const;
  log = await openLmdbEventLog({
    path: join(directory, "log"),
    topics: { [Topic.JOURNAL]: topic, [Topic.DECISIONS]: topic },
    clock: systemClock,
  });
  await fill(log);
});
afterAll(async () => {
  await log.close();
  await rm(directory, { recursive: true, force: true });
});

test(
  `a writer killed ${KILLS} times writes every row once and counts it once (seed ${SEED})`,
  async () => {
    const random = randomOf(SEED);
    let kills = 0;
    for (; kills < KILLS; kills++) {
      const child = startWriter();
      const ended = once(child, "exit");
      if ((await nextLine(child)) !== "started") break;
      await wait(random() * 250);
      child.kill("SIGKILL");
      const [, signal] = await ended;
      if (signal !== "SIGKILL") break;
    }
    expect(kills).toBe(KILLS);
    const last = startWriter();
    const lines: string[] = [];
    for await (const line of createInterface({ input: last.stdout! })) lines.push(line);
    expect(lines).toEqual(["started", "done"]);

    const database = await openChdbDatabase({ directory: join(directory, "analytics") });
    try {
      const result = await reconcile({ log, database });
      expect({ seed: SEED, findings: result.findings, figures: result.figures }).toEqual({
        ...{ seed: SEED, findings: [], figures: { state: "equal" } },
      });
      for (const { table, topic } of [
        { table: "journal_records", topic: Topic.JOURNAL },
        { table: "outcomes", topic: Topic.DECISIONS },
      ]) {
        const [row] = await database.query(
          `SELECT count() AS rows, uniqExact(partition, logOffset) AS places FROM ${table}`,
        );
        const logged = String(await recordsIn(topic));
        expect({ seed: SEED, ...row }).toEqual({ seed: SEED, rows: logged, places: logged });
      }
    } finally {
      await database.close();
    }
  },
  60_000 + KILLS * 30_000,
);

function startWriter(): ChildProcess {
  const script = join(ROOT, "test/analytics/killed-writer.mjs");
  return spawn(process.execPath, [script, ROOT, directory, String(PARTITIONS)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
}

async function nextLine(child: ChildProcess): Promise<string> {
  const [chunk] = await once(child.stdout!, "data");
  return String(chunk).split("\n")[0]!;
}

async function recordsIn(topic: string): Promise<number> {
  const bounds = await Promise.all(
    Array.from({ length: PARTITIONS }, (_, partition) => log.bounds(topic, partition)),
  );
  return bounds.reduce((sum, { end }) => sum + end, 0);
}

/** The golden journal several times, each time with other persons. */
async function fill(target: EventLog): Promise<void> {
  const logs = new TwoLogs(PARTITIONS);
  for (let copy = 0; copy < COPIES; copy++)
    logs.append(goldenRecords().map((record) => copyOf(record, copy)));
  for (const topic of [Topic.JOURNAL, Topic.DECISIONS]) {
    const producer = await target.producer(topic);
    for (let partition = 0; partition < PARTITIONS; partition++) {
      const all = logs.world.read(topic, partition, 0, { recordsMax: 1e6, bytesMax: 1e9, waitMs: 0 });
      for (let from = 0; from < all.length; from += 500)
        await producer.append(partition, all.slice(from, from + 500));
    }
    await producer.close();
  }
}

function copyOf(record: JournalRecord, copy: number): JournalRecord {
  if (!("personKey" in record)) return record;
  return { ...record, personKey: `${copy.toString(16)}${record.personKey.slice(1)}` };
}

function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

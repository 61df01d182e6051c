/** The analytics service writing to ClickHouse over HTTP, with a server that fails: rows are neither lost nor doubled. */

import { randomBytes } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { AnalyticsDatabase } from "../../platform/analytics/analytics-database.js";
import { openClickhouseDatabase } from "../../platform/analytics/clickhouse/clickhouse-database.js";
import { Topic } from "../../schemas/topics.js";
import { migrate, readMigrations } from "../../services/analytics/migrations.js";
import { reconcile } from "../../services/analytics/reconcile.js";
import { caughtUp, startService, writeAll } from "../analytics/running-service.js";
import { MIGRATIONS_DIRECTORY } from "../analytics/scratch-database.js";
import { TwoLogs } from "../analytics/two-logs.js";
import { type ClickhouseFront, startClickhouseFront } from "../support/clickhouse-front/clickhouse-front.js";
import { goldenRecords } from "../support/live-partition.js";

const golden = goldenRecords();
const PARTITIONS = 3;
const KILLS = Number(process.env.KADUN_KILLS ?? 4);
const SEED = Number(process.env.KADUN_SEED ?? Date.now() % 1_000_000);

describe("the analytics service on ClickHouse over HTTP", () => {
  let front: ClickhouseFront;
  let database: AnalyticsDatabase;
  let logs: TwoLogs;
  let name: string;
  const opened: AnalyticsDatabase[] = [];
  const open = async () => {
    const { url, user, password } = front;
    const options = { url, user, password, database: name, requestTimeoutMs: 2000 };
    const each = await openClickhouseDatabase(options);
    opened.push(each);
    return each;
  };

  beforeAll(async () => {
    front = await startClickhouseFront();
  });
  afterAll(() => front.close());
  beforeEach(async () => {
    name = `kadun_${randomBytes(6).toString("hex")}`;
    database = await open();
    logs = new TwoLogs(PARTITIONS);
    logs.append(golden);
  });
  afterEach(async () => {
    await front.clearPlans();
    await database.run(`DROP DATABASE ${name}`);
    for (const each of opened.splice(0)) await each.close();
  });

  const inLog = (topic: Topic) =>
    Array.from({ length: PARTITIONS }, (_, partition) => logs.world.bounds(topic, partition).end).reduce(
      (sum, end) => sum + end,
    );
  const asTheyLie = async (table: string) => {
    const [row] = await database.query(
      `SELECT count() AS rows, uniqExact(partition, logOffset) AS places FROM ${table}`,
    );
    return row;
  };
  const expectEach = async (about: object = {}) => {
    const { findings } = await reconcile({ log: logs.log, database });
    expect({ ...about, findings }).toEqual({ ...about, findings: [] });
    const [journal, outcomes] = [String(inLog(Topic.JOURNAL)), String(inLog(Topic.DECISIONS))];
    expect(await asTheyLie("journal_records")).toEqual({ rows: journal, places: journal });
    expect(await asTheyLie("outcomes")).toEqual({ rows: outcomes, places: outcomes });
  };

  test("every record arrives, logs and rows agree, a restart goes on where the rows end", async () => {
    await writeAll(logs.log, database);
    await expectEach();
    logs.append(golden.slice(0, 200));
    await writeAll(logs.log, await open());
    await expectEach();
  });

  test.each([
    ["whose answer is lost after they were applied", { kind: "cut-applied" }],
    ["whose answer is cut", { kind: "cut-answer" }],
    ["that are cut before they were applied", { kind: "cut-before" }],
    ["that a proxy refuses", { kind: "status", status: 503 }],
    ["that find too many parts", { kind: "exception", code: 252, name: "TOO_MANY_PARTS" }],
  ] as const)("blocks %s are there once", async (_, fault) => {
    await front.plan(fault, "insert", 4);
    const struckBefore = front.struck.length;
    await writeAll(logs.log, database);
    expect(front.struck.slice(struckBefore)).toEqual(Array(4).fill(fault.kind));
    await expectEach();
  });

  test("a block applied so late that the writer has given up waiting is there once", async () => {
    await front.plan({ kind: "slow", ms: 3000 }, "insert", 2);
    await writeAll(logs.log, database);
    await expectEach();
  });

  test(
    `a server killed ${KILLS} times in mid-block loses and doubles nothing (seed ${SEED})`,
    async () => {
      const random = randomOf(SEED);
      const service = await startService(logs.log, database, {
        blockLimits: { rowsFull: 60, bytesFull: 1 << 20, waitMs: 5 },
        readLimits: { recordsMax: 60, bytesMax: 1 << 20, waitMs: 5 },
      });
      try {
        for (let kill = 0; kill < KILLS; kill++) {
          await front.next("begun", "insert");
          await wait(random() * 30);
          await front.kill();
          await front.start();
        }
        await caughtUp(service);
      } finally {
        await service.close();
      }
      await expectEach({ seed: SEED });
    },
    60_000 + KILLS * 15_000,
  );

  test("a server away for three seconds is waited for", async () => {
    const service = await startService(logs.log, database);
    try {
      await front.next("begun", "insert");
      await front.kill();
      await wait(3000);
      await front.start();
      await caughtUp(service);
    } finally {
      await service.close();
    }
    await expectEach();
  });

  test("partitions go from one process to another in mid-stream, each row is there once", async () => {
    const one = await startService(logs.log, database, { partitions: [0, 1, 2] });
    const other = await startService(logs.log, await open(), { partitions: [], handoverMs: 1000 });
    try {
      for (const [here, there] of [
        [[0], [1, 2]],
        [[], [0, 1, 2]],
      ] as const) {
        logs.append(golden.slice(0, 300));
        await Promise.all([one.assign(here), other.assign(there)]);
      }
      await caughtUp(other);
    } finally {
      await one.close();
      await other.close();
    }
    await expectEach();
  });

  test("two processes that both take all partitions double rows, yet each counts once, and a merge removes them", async () => {
    for (const table of ["journal_records", "outcomes"]) await stopMerges(table);
    // Small blocks: each has much to write yet when the other looks how far the rows go.
    const blocks = {
      blockLimits: { rowsFull: 40, bytesFull: 1 << 20, waitMs: 20 },
      readLimits: { recordsMax: 40, bytesMax: 1 << 20, waitMs: 20 },
    };
    const databases = [database, await open()];
    const services = await Promise.all(databases.map((each) => startService(logs.log, each, blocks)));
    await Promise.all(services.map(caughtUp));
    for (const service of services) await service.close();
    const lying = await asTheyLie("outcomes");
    expect(Number(lying!.rows)).toBeGreaterThan(Number(lying!.places));
    const { findings } = await reconcile({ log: logs.log, database });
    expect(new Set(findings.map(({ kind }) => kind))).toEqual(new Set(["row-doubled"]));
    const [counted] = await database.query(
      `SELECT (SELECT count() FROM decisions) AS decisions, (SELECT count() FROM revisions) AS revisions,
         (SELECT count() FROM effective_decisions) AS effective, (SELECT count() FROM swipes) AS swipes,
         (SELECT countDistinct(partition, logOffset) FROM outcomes WHERE type = 'decision') AS decisionsTold,
         (SELECT countDistinct(partition, logOffset) FROM outcomes WHERE type = 'revision') AS revisionsTold,
         (SELECT countDistinct(partition, logOffset) FROM journal_records WHERE type = 'swipe') AS swipesTold`,
    );
    expect(counted).toMatchObject({
      decisions: counted!.decisionsTold,
      effective: counted!.decisionsTold,
      revisions: counted!.revisionsTold,
      swipes: counted!.swipesTold,
    });
    for (const table of ["journal_records", "outcomes"]) {
      await database.run(`SYSTEM START MERGES ${table}`);
      await database.run(`OPTIMIZE TABLE ${table} FINAL`);
    }
    await expectEach();
  });

  /** The tables must be there. */
  async function stopMerges(table: string): Promise<void> {
    await migrate(database, await readMigrations(MIGRATIONS_DIRECTORY), () => 0);
    await database.run(`SYSTEM STOP MERGES ${table}`);
  }
});

function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

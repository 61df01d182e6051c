import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { AnalyticsError } from "../../platform/analytics/analytics-database.js";
import type { AnalyticsService } from "../../services/analytics/analytics-service.js";
import { reconcile } from "../../services/analytics/reconcile.js";
import { goldenRecords } from "../support/live-partition.js";
import { caughtUp, startService } from "./running-service.js";
import { type ScratchDatabase, scratchDatabase } from "./scratch-database.js";
import { TwoLogs } from "./two-logs.js";

const golden = goldenRecords();
/** What is given away is awaited here, so nothing is under way when it is taken: a real group knows only the time. */
const HANDOVER_MS = 10;

describe("partitions of the analytics writer", () => {
  let scratch: ScratchDatabase;
  let logs: TwoLogs;
  const services: AnalyticsService[] = [];
  beforeEach(async () => {
    scratch = await scratchDatabase();
    logs = new TwoLogs(3);
  });
  afterEach(async () => {
    for (const service of services.splice(0)) await service.close();
    await scratch.remove();
  });

  const start = async (partitions: readonly number[], database = scratch.database) => {
    const service = await startService(logs.log, database, { partitions, handoverMs: HANDOVER_MS });
    services.push(service);
    return service;
  };
  const partitionsOf = async (service: AnalyticsService) => [
    ...new Set((await service.status()).map(({ partition }) => partition)),
  ];
  const expectEqual = async () => {
    const { findings, partitions } = await reconcile({ log: logs.log, database: scratch.database });
    expect(findings).toEqual([]);
    expect(partitions.map(({ journal, outcomes }) => journal.lag + outcomes.lag)).toEqual([0, 0, 0]);
  };

  test("two processes share the partitions, each row is there once", async () => {
    const [one, other] = [await start([0]), await start([1, 2])];
    logs.append(golden);
    await Promise.all([caughtUp(one), caughtUp(other)]);
    expect(await partitionsOf(one)).toEqual([0]);
    expect(await partitionsOf(other)).toEqual([1, 2]);
    await expectEqual();
  });

  test("partitions go from one to the other and back in mid-stream, each row is there once", async () => {
    const [one, other] = [await start([0, 1, 2]), await start([])];
    for (let step = 0; step < 6; step++) {
      logs.append(golden.slice(step * 150, (step + 1) * 150));
      const [here, there] = step % 2 === 0 ? [[0], [1, 2]] : [[0, 2], [1]];
      await one.assign([0]);
      await other.assign([1]);
      await Promise.all([one.assign(here), other.assign(there)]);
    }
    await Promise.all([caughtUp(one), caughtUp(other)]);
    await expectEqual();
  });

  test("of several changes at once the last one counts", async () => {
    const service = await start([0, 1]);
    await Promise.all([service.assign([2]), service.assign([]), service.assign([0, 2])]);
    expect((await partitionsOf(service)).sort()).toEqual([0, 2]);
  });

  test("a database that is away when partitions come is waited for", async () => {
    const { database } = scratch;
    let isAway = false;
    const service = await start([], {
      run: (...given) => database.run(...given),
      insert: (block) => database.insert(block),
      insertFrom: (rows) => database.insertFrom(rows),
      close: () => database.close(),
      query: (...given) => {
        if (!isAway) return database.query(...given);
        isAway = false;
        return Promise.reject(new AnalyticsError("UNREACHABLE", "away", { retryable: true }));
      },
    });
    logs.append(golden.slice(0, 100));
    isAway = true;
    await service.assign([0, 1, 2]);
    expect(isAway).toBe(false);
    await caughtUp(service);
    await expectEqual();
  });

  test("close ends a change that is under way", async () => {
    const service = await startService(logs.log, scratch.database, { partitions: [], handoverMs: 60_000 });
    const change = service.assign([0, 1, 2]);
    await service.close();
    await change;
    expect(await service.status()).toEqual([]);
  });
});

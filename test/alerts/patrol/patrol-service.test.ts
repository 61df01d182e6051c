import { expect, test } from "@jest/globals";
import { silentLogger } from "../../../platform/logger/logger.js";
import { noMetrics } from "../../../platform/metrics/metrics.js";
import { ROUND_EVERY_MS, startPatrols } from "../../../services/alerts/patrol/patrol-service.js";
import { SteppedClock } from "../../cli/distributed/stepped-clock.js";
import { SQL_FOLDER } from "./patrol-cases.js";
import { PatrolWorld, shippedPatrols } from "./patrol-world.js";

test("rounds come each minute, one at a time, and end with the service", async () => {
  const world = await PatrolWorld.open();
  const clock = new SteppedClock();
  const startedAtMs = clock.now();
  const asked: number[] = [];
  let underWay = 0;
  const { database } = world.scratch;
  const patrols = startPatrols({
    analytics: {
      run: (...args) => database.run(...args),
      insert: (block) => database.insert(block),
      insertFrom: (rows) => database.insertFrom(rows),
      close: () => database.close(),
      query: async (...args) => {
        underWay++;
        expect(underWay).toBe(1);
        if (args[0].includes("FROM journal_records WHERE logOffset >="))
          asked.push(clock.now() - startedAtMs);
        const rows = await database.query(...args);
        underWay--;
        return rows;
      },
    },
    database: world.desk.database,
    partitions: 3,
    sqlFolder: SQL_FOLDER,
    settings: shippedPatrols,
    decoyCards: async () => [],
    clock,
    logger: silentLogger,
    metrics: noMetrics,
  });
  try {
    await clock.rounds(2);
    expect(asked).toEqual([0, ROUND_EVERY_MS, 2 * ROUND_EVERY_MS]);
    const [now, later] = [patrols.runNow(), patrols.runNow()];
    expect((await now).length).toBe(7);
    expect((await later).every(({ result }) => result === "idle")).toBe(true);
    expect(await patrols.findings()).toEqual([]);
  } finally {
    await patrols.close();
  }
  expect(underWay).toBe(0);
  await world.remove();
}, 120_000);

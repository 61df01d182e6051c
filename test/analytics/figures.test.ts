/** Lists and figures of the rows: each outcome counted once, whatever fails in between. */

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { type AnalyticsDatabase, AnalyticsError } from "../../platform/analytics/analytics-database.js";
import type { Clock } from "../../platform/clock/clock.js";
import { systemClock } from "../../platform/clock/system-clock.js";
import { emptyAnalytics } from "../../services/analytics/empty-tables.js";
import { checkFigures } from "../../services/analytics/figures-check.js";
import { nextRanges } from "../../services/analytics/figures-roller.js";
import { migrate, readMigrations } from "../../services/analytics/migrations.js";
import { rolledStatements } from "../../services/analytics/rolled-statements.js";
import { goldenRecords } from "../support/live-partition.js";
import { caughtUp, startService, writeAll } from "./running-service.js";
import { MIGRATIONS_DIRECTORY, type ScratchDatabase, scratchDatabase } from "./scratch-database.js";
import { TwoLogs } from "./two-logs.js";

const golden = goldenRecords();
let scratch: ScratchDatabase;

beforeAll(async () => {
  scratch = await scratchDatabase();
});
afterAll(() => scratch.remove());
beforeEach(async () => {
  const migrations = await readMigrations(MIGRATIONS_DIRECTORY);
  await emptyAnalytics(scratch.database, migrations);
  await migrate(scratch.database, migrations, () => 0);
});

function judged(partitions: number): TwoLogs {
  const logs = new TwoLogs(partitions);
  logs.append(golden);
  return logs;
}

describe("figures and lists", () => {
  test("hold what the rows hold, whole and by every level", async () => {
    await writeAll(judged(3).log, scratch.database);
    expect(await checkFigures(scratch.database)).toEqual({ state: "equal" });
    const levels = await scratch.database.query(
      "SELECT toString(level) AS level, toUInt32(sum(swipes)) AS swipes FROM swipe_figures GROUP BY level ORDER BY level",
    );
    const [rows] = await scratch.database.query(
      "SELECT toUInt32(count()) AS swipes FROM outcomes WHERE type = 'decision'",
    );
    const of = (name: string) => levels.find(({ level }) => level === name)?.swipes;
    expect(rows!.swipes).toBeGreaterThan(100);
    for (const level of ["hour", "day", "institution-day"]) expect(of(level)).toBe(rows!.swipes);
    expect(of("rule-day")).toBeGreaterThan(20);
    expect(of("rule-hour")).toBe(of("rule-day"));
    expect(of("institution-rule-day")).toBe(of("rule-day"));
  });

  test.each([
    ["fails before it is done", false],
    ["fails although it is done", true],
  ])("are right in the end where a statement %s, be it of a list or of the figures", async (_, isDone) => {
    const flaky = new FlakyStatements(scratch.database, isDone);
    const service = await startService(judged(2).log, flaky, { clock: HASTY_CLOCK });
    await caughtUp(service);
    await service.close();
    expect(flaky.failures).toBe(FAILING.length);
    expect(await checkFigures(scratch.database)).toEqual({ state: "equal" });
  });

  test("count nothing twice where a range is asked again, by whoever has the partition", async () => {
    await writeAll(judged(1).log, scratch.database);
    const [row] = await scratch.database.query("SELECT toUInt32(max(logOffset)) + 1 AS end FROM outcomes");
    const end = Number(row!.end);
    for (const from of [0, Math.floor(end / 2)])
      for (const statement of rolledStatements([{ partition: 0, from, to: end }]))
        await scratch.database.insertFrom(statement);
    expect(await checkFigures(scratch.database)).toEqual({ state: "equal" });
  });

  test("that miss an hour or have one too many are told apart from those that are right", async () => {
    await writeAll(judged(1).log, scratch.database);
    await scratch.database.run(
      "INSERT INTO swipe_figures (level, bucket, swipes) VALUES ('hour', '2026-03-01 10:00:00', 1)",
    );
    await scratch.database.run("TRUNCATE TABLE event_places");
    const check = await checkFigures(scratch.database);
    expect(check).toMatchObject({
      state: "different",
      differences: [
        { level: "hour", day: "2026-03-01" },
        { level: "event_places", counted: 0 },
      ],
    });
  });
});

describe("ranges of one go", () => {
  test("are shared by the partitions, and what one leaves over another takes", () => {
    const standing = new Map([
      [0, 5],
      [1, 1000],
      [2, 400],
      [3, 7],
    ]);
    expect(nextRanges(standing, new Map([[3, 7]]), 605)).toEqual({
      ranges: [
        { partition: 0, from: 0, to: 5 },
        { partition: 2, from: 0, to: 300 },
        { partition: 1, from: 0, to: 300 },
      ],
      isAll: false,
    });
    expect(
      nextRanges(
        standing,
        new Map([
          [1, 900],
          [2, 400],
          [3, 7],
        ]),
        605,
      ),
    ).toEqual({
      ranges: [
        { partition: 0, from: 0, to: 5 },
        { partition: 1, from: 900, to: 1000 },
      ],
      isAll: true,
    });
  });
});

/** The second statement of a go, the third, then the last, that of the figures. */
const FAILING = [1, 4, 8];
const HASTY_CLOCK: Clock = {
  now: () => systemClock.now(),
  sleep: (ms, signal) => systemClock.sleep(Math.min(ms, 5), signal),
};

/** Some statements that make rows of rows fail, before or after they took place. */
class FlakyStatements implements AnalyticsDatabase {
  failures = 0;
  private statements = 0;

  constructor(
    private readonly inner: AnalyticsDatabase,
    private readonly isDone: boolean,
  ) {}

  insertFrom: AnalyticsDatabase["insertFrom"] = async (rows) => {
    const fails = FAILING.includes(this.statements++);
    if (fails && !this.isDone) this.fail();
    await this.inner.insertFrom(rows);
    if (fails) this.fail();
  };

  run: AnalyticsDatabase["run"] = (...given) => this.inner.run(...given);
  insert: AnalyticsDatabase["insert"] = (block) => this.inner.insert(block);
  query: AnalyticsDatabase["query"] = (...given) => this.inner.query(...given);
  close: AnalyticsDatabase["close"] = () => this.inner.close();

  private fail(): never {
    this.failures++;
    throw new AnalyticsError("FAILED", "the connection broke", { retryable: true });
  }
}

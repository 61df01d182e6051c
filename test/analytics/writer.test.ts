import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { AnalyticsDatabase, InsertBlock } from "../../platform/analytics/analytics-database.js";
import { AnalyticsError } from "../../platform/analytics/analytics-database.js";
import type { JournalRecord } from "../../schemas/journal.js";
import { jsonOfBody } from "../../schemas/log-body.js";
import { OUTCOME_SCHEMAS } from "../../schemas/outcomes.js";
import { Topic } from "../../schemas/topics.js";
import { goldenRecords } from "../support/live-partition.js";
import { caughtUp, startService, writeAll } from "./running-service.js";
import { type ScratchDatabase, scratchDatabase } from "./scratch-database.js";
import { TwoLogs } from "./two-logs.js";

const golden = goldenRecords();
const others: readonly JournalRecord[] = [
  {
    type: "answer-given",
    personKey: "0f".repeat(16),
    eventId: "late-1",
    action: "review",
    reason: "超时未答复",
  },
  {
    type: "bootstrap",
    source: "cold-start",
    occurredAt: "2026-03-01T08:00:00.000+08:00",
    snapshot: null,
    records: 0,
  },
];

describe("the analytics writer", () => {
  let scratch: ScratchDatabase;
  let database: AnalyticsDatabase;
  beforeEach(async () => {
    scratch = await scratchDatabase();
    database = scratch.database;
  });
  afterEach(() => scratch.remove());

  const bodies = async (table: string) =>
    (await database.query(`SELECT body FROM ${table} ORDER BY partition, logOffset`)).map(({ body }) => body);
  const logged = (logs: TwoLogs, topic: Topic) =>
    Array.from({ length: logs.partitionCount }, (_, partition) =>
      logs.world
        .read(topic, partition, 0, { recordsMax: 1e6, bytesMax: 1e9, waitMs: 0 })
        .map(({ value }) => jsonOfBody(value)),
    ).flat();

  test("brings every record of every type into the tables, its body byte for byte", async () => {
    const logs = new TwoLogs(3);
    logs.append([...golden, ...others]);
    await writeAll(logs.log, database);
    expect(await bodies("journal_records")).toEqual(logged(logs, Topic.JOURNAL));
    expect(await bodies("outcomes")).toEqual(logged(logs, Topic.DECISIONS));
    const types = (await database.query("SELECT DISTINCT type FROM outcomes ORDER BY type")).map(
      ({ type }) => type,
    );
    expect(types).toEqual(Object.keys(OUTCOME_SCHEMAS).sort());
  });

  test("columns say what the bodies say", async () => {
    const logs = new TwoLogs(2);
    logs.append([...golden, ...others]);
    await writeAll(logs.log, database);
    const differences = await database.query(
      `SELECT countIf(eventId != JSONExtractString(body, 'eventId')) AS eventIds,
         countIf(personKey != JSONExtractString(body, 'personKey') AND type != 'duplicate') AS persons,
         countIf(type = 'decision' AND totalFen != JSONExtractUInt(body, 'swipe', 'totalFen')) AS totals,
         countIf(type IN ('decision', 'revision') AND toString(action) != JSONExtractString(body, 'action')) AS actions,
         countIf(type = 'decision' AND occurredAt != parseDateTime64BestEffort(JSONExtractString(body, 'occurredAt'), 3)) AS instants,
         countIf(ifNull(accountFen, 0) != JSONExtractUInt(body, 'swipe', 'accountFen')) AS accounts,
         countIf(length(reasons.rule) != length(JSONExtractArrayRaw(body, 'reasons'))) AS reasons,
         countIf(length(rules) + length(shadowRules) != length(reasons.rule)) AS rules,
         countIf(type = 'transition' AND (stateFrom != JSONExtractString(body, 'from') OR applied != JSONExtractBool(body, 'applied'))) AS transitions
       FROM outcomes`,
    );
    expect(Object.entries(differences[0]!).filter(([, count]) => count !== "0")).toEqual([]);
    const journal = await database.query(
      `SELECT countIf(type = 'swipe' AND (totalFen != JSONExtractUInt(body, 'totalFen') OR institutionId != JSONExtractString(body, 'institutionId'))) AS swipes,
         countIf(type = 'card-status' AND statusAction != JSONExtractString(body, 'action')) AS statuses,
         countIf(type = 'swipe' AND itemCount != length(JSONExtractArrayRaw(body, 'items'))) AS items
       FROM journal_records`,
    );
    expect(Object.entries(journal[0]!).filter(([, count]) => count !== "0")).toEqual([]);
    expect(
      await database.query(
        "SELECT answerAction, answerReason FROM journal_records WHERE type = 'answer-given'",
      ),
    ).toEqual([{ answerAction: "review", answerReason: "超时未答复" }]);
  });

  test("views show the answer that counts today and the transitions", async () => {
    const logs = new TwoLogs(1);
    logs.append(golden);
    await writeAll(logs.log, database);
    const [row] = await database.query(
      `SELECT (SELECT count() FROM effective_decisions) = (SELECT count() FROM decisions) AS complete,
         (SELECT count() FROM effective_decisions WHERE revisions > 0) = (SELECT uniqExact(decisionId) FROM revisions) AS revised,
         (SELECT count() FROM effective_decisions WHERE actionFirst != action) > 0 AS changed,
         (SELECT count() FROM transitions WHERE applied) > 0 AS applied`,
    );
    expect(row).toEqual({ complete: 1, revised: 1, changed: 1, applied: 1 });
  });

  test("goes on where the rows end after a restart, and drops outcomes that were appended twice", async () => {
    const logs = new TwoLogs(2);
    logs.append(golden.slice(0, 500));
    await writeAll(logs.log, database);
    const before = logged(logs, Topic.DECISIONS).length;
    // A detector that was killed after its append: the last outcomes once more.
    for (const partition of [0, 1]) {
      const all = logs.world.read(Topic.DECISIONS, partition, 0, {
        recordsMax: 1e6,
        bytesMax: 1e9,
        waitMs: 0,
      });
      logs.world.append(Topic.DECISIONS, partition, all.slice(-20));
    }
    await writeAll(logs.log, database);
    expect(await bodies("outcomes")).toHaveLength(before);
    logs.append(golden.slice(500));
    await writeAll(logs.log, database);
    expect(await bodies("journal_records")).toEqual(logged(logs, Topic.JOURNAL));
    const [count] = await database.query(
      "SELECT count() AS rows, uniqExact(partition, journalOffset, sequence) AS outcomes FROM outcomes",
    );
    expect(count!.rows).toBe(String(logged(logs, Topic.DECISIONS).length - 40));
    expect(count!.outcomes).toBe(count!.rows);
  });

  test("writes records of two months as two blocks, in order", async () => {
    const logs = new TwoLogs(1);
    logs.nowMs = Date.parse("2026-03-31T23:59:59.900+08:00");
    logs.append(golden.slice(0, 40));
    logs.nowMs += 200;
    logs.append(golden.slice(40, 80));
    await writeAll(logs.log, database);
    expect(await bodies("journal_records")).toEqual(logged(logs, Topic.JOURNAL));
    expect(
      await database.query(
        "SELECT toString(toYYYYMM(appendedAt)) AS month, count() AS rows FROM journal_records GROUP BY month ORDER BY month",
      ),
    ).toEqual([
      { month: "202603", rows: "40" },
      { month: "202604", rows: "40" },
    ]);
  });

  test.each([
    ["fails before its rows are there", false],
    ["fails although its rows are there", true],
  ])("a block that %s is there once in the end", async (_, rowsAreThere) => {
    const flaky = new FlakyInserts(database, rowsAreThere);
    const logs = new TwoLogs(2);
    logs.append(golden);
    const service = await startService(logs.log, flaky);
    await caughtUp(service);
    await service.close();
    expect(flaky.failures).toBeGreaterThan(3);
    expect(await bodies("journal_records")).toEqual(logged(logs, Topic.JOURNAL));
    expect(await bodies("outcomes")).toEqual(logged(logs, Topic.DECISIONS));
  });

  test("a block whose token is known although its rows are not is written all the same", async () => {
    const forgetful = new TokenWithoutRows(database);
    const logs = new TwoLogs(1);
    logs.append(golden.slice(0, 100));
    const service = await startService(logs.log, forgetful);
    await caughtUp(service);
    await service.close();
    expect(forgetful.swallowed).toBe(2);
    expect(await bodies("journal_records")).toEqual(logged(logs, Topic.JOURNAL));
  });

  test("an empty log leaves empty tables, and what comes later arrives", async () => {
    const logs = new TwoLogs(1);
    const service = await startService(logs.log, database);
    await caughtUp(service);
    expect(await bodies("journal_records")).toEqual([]);
    logs.append(golden.slice(0, 10));
    await caughtUp(service);
    await service.close();
    expect(await bodies("journal_records")).toHaveLength(10);
  });
});

/** Every third insert fails, before or after it took place. */
class FlakyInserts implements AnalyticsDatabase {
  failures = 0;
  private inserts = 0;

  constructor(
    private readonly inner: AnalyticsDatabase,
    private readonly rowsAreThere: boolean,
  ) {}

  async insert(block: InsertBlock): Promise<void> {
    const fails = this.inserts++ % 3 === 1;
    if (fails && !this.rowsAreThere) this.fail();
    await this.inner.insert(block);
    if (fails) this.fail();
  }

  run: AnalyticsDatabase["run"] = (...given) => this.inner.run(...given);
  insertFrom: AnalyticsDatabase["insertFrom"] = (rows) => this.inner.insertFrom(rows);
  query: AnalyticsDatabase["query"] = (...given) => this.inner.query(...given);
  close: AnalyticsDatabase["close"] = () => this.inner.close();

  private fail(): never {
    this.failures++;
    throw new AnalyticsError("FAILED", "the connection broke", { retryable: true });
  }
}

/** The first insert of each table breaks off where ClickHouse has noted the token and not yet the rows. */
class TokenWithoutRows implements AnalyticsDatabase {
  swallowed = 0;
  private readonly tokens = new Map<string, string>();

  constructor(private readonly inner: AnalyticsDatabase) {}

  async insert(block: InsertBlock): Promise<void> {
    if (!this.tokens.has(block.table)) {
      this.tokens.set(block.table, block.token);
      throw new AnalyticsError("FAILED", "killed in between", { retryable: true });
    }
    if (this.tokens.get(block.table) === block.token) this.swallowed++;
    else await this.inner.insert(block);
  }

  run: AnalyticsDatabase["run"] = (...given) => this.inner.run(...given);
  insertFrom: AnalyticsDatabase["insertFrom"] = (rows) => this.inner.insertFrom(rows);
  query: AnalyticsDatabase["query"] = (...given) => this.inner.query(...given);
  close: AnalyticsDatabase["close"] = () => this.inner.close();
}

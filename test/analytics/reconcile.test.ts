import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { AnalyticsDatabase } from "../../platform/analytics/analytics-database.js";
import { decodeOutcomeBody } from "../../schemas/log-body.js";
import type { LoggedOutcome } from "../../schemas/outcomes.js";
import { decodePosition, Topic } from "../../schemas/topics.js";
import { reconcile } from "../../services/analytics/reconcile.js";
import { reconciliationText } from "../../services/analytics/reconciliation-text.js";
import { goldenRecords } from "../support/live-partition.js";
import { writeAll } from "./running-service.js";
import { migratedDatabase, type ScratchDatabase } from "./scratch-database.js";
import { TwoLogs } from "./two-logs.js";

const golden = goldenRecords();
const EVERYTHING = { recordsMax: 1e6, bytesMax: 1e9, waitMs: 0 };

describe("reconcile", () => {
  let scratch: ScratchDatabase;
  let database: AnalyticsDatabase;
  beforeEach(async () => {
    scratch = await migratedDatabase();
    database = scratch.database;
  });
  afterEach(() => scratch.remove());

  const written = async (records = golden.slice(0, 600), partitions = 2) => {
    const logs = new TwoLogs(partitions);
    logs.append(records);
    await writeAll(logs.log, database);
    return logs;
  };
  const outcomesOf = (logs: TwoLogs, partition: number) =>
    logs.world.read(Topic.DECISIONS, partition, 0, EVERYTHING).map((record) => {
      const outcome = decodeOutcomeBody(record.value);
      const eventId = "eventId" in outcome ? outcome.eventId : null;
      return { offset: record.offset, ...decodePosition(record.header), outcome, eventId };
    });
  const mutate = (sql: string) => database.run(`${sql} SETTINGS mutations_sync = 1`);

  test("logs and rows that agree are equal by count and hash, every record accounted for", async () => {
    const logs = await written(golden, 3);
    const result = await reconcile({ log: logs.log, database });
    expect(result.findings).toEqual([]);
    expect(result.isEqual).toBe(true);
    for (const { partition, journal, outcomes, unjudged } of result.partitions) {
      const { end } = logs.world.bounds(Topic.JOURNAL, partition);
      expect(journal).toMatchObject({ upTo: end, logged: end, rows: end, lag: 0 });
      expect(journal.rowsHash).toBe(journal.loggedHash);
      expect(outcomes.rowsHash).toBe(outcomes.loggedHash);
      expect(outcomes.rowsHash).not.toBe(journal.rowsHash);
      expect(unjudged).toBe(0);
    }
    expect(reconciliationText(result)).toMatch(/journal, outcomes and rows agree$/);
  });

  test("activations that an earlier program took in are not answered, and nothing is missing", async () => {
    const logs = new TwoLogs(1);
    logs.journal(0, golden[0]!);
    logs.append(golden.slice(1, 40));
    await writeAll(logs.log, database);
    const result = await reconcile({ log: logs.log, database });
    expect(result.findings).toEqual([]);
    expect(result.isEqual).toBe(true);
  });

  test("an answer of another sort to an activation is named", async () => {
    const logs = new TwoLogs(1);
    logs.append(golden.slice(0, 30));
    const decided = outcomesOf(logs, 0).find(({ outcome }) => outcome.type === "decision")!;
    const again = logs.journal(0, golden[0]!);
    logs.outcome(0, { journalOffset: again, sequence: 0 }, decided.outcome);
    await writeAll(logs.log, database);
    const { findings } = await reconcile({ log: logs.log, database });
    expect(findings).toMatchObject([{ kind: "outcome-extra", journalOffset: again }]);
  });

  test("an empty log and empty tables agree", async () => {
    const logs = new TwoLogs(2);
    const result = await reconcile({ log: logs.log, database });
    expect(result).toMatchObject({ isEqual: true, findingsCount: 0 });
    expect(result.partitions).toHaveLength(2);
    expect(result.partitions[0]!.journal).toMatchObject({
      upTo: 0,
      logged: 0,
      rows: 0,
      rowsHash: "0".repeat(16),
    });
  });

  test.each([
    ["a narrow comparison", 50_000],
    ["a wide one that narrows twice", 0.02],
  ])("a missing, a changed and a doubled row are named by %s", async (_, bucketsMax) => {
    const logs = await written();
    const [missing, changed, doubled] = [5, 77, 140].map((index) => outcomesOf(logs, 1)[index]!);
    await mutate(`ALTER TABLE outcomes DELETE WHERE partition = 1 AND logOffset = ${missing!.offset}`);
    await mutate(
      `ALTER TABLE outcomes UPDATE body = replaceOne(body, 'approve', 'reject!') WHERE partition = 1 AND logOffset = ${changed!.offset}`,
    );
    await database.run("SYSTEM STOP MERGES outcomes");
    await database.run(
      `INSERT INTO outcomes SELECT * FROM outcomes WHERE partition = 1 AND logOffset = ${doubled!.offset}`,
    );
    const result = await reconcile({ log: logs.log, database, bucketsMax });
    const named = (
      kind: string,
      { offset, journalOffset, sequence, eventId }: NonNullable<typeof missing>,
    ) => ({
      kind,
      topic: Topic.DECISIONS,
      partition: 1,
      offset,
      journalOffset,
      sequence,
      eventId,
    });
    expect(result.findings).toEqual([
      named("row-missing", missing!),
      named("row-different", changed!),
      named("row-doubled", doubled!),
    ]);
    expect(result).toMatchObject({ isEqual: false, findingsCount: 3, findingsCountIsMinimum: false });
    expect(reconciliationText(result)).toContain(
      `row missing: kadun.decisions partition 1, offset ${missing!.offset}, journal offset ${missing!.journalOffset}, sequence ${missing!.sequence}, event ${missing!.eventId}\n`,
    );
  });

  test("a missing journal row and rows that no log has are named", async () => {
    const logs = await written();
    await mutate("ALTER TABLE journal_records DELETE WHERE partition = 0 AND logOffset = 11");
    await database.run(
      "INSERT INTO outcomes (partition, logOffset, journalOffset, sequence, eventId, body) VALUES (0, 99999, 5, 0, 'planted', '{}'), (7, 3, 4, 1, 'elsewhere', '{}')",
    );
    const { findings } = await reconcile({ log: logs.log, database });
    expect(findings).toEqual([
      {
        kind: "row-missing",
        topic: Topic.JOURNAL,
        partition: 0,
        offset: 11,
        journalOffset: 11,
        sequence: 0,
        eventId: expect.any(String),
      },
      {
        kind: "row-extra",
        topic: Topic.DECISIONS,
        partition: 0,
        offset: 99_999,
        journalOffset: 5,
        sequence: 0,
        eventId: "planted",
      },
      {
        kind: "row-extra",
        topic: Topic.DECISIONS,
        partition: 7,
        offset: 3,
        journalOffset: 4,
        sequence: 1,
        eventId: "elsewhere",
      },
    ]);
  });

  test("a row of a repeat, which the writer would have dropped, is extra", async () => {
    const logs = await written();
    const last = logs.world.tail(Topic.DECISIONS, 0)!;
    logs.world.append(Topic.DECISIONS, 0, [last]);
    await database.run("SYSTEM STOP MERGES outcomes");
    await database.run(
      `INSERT INTO outcomes SELECT * REPLACE (${last.offset + 1} AS logOffset, 'again' AS eventId, '{}' AS body) FROM (SELECT * FROM outcomes WHERE partition = 0 AND logOffset = ${last.offset})`,
    );
    const { findings } = await reconcile({ log: logs.log, database });
    expect(findings).toMatchObject([{ kind: "row-extra", offset: last.offset + 1, eventId: "again" }]);
  });

  test("a swipe and a status record without outcome are named, so is an outcome without its cause", async () => {
    const logs = await written(golden, 1);
    const other = new TwoLogs(1);
    for (const { value, key, header } of logs.world.read(Topic.JOURNAL, 0, 0, EVERYTHING))
      other.world.append(Topic.JOURNAL, 0, [{ value, key, header }]);
    const all = outcomesOf(logs, 0);
    const decision = all.find(({ outcome }) => outcome.type === "decision")!;
    const transition = all.find(({ outcome }) => outcome.type === "transition")!;
    const revised = all.find(({ outcome, sequence }) => outcome.type === "revision" && sequence > 0)!;
    const lost = (offset: number, sequence: number) =>
      [decision, transition].some((each) => each.journalOffset === offset && each.sequence === sequence) ||
      (offset === revised.journalOffset && sequence === 0);
    for (const { journalOffset, sequence, outcome } of all)
      if (!lost(journalOffset, sequence)) other.outcome(0, { journalOffset, sequence }, outcome);
    other.outcome(0, { journalOffset: 1_000_000, sequence: 0 }, decision.outcome);
    for (const table of ["journal_records", "outcomes"]) await database.run(`TRUNCATE TABLE ${table}`);
    const { findings } = await reconcile({ log: other.log, database });
    const missing = findings.filter(({ kind }) => kind === "outcome-missing");
    expect(missing.map(({ journalOffset, sequence }) => ({ journalOffset, sequence }))).toEqual(
      [decision, transition, { ...revised, sequence: 0 }]
        .map(({ journalOffset, sequence }) => ({ journalOffset, sequence }))
        .sort((a, b) => a.journalOffset - b.journalOffset),
    );
    expect(missing.find(({ journalOffset }) => journalOffset === decision.journalOffset)!.eventId).toBe(
      decision.eventId,
    );
    expect(findings.filter(({ kind }) => kind === "outcome-extra")).toMatchObject([
      { journalOffset: 1_000_000, eventId: decision.eventId },
    ]);
  });

  test("an outcome about another event, a second decision and one for a fact are named", async () => {
    const logs = new TwoLogs(1);
    logs.append(golden.slice(0, 30));
    const decided = outcomesOf(logs, 0).find(({ outcome }) => outcome.type === "decision")!;
    const fact = golden.find(({ type }) => type === "person-fact")!;
    const swipe = golden.find(({ type }) => type === "swipe")!;
    const forSwipe = logs.journal(0, swipe);
    logs.outcome(0, { journalOffset: forSwipe, sequence: 0 }, {
      ...decided.outcome,
      eventId: "another",
    } as LoggedOutcome);
    logs.outcome(0, { journalOffset: forSwipe, sequence: 1 }, decided.outcome);
    const forFact = logs.journal(0, fact);
    logs.outcome(0, { journalOffset: forFact, sequence: 0 }, decided.outcome);
    await writeAll(logs.log, database);
    const { findings } = await reconcile({ log: logs.log, database });
    expect(findings).toMatchObject([
      { kind: "outcome-extra", journalOffset: forSwipe, sequence: 1 },
      { kind: "outcome-different", journalOffset: forSwipe, sequence: 0, eventId: "another" },
      { kind: "outcome-extra", journalOffset: forFact, sequence: 0 },
    ]);
  });

  test("what is not written or not judged yet is lag, not missing", async () => {
    const logs = await written(golden.slice(0, 100), 1);
    logs.append(golden.slice(100, 150));
    const unjudged = golden.slice(150).find(({ type }) => type === "swipe")!;
    logs.journal(0, unjudged);
    const result = await reconcile({ log: logs.log, database });
    expect(result.findings).toEqual([]);
    expect(result.partitions[0]).toMatchObject({ unjudged: 1, journal: { lag: 51, rows: 100 } });
    expect(result.partitions[0]!.outcomes.lag).toBeGreaterThan(0);
  });

  test("swipes that go on being judged and stored while it compares are lag, no difference", async () => {
    const logs = await written(golden.slice(0, 200), 2);
    const more = golden.slice(200);
    // One record more before and after everything it asks; rows as well, before each question to the tables.
    const goOn = () => logs.append(more.splice(0, 1));
    const between = (target: object, asked: readonly string[], grow: () => unknown) =>
      new Proxy(target, {
        get: (on, name) => {
          const found = Reflect.get(on, name) as unknown;
          if (typeof found !== "function") return found;
          const call = found.bind(on) as (...args: unknown[]) => unknown;
          if (!asked.includes(String(name))) return call;
          return async (...args: unknown[]) => {
            await grow();
            const answer = await call(...args);
            await grow();
            return answer;
          };
        },
      });
    const moving = {
      log: between(logs.log, ["bounds", "tail", "reader"], goOn) as typeof logs.log,
      database: between(database, ["query"], async () => {
        goOn();
        await writeAll(logs.log, database);
      }) as AnalyticsDatabase,
    };
    const left = more.length;
    const result = await reconcile(moving);
    expect(left - more.length).toBeGreaterThan(20);
    expect(result.findings).toEqual([]);
    expect(result).toMatchObject({ isEqual: true, findingsCount: 0 });
    const lags = result.partitions.flatMap(({ journal, outcomes }) => [journal.lag, outcomes.lag]);
    expect(Math.max(...lags)).toBeGreaterThan(0);
    expect(await reconcile({ log: logs.log, database })).toMatchObject({ isEqual: true });
  }, 120_000);

  test("at most a hundred are named, the rest is counted", async () => {
    const logs = await written();
    await mutate("ALTER TABLE outcomes DELETE WHERE partition = 0 AND logOffset < 150");
    const result = await reconcile({ log: logs.log, database });
    expect(result.findings).toHaveLength(100);
    expect(result.findings[99]).toMatchObject({ kind: "row-missing", partition: 0, offset: 99 });
    expect(result).toMatchObject({ findingsCount: 150, findingsCountIsMinimum: true });
    expect(reconciliationText(result)).toContain("and at least 50 more\n150 differences");
  });
});

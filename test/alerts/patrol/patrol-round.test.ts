import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import type { AnalyticsDatabase } from "../../../platform/analytics/analytics-database.js";
import { AnalyticsError } from "../../../platform/analytics/analytics-database.js";
import type { LogFields, Logger } from "../../../platform/logger/logger.js";
import { PrometheusMetrics } from "../../../platform/metrics/prometheus/prometheus-metrics.js";
import { emptyAlerts, endAlertsRebuild } from "../../../services/alerts/empty-tables.js";
import { FindingsStore } from "../../../services/alerts/patrol/findings-store.js";
import { RECORDS_MAX } from "../../../services/alerts/patrol/patrol-round.js";
import { readPatrolQueries } from "../../../services/alerts/patrol/patrol-sql.js";
import { CaseDesk } from "../cases/case-desk.js";
import { CASE_FILES, CaseNames, type PatrolCase, plantedRecords, SQL_FOLDER } from "./patrol-cases.js";
import { PatrolWorld } from "./patrol-world.js";

const MINUTE_MS = 60_000;

let world: PatrolWorld;
beforeAll(async () => {
  world = await PatrolWorld.open();
}, 60_000);
afterEach(() => world.empty());
afterAll(() => world.remove());

/** Wrong PINs of so many cards at one terminal, a minute apart. */
function spray(name: string, at: string, cards: number): readonly object[] {
  const wrong = { kind: "pin-check", pin: "wrong", totalFen: 0 };
  const swipes = { at, count: cards, everySeconds: 60, days: 1, person: `${at}-{i}`, institution: "A" };
  const given = [{ ...swipes, terminal: "T1", lateMinutes: 0, cancelled: [], fields: wrong }];
  return plantedRecords({ given }, new CaseNames(name));
}

const DAY = "2026-05-06";

describe("a finding", () => {
  test("is found once by three rounds of three processes, and once more where all is looked at again", async () => {
    await world.plant(spray("ring", `${DAY}T10:00`, 3));
    const first = (await world.round()).map(({ patrol, result }) => `${patrol} ${result}`);
    expect(first).toContain("R11 done");
    const [found] = await world.findings();
    for (let restart = 0; restart < 2; restart++)
      expect((await world.round()).map(({ result }) => result)).toEqual(first.map(() => "idle"));
    expect(await world.findings()).toEqual([found]);

    await world.forget();
    world.nowMs += MINUTE_MS;
    await world.round();
    const [again, ...more] = await world.findings();
    expect(more).toEqual([]);
    expect(again).toEqual({
      ...found,
      times_seen: 2,
      last_seen_at: new Date(found!.last_seen_at.getTime() + MINUTE_MS),
    });
    const { alerts, cases } = await world.desk.rows();
    expect([alerts.length, cases.length]).toEqual([1, 1]);
  }, 60_000);

  test("keeps the query by its hash, the numbers and the parameters that it was run with", async () => {
    world.only = ["R11"];
    await world.plant(spray("ring", `${DAY}T10:00`, 3));
    await world.round({ patrols: { R11: { parameters: { windowMinutes: 20 } } } });
    const [found] = await world.findings();
    const { sql, sha256 } = readPatrolQueries(SQL_FOLDER).find(({ patrol }) => patrol.id === "R11")!;
    const stored = await world.desk.tables.selectFrom("patrol_queries").selectAll().execute();
    expect(stored).toEqual([{ query_sha256: sha256, patrol: "R11", query: sql }]);
    expect(found!.query_sha256).toBe(sha256);
    expect(found!.parameters.settings).toEqual({ windowMinutes: 20, cardsMin: 3 });
    expect(found!.parameters.query).toMatchObject({ windowMs: 1_200_000, cardsMin: 3 });
    // What is kept finds it again.
    const rows = await world.scratch.database.query(stored[0]!.query, found!.parameters.query);
    expect(rows).toMatchObject([{ subject: found!.subject_key, window: found!.window_key }]);
  }, 60_000);

  test("that grows stays the same one and says what is there now", async () => {
    world.only = ["R11"];
    await world.plant(spray("ring", `${DAY}T10:00`, 3));
    await world.round();
    const [before] = await world.findings();
    await world.plant(spray("ring", `${DAY}T16:00`, 4));
    world.nowMs += MINUTE_MS;
    await world.round();
    const [after, ...more] = await world.findings();
    expect(more).toEqual([]);
    expect(after!.finding_id).toBe(before!.finding_id);
    expect([before!.facts, after!.facts]).toEqual([
      { cards: 3, cardsOfDay: 3 },
      { cards: 4, cardsOfDay: 7 },
    ]);
    expect(after!.evidence.length).toBe(7);
    expect(after!.evidence_sha256).not.toBe(before!.evidence_sha256);
    expect(after!.first_seen_at).toEqual(before!.first_seen_at);
    expect((await world.desk.rows()).alerts.length).toBe(1);
  }, 60_000);

  test("is a review in its subject's open case; a closed case is followed by another", async () => {
    world.only = ["R11"];
    await world.plant([...spray("ring", `${DAY}T10:00`, 3), ...spray("ring", "2026-05-07T10:00", 3)]);
    await world.round();
    const one = await world.desk.rows();
    expect(one.cases).toMatchObject([
      {
        person_key: null,
        subject_kind: "terminal",
        subject_key: "ring-A/T1",
        region: "330106",
        ordinal: 1,
        status: "open",
        alert_count: 2,
        standing_count: 2,
        strongest_action: "review",
        highest_severity: "high",
      },
    ]);
    expect(one.alerts).toMatchObject(
      [1, 2].map(() => ({ action: "review", rules: ["R11"], person_key: null })),
    );
    expect(one.alerts.map(({ institution_id }) => institution_id)).toEqual(["ring-A", "ring-A"]);

    await new CaseDesk(world.desk).close(one.cases[0]!.case_id);
    await world.plant(spray("ring", "2026-05-08T10:00", 3));
    await world.round();
    const { cases } = await world.desk.rows();
    expect(cases.map(({ ordinal, status }) => [ordinal, status])).toEqual([
      [1, "closed"],
      [2, "open"],
    ]);

    const before = await world.desk.rows();
    await emptyAlerts(world.desk.database);
    await world.round();
    await endAlertsRebuild(world.desk.database);
    const after = await world.desk.rows();
    expect([after.cases, after.alerts]).toEqual([before.cases, before.alerts]);
  }, 60_000);
});

describe("numbers of an installation", () => {
  test("a larger number finds less, a smaller more, a patrol that is off nothing", async () => {
    world.only = ["R11", "R24"];
    await world.plant(spray("ring", `${DAY}T10:00`, 3));
    await world.round({ patrols: { R11: { parameters: { cardsMin: 4 } } } });
    expect(await world.findings()).toEqual([]);
    await world.forget();
    const reports = await world.round({ patrols: { R11: { mode: "off" } } });
    expect(reports.map(({ patrol }) => patrol)).not.toContain("R11");
    expect(await world.findings()).toEqual([]);
    await world.round({ patrols: { R11: { parameters: { cardsMin: 2 }, severity: "low" } } });
    expect(await world.findings()).toMatchObject([{ patrol: "R11", severity: "low" }]);
  }, 60_000);
});

describe("looking at what is new", () => {
  const everything = CASE_FILES.flatMap(({ patrol, cases }) =>
    cases.map((each, index): { each: PatrolCase; names: CaseNames } => ({
      each,
      names: new CaseNames(`${patrol}c${index}`),
    })),
  );
  const said = async () =>
    (await world.findings()).map(({ finding_id, facts, evidence, evidence_sha256 }) => ({
      finding_id,
      facts,
      evidence,
      evidence_sha256,
    }));

  test("in small stretches finds what one look at everything finds", async () => {
    world.decoyCards = everything.flatMap(({ each, names }) => each.decoys.map((label) => names.card(label)));
    const small = everything.filter(
      ({ each }) => !each.given.some((entry) => "days" in entry && entry.days > 5),
    );
    await world.plant(small.flatMap(({ each, names }) => plantedRecords(each, names)));
    await world.round();
    const atOnce = await said();
    expect(atOnce.length).toBeGreaterThan(20);
    await world.forgetFindings();
    const store = new FindingsStore(world.desk.database);
    const at = { standing: { nextOffsets: [0, 0, 0], clockMs: 0 }, recordsMax: 600 };
    for (const { patrol } of readPatrolQueries(SQL_FOLDER)) await store.saveProgress(patrol.id, at);
    let rounds = 0;
    for (; (await world.round()).some(({ result }) => result === "done"); rounds++);
    expect(rounds).toBeGreaterThan(2);
    expect(await said()).toEqual(atOnce);
  }, 200_000);

  test("rows that come later, and late messages among them, end in what one look at everything finds", async () => {
    world.only = ["R11"];
    const halves = [spray("ring", `${DAY}T10:00`, 4), spray("other", `${DAY}T11:00`, 3)].flat();
    await world.plant(halves.filter((_, i) => i % 2 === 0));
    await world.round();
    expect(await said()).toMatchObject([]);
    await world.plant(halves.filter((_, i) => i % 2 === 1));
    await world.round();
    const later = await said();
    expect(later.map(({ facts }) => facts.cards).sort()).toEqual([3, 4]);
    await world.forgetFindings();
    await world.round();
    expect(await said()).toEqual(later);
  }, 60_000);

  test("a row of 31 January that comes in March makes the ring of February", async () => {
    world.only = ["R23"];
    const { given } = CASE_FILES.find(({ patrol }) => patrol === "R23")!.cases.at(-1)!;
    const records = plantedRecords({ given }, new CaseNames("ring"));
    await world.plant(records.slice(0, -1));
    await world.round();
    expect(await world.findings()).toEqual([]);
    await world.plant(records.slice(-1));
    await world.round();
    expect(await world.findings()).toMatchObject([{ window_key: "2026-02", facts: { persons: 5 } }]);
  }, 60_000);

  test("a night over midnight counts double on both sides of it", async () => {
    world.only = ["R18"];
    const night = (at: string) => [
      { at, count: 3, everySeconds: 60, days: 1, person: `${at}-{i}`, institution: "A", terminal: "T1" },
    ];
    const given = ["2026-05-06T21:30", "2026-05-06T22:30", "2026-05-08T05:30"]
      .flatMap(night)
      .map((entry) => ({
        ...entry,
        basket: [["drug", 3_000] as [string, number]],
        lateMinutes: 0,
        cancelled: [],
        fields: {},
      }));
    await world.plant(plantedRecords({ given }, new CaseNames("night")));
    await world.round({ patrols: { R18: { parameters: { nightFromHour: 22 } } } });
    const persons = (await world.findings()).map(({ window_key, facts }) => `${window_key} ${facts.persons}`);
    expect(persons.sort()).toEqual(["2026-05-06 6", "2026-05-08 6"]);
  }, 60_000);

  test("a record whose outcome is not stored yet is left for the next round", async () => {
    world.only = ["R11", "R25"];
    await world.plant(spray("ring", `${DAY}T10:00`, 2));
    await world.round();
    const missing = world.logs.log.bounds("kadun.journal", 0);
    const behind = (await missing).end;
    await world.scratch.database.run(
      "INSERT INTO journal_records (partition, logOffset, appendedAt, type, personKey, eventId, body) SELECT 0, {offset:UInt64}, now64(3), 'swipe', 'p', 'e', '{}'",
      { offset: behind },
    );
    const reports = await world.round();
    expect(reports.every(({ problem, behindRecords }) => problem === null && behindRecords === 0)).toBe(true);
    const progress = await new FindingsStore(world.desk.database).progress("R11");
    expect(progress!.standing.nextOffsets[0]).toBe(behind);
  }, 60_000);

  test("a terminal's day is judged when it is over, by the latest arrival and not by any clock", async () => {
    world.only = ["R25"];
    const cases = CASE_FILES.find(({ patrol }) => patrol === "R25")!.cases;
    const names = new CaseNames("late");
    await world.plant(plantedRecords(cases[0]!, names));
    await world.round();
    expect(await world.findings()).toEqual([]);
    const tick = cases.find(({ given }) =>
      given.some((entry) => "person" in entry && entry.person === "tick"),
    )!;
    await world.plant(plantedRecords(tick, new CaseNames("tick")));
    await world.round();
    expect(await world.findings()).toMatchObject([{ patrol: "R25", window_key: DAY }]);
  }, 60_000);
});

describe("a link of two numbers that comes after the swipes", () => {
  type Given = PatrolCase["given"];
  const LINKED = `${DAY}T20:00`;
  const settles = (person: string, at: string, more: object = {}): Given[number] => ({
    ...{ at: `${DAY}T${at}`, count: 1, everySeconds: 60, days: 1, person, terminal: "T1", institution: "A" },
    ...{ lateMinutes: 0, cancelled: [], fields: {}, basket: [["drug", 3_000]] },
    ...more,
  });
  const link = (former: string, person: string): Given[number] => ({ former, person, at: LINKED });
  /** In the order in which they arrive: what is behind the link comes by itself. */
  const planted = (given: Given) => plantedRecords({ given }, new CaseNames("moved"));

  test("makes a finding say one person less when its subject is looked at again, and does not make it another one", async () => {
    world.only = ["R18"];
    const five = [settles("p{i}", "10:00", { count: 4 }), settles("old", "10:04"), settles("new", "10:05")];
    const records = planted([...five, link("old", "new"), settles("later", "21:00")]);
    await world.plant(records.slice(0, -2));
    await world.round();
    const [before] = await world.findings();
    expect(before!.facts).toMatchObject({ persons: 6, equalBaskets: 6 });
    await world.plant(records.slice(-2));
    await world.round();
    const [after, ...more] = await world.findings();
    expect(more).toEqual([]);
    expect(after).toMatchObject({
      finding_id: before!.finding_id,
      times_seen: 2,
      first_seen_at: before!.first_seen_at,
    });
    expect(after!.facts).toMatchObject({ persons: 5, equalBaskets: 5 });
    expect((await world.desk.rows()).alerts.length).toBe(1);
  }, 60_000);

  test("leaves a finding that has too few by now as it was found", async () => {
    world.only = ["R18"];
    const five = [settles("p{i}", "10:00", { count: 3 }), settles("old", "10:03"), settles("new", "10:04")];
    const records = planted([...five, link("old", "new")]);
    await world.plant(records.slice(0, -1));
    await world.round();
    const before = await world.findings();
    expect(before).toMatchObject([{ facts: { persons: 5 } }]);
    await world.plant(records.slice(-1));
    expect(await world.round()).toMatchObject([{ result: "done", findingsNew: 0, findingsAgain: 0 }]);
    await world.forget();
    await world.round();
    expect(await world.findings()).toEqual(before);
  }, 60_000);

  test("of a chain counts from the next look on: the mutual aid of the newest number stands", async () => {
    world.only = ["R23"];
    const records = planted([
      { mutualAid: "old", at: "2026-05-01T10:00" },
      { mutualAid: "new", at: "2026-05-01T10:00", to: "2026-05-02T10:00" },
      settles("p{i}", "10:00", { count: 4, agent: "g" }),
      settles("old", "10:04", { agent: "g" }),
      link("old", "middle"),
      settles("p0", "20:30", { agent: "g" }),
      { ...link("middle", "new"), at: `${DAY}T21:00` },
      settles("p0", "21:30", { agent: "g" }),
    ]);
    await world.plant(records.slice(0, -2));
    await world.round();
    expect(await world.findings()).toEqual([]);
    await world.plant(records.slice(-2));
    await world.round();
    expect(await world.findings()).toMatchObject([{ patrol: "R23", facts: { persons: 5 } }]);
  }, 60_000);

  test("lets a finding of an agent go on under the number it was found by", async () => {
    world.only = ["R23"];
    const records = planted([
      settles("p{i}", "10:00", { count: 5, agent: "g" }),
      link("g", "h"),
      settles("later", "21:00", { agent: "h" }),
    ]);
    await world.plant(records.slice(0, 5));
    await world.round();
    const [before] = await world.findings();
    await world.plant(records.slice(5));
    await world.round();
    const [after, ...more] = await world.findings();
    expect(more).toEqual([]);
    expect(after).toMatchObject({ finding_id: before!.finding_id, subject_key: before!.subject_key });
    expect([before!.facts.persons, after!.facts.persons]).toEqual([5, 6]);
    const { alerts, cases } = await world.desk.rows();
    expect([alerts.length, cases.length]).toEqual([1, 1]);
  }, 60_000);
});

describe("a patrol that fails", () => {
  /** Its query needs too much; those of the others do not. */
  function failing(file: string): AnalyticsDatabase {
    const { sql } = readPatrolQueries(SQL_FOLDER).find(({ patrol }) => patrol.file === file)!;
    const { database } = world.scratch;
    return {
      run: (...args) => database.run(...args),
      insert: (block) => database.insert(block),
      insertFrom: (rows) => database.insertFrom(rows),
      close: () => database.close(),
      query: (text, parameters, limits) =>
        text === sql
          ? Promise.reject(new AnalyticsError("TIMEOUT", "query: it took too long", { retryable: true }))
          : database.query(text, parameters, limits),
    };
  }

  test("leaves the others alone, is counted, looks at half as much next time and then finds what there is", async () => {
    await world.plant(spray("ring", `${DAY}T10:00`, 3));
    const metrics = new PrometheusMetrics();
    const reports = await world.round(undefined, {
      analytics: failing("r11-pin-spray.sql"),
      metricsOf: metrics,
    });
    expect(reports.map(({ patrol, result }) => `${patrol} ${result}`)).toEqual([
      "R11 failed",
      "R18 done",
      "R20X done",
      "R22 done",
      "R23 done",
      "R24 done",
      "R25 done",
    ]);
    expect(reports[0]).toMatchObject({ problem: "query: it took too long", behindRecords: 3 });
    const text = await metrics.text();
    expect(text).toContain('kadun_patrol_runs_total{patrol="R11",result="failed"} 1');
    expect(text).toContain('kadun_patrol_runs_total{patrol="R18",result="done"} 1');
    expect(text).toContain('kadun_patrol_behind_records{patrol="R11"} 3');
    const store = new FindingsStore(world.desk.database);
    expect((await store.progress("R11"))!.recordsMax).toBe(RECORDS_MAX / 2);
    await world.round();
    expect(await world.findings()).toMatchObject([{ patrol: "R11" }]);
    expect((await store.progress("R11"))!.recordsMax).toBe(RECORDS_MAX);
  }, 60_000);

  test("and one that finds log lines without anything about persons or places", async () => {
    const lines: string[] = [];
    const note = (event: string, fields?: LogFields) => lines.push(JSON.stringify({ event, ...fields }));
    const logger: Logger = { debug: note, info: note, warn: note, error: note, with: () => logger };
    await world.plant(spray("ring", `${DAY}T10:00`, 3));
    await world.round(undefined, { analytics: failing("r24-decoy.sql"), logger });
    expect(lines.map((line) => JSON.parse(line).event)).toEqual(["patrol.found", "patrol.failed"]);
    expect(lines[0]).toBe('{"event":"patrol.found","code":"R11","count":1}');
    expect(lines.join()).not.toMatch(/ring|[0-9a-f]{32}/);
  }, 60_000);
});

/** The console's figures and lists against what is counted by hand from the same judged journal. */

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type * as z from "zod";
import { NATION, type Scope } from "../../../schemas/console/access.js";
import * as shapes from "../../../schemas/http/figures.js";
import { parseInstantMs } from "../../../schemas/instant.js";
import type { CanonicalSwipe, JournalRecord } from "../../../schemas/journal.js";
import { decodeJournalBody, decodeOutcomeBody } from "../../../schemas/log-body.js";
import type { DecisionOutcome, RevisionOutcome } from "../../../schemas/outcomes.js";
import { Topic } from "../../../schemas/topics.js";
import { openFiguresDesk } from "../../../services/console/figures/figures-desk.js";
import type { FiguresDesk, Range } from "../../../services/console/server/figures-desk.js";
import { writeAll } from "../../analytics/running-service.js";
import { type ScratchDatabase, scratchDatabase } from "../../analytics/scratch-database.js";
import { TwoLogs } from "../../analytics/two-logs.js";
import { goldenRecords } from "../../support/live-partition.js";

const PARTITIONS = 2;
let scratch: ScratchDatabase;
let desk: FiguresDesk;
let everSaid: readonly DecisionOutcome[];
let decisions: readonly DecisionOutcome[];
let revisions: readonly RevisionOutcome[];
/** The journal's, by partition/offset. */
let records: ReadonlyMap<string, JournalRecord>;
/** The golden records go on for ten years; a range may have 800 days. */
const RANGE: Range = { from: Date.UTC(2025, 11, 31, 16), to: Date.UTC(2025, 11, 31, 16) + 790 * 86_400_000 };
const wide = () => RANGE;

beforeAll(async () => {
  scratch = await scratchDatabase();
  const logs = new TwoLogs(PARTITIONS);
  logs.append(goldenRecords());
  await writeAll(logs.log, scratch.database);
  desk = openFiguresDesk(scratch.database);
  const logged = (topic: Topic) =>
    Array.from({ length: PARTITIONS }, (_, partition) =>
      logs.world
        .read(topic, partition, 0, { recordsMax: 1e6, bytesMax: 1e9, waitMs: 0 })
        .map(({ offset, value }) => ({ position: `${partition}/${offset}`, value })),
    ).flat();
  records = new Map(
    logged(Topic.JOURNAL).map(({ position, value }) => [position, decodeJournalBody(value)] as const),
  );
  const outcomes = logged(Topic.DECISIONS).map(({ value }) => decodeOutcomeBody(value));
  everSaid = outcomes.flatMap((outcome) => (outcome.type === "decision" ? [outcome] : []));
  decisions = everSaid.filter((decision) => atOf(decision) >= RANGE.from && atOf(decision) < RANGE.to);
  revisions = outcomes.flatMap((outcome) => (outcome.type === "revision" ? [outcome] : []));
}, 60_000);
afterAll(() => scratch.remove());

/** A clamped swipe counts when it was received, or judged: on the first of March. */
function atOf({ occurredAt, clockClamped, swipe }: DecisionOutcome): number {
  const judgedAtMs = Date.UTC(2026, 2, 1);
  const receivedAtMs = swipe.receivedAt === undefined ? judgedAtMs : parseInstantMs(swipe.receivedAt);
  return clockClamped ? Math.min(receivedAtMs, judgedAtMs) : parseInstantMs(occurredAt);
}
const seen = (scope: Scope) => decisions.filter(({ swipe }) => isSeen(scope, swipe));
function isSeen(
  scope: Scope,
  swipe: { readonly insuredRegion: string; readonly careRegion: string },
): boolean {
  return scope.some(
    (prefix) => swipe.insuredRegion.startsWith(prefix) || swipe.careRegion.startsWith(prefix),
  );
}
function shaped<T extends z.ZodType>(shape: T, value: unknown): z.infer<T> {
  return shape.parse(value);
}
const sumOf = <T>(rows: readonly T[], of: (row: T) => number) => rows.reduce((sum, row) => sum + of(row), 0);

/** A city that has some of the golden swipes and not all. */
function someCity(): string {
  const counts = new Map<string, number>();
  for (const { swipe } of decisions) {
    const city = swipe.careRegion.slice(0, 4);
    counts.set(city, (counts.get(city) ?? 0) + 1);
  }
  const [city] = [...counts]
    .filter(([, count]) => count < decisions.length)
    .sort(([, a], [, b]) => b - a)[0]!;
  return city;
}

describe.each([
  ["the nation", () => NATION],
  ["one city", () => [someCity()]],
  ["nothing", () => []],
])("figures of %s", (_, scopeOf) => {
  test("by hour, day and month are the decisions within the scope", async () => {
    const scope = scopeOf();
    const expected = seen(scope);
    for (const bucket of ["hour", "day", "month"] as const) {
      const answer = shaped(shapes.trendAnswer, await desk.trend({ scope, range: wide(), bucket }));
      expect(sumOf(answer.buckets, ({ swipes }) => swipes)).toBe(expected.length);
      for (const action of ["approve", "review", "challenge", "reject"] as const)
        expect(sumOf(answer.buckets, (row) => row[action])).toBe(
          expected.filter((decision) => decision.action === action).length,
        );
    }
  });

  test("by city, institution and rule are the same decisions cut otherwise", async () => {
    const scope = scopeOf();
    const expected = seen(scope);
    const range = wide();
    const cities = shaped(shapes.cityFiguresAnswer, await desk.cities({ scope, range, by: "insured" }));
    expect(new Map(cities.cities.map(({ city, swipes }) => [city, swipes]))).toEqual(
      countedBy(expected, ({ swipe }) => swipe.insuredRegion.slice(0, 4)),
    );
    const ranking = await desk.institutions({ scope, range, by: "swipes", limit: 1000 });
    expect(
      new Map(
        shaped(shapes.institutionRankingAnswer, ranking).institutions.map((row) => [
          row.institutionId,
          row.swipes,
        ]),
      ),
    ).toEqual(
      countedBy(
        // Institutions are theirs who are responsible for where they are.
        expected.filter(({ swipe }) => scope.some((prefix) => swipe.careRegion.startsWith(prefix))),
        ({ swipe }) => swipe.institutionId,
      ),
    );
    const rules = shaped(shapes.ruleFiguresAnswer, await desk.rules({ scope, range }));
    const hits = expected.flatMap(({ reasons }) =>
      reasons
        .filter(({ rule, draft }) => rule !== "R00" && draft !== true)
        .map(({ rule, mode }) => `${rule} ${mode}`),
    );
    expect(new Map(rules.rules.map(({ rule, mode, swipes }) => [`${rule} ${mode}`, swipes]))).toEqual(
      countedBy(hits, (hit) => hit),
    );
    const byCity = shaped(shapes.ruleCityFiguresAnswer, await desk.rulesByCity({ scope, range }));
    expect(sumOf(byCity.rules, ({ swipes }) => swipes)).toBe(hits.length);
  });

  test("as rows are all of them, page by page, newest first, with what revisions made of them", async () => {
    const scope = scopeOf();
    const rows = await allPages((after) => desk.decisions({ scope, range: wide(), after, limit: 97 }));
    expect(rows.map(({ decisionId }) => decisionId).sort()).toEqual(
      seen(scope)
        .map(({ decisionId }) => decisionId)
        .sort(),
    );
    const times = rows.map(({ at }) => at);
    expect(times).toEqual([...times].sort().reverse());
    const revised = new Map(revisions.map((revision) => [revision.decisionId, revision.action]));
    for (const row of rows) expect(row.effectiveAction).toBe(revised.get(row.decisionId) ?? row.action);
  });
});

describe("rows behind a figure", () => {
  test("of a rule and an answer are those and no others", async () => {
    const rule = "R01";
    const expected = decisions.filter(
      ({ action, reasons }) => action === "reject" && reasons.some((reason) => reason.rule === rule),
    );
    expect(expected.length).toBeGreaterThan(0);
    const filter = { rule, actions: ["reject"] as const };
    const rows = await allPages((after) =>
      desk.decisions({ scope: NATION, range: wide(), after, limit: 60, filter }),
    );
    expect(rows.map(({ eventId }) => eventId).sort()).toEqual(expected.map(({ eventId }) => eventId).sort());
  });

  test("of an institution and a terminal are in the order of its clock", async () => {
    const { swipe } = decisions.find((decision) => decision.swipe.terminalId !== undefined)!;
    const { institutionId, terminalId } = swipe;
    const of = (filter: { institutionId: string; terminalId?: string }) =>
      allPages((after) => desk.decisions({ scope: NATION, range: wide(), after, limit: 50, filter }));
    const there = decisions.filter((decision) => decision.swipe.institutionId === institutionId);
    expect((await of({ institutionId })).map(({ eventId }) => eventId).sort()).toEqual(
      there.map(({ eventId }) => eventId).sort(),
    );
    const rows = await of({ institutionId, terminalId: terminalId! });
    expect(rows.map(({ eventId }) => eventId).sort()).toEqual(
      there
        .filter((decision) => decision.swipe.terminalId === terminalId)
        .map(({ eventId }) => eventId)
        .sort(),
    );
  });

  test("are found by their event, within the scope alone", async () => {
    const decision = decisions.find(({ action }) => action === "reject")!;
    const inside = [decision.swipe.careRegion.slice(0, 4)];
    const row = await desk.findEvent({ scope: inside, eventId: decision.eventId });
    expect(shaped(shapes.decisionRow, row)).toMatchObject({
      decisionId: decision.decisionId,
      action: "reject",
      personKey: decision.personKey,
    });
    expect(await desk.findEvent({ scope: ["99"], eventId: decision.eventId })).toBeNull();
    expect(await desk.findEvent({ scope: NATION, eventId: "no such event" })).toBeNull();
    const swipe = shaped(
      shapes.timelineSwipe,
      await desk.swipe({ scope: inside, eventId: decision.eventId }),
    );
    expect(swipe.decision?.reasons).toEqual(JSON.parse(JSON.stringify(decision.reasons)));
    expect(await desk.swipe({ scope: ["99"], eventId: decision.eventId })).toBeNull();
  });
});

describe("one person", () => {
  test("has a timeline of all records, each swipe with what was said of it", async () => {
    for (const personKey of personsWithMost(4)) {
      const entries: shapes.TimelineEntry[] = [];
      for (let after: string | null = null; ; ) {
        const page: shapes.TimelinePage = shaped(
          shapes.timelinePage,
          await desk.personTimeline({ scope: NATION, personKey, after, limit: 30 }),
        );
        entries.push(...page.entries);
        if (page.after === null) break;
        after = page.after;
      }
      const judged = everSaid.filter((decision) => decision.personKey === personKey);
      const shown = entries.flatMap((entry) =>
        entry.type === "swipe" && entry.decision !== null ? [entry.decision] : [],
      );
      // What was said under a former key comes along.
      const own = shown.filter(({ decisionId }) => decisionId.startsWith(personKey.slice(0, 12)));
      expect(own.map(({ decisionId, action }) => `${decisionId} ${action}`).sort()).toEqual(
        judged.map(({ decisionId, action }) => `${decisionId} ${action}`).sort(),
      );
      const changes = revisions.filter((revision) => revision.personKey === personKey);
      expect(
        new Set(own.flatMap((decision) => decision.revisions.map(({ revisionId }) => revisionId))),
      ).toEqual(new Set(changes.map(({ revisionId }) => revisionId)));
    }
  });

  test("has entries that say what their records say: what a record leaves out is empty", async () => {
    const told = new Set<string>();
    for (const personKey of personsWithMost(60)) {
      const { entries } = await desk.personTimeline({ scope: NATION, personKey, after: null, limit: 50 });
      for (const entry of entries) {
        told.add(entry.type);
        expect(saidOf(entry)).toEqual(recordedOf(entry));
      }
    }
    expect([...told].sort()).toEqual(["card-status", "feedback", "person-fact", "swipe"]);
  });

  test("has a timeline of any days, page by page: those entries and no others", async () => {
    const [personKey] = personsWithMost(1);
    const asked = { scope: NATION, personKey: personKey! };
    const all = await allEntries(asked);
    const [newest, oldest] = [all.at(2)!, all.at(-2)!].map(({ at }) => parseInstantMs(at));
    const range = { from: oldest!, to: newest! };
    const within = all.filter(({ at }) => parseInstantMs(at) >= range.from && parseInstantMs(at) < range.to);
    expect(within.length).toBeGreaterThan(1);
    expect(within.length).toBeLessThan(all.length);
    expect(await allEntries({ ...asked, range })).toEqual(within);
  });

  test("is not there for who sees none of its regions", async () => {
    const [personKey] = personsWithMost(1);
    expect(
      await desk.personTimeline({ scope: ["99"], personKey: personKey!, after: null, limit: 20 }),
    ).toEqual({
      entries: [],
      after: null,
    });
    const range = { from: RANGE.from, to: RANGE.from + 30 * 86_400_000 };
    const alone = await desk.neighbours({ scope: ["99"], personKey: personKey!, range });
    expect(alone.nodes.map(({ kind, swipes }) => ({ kind, swipes }))).toEqual([
      { kind: "person", swipes: 0 },
    ]);
  });

  test("is joined with the terminals it used, and with who was stopped there", async () => {
    const stopped = decisions.find(
      ({ action, swipe }) => action === "reject" && swipe.terminalId !== undefined,
    )!;
    const at = atOf(stopped);
    const range = { from: at - 15 * 86_400_000, to: at + 15 * 86_400_000 };
    const graph = shaped(
      shapes.neighbourGraph,
      await desk.neighbours({ scope: NATION, personKey: stopped.personKey, range }),
    );
    const terminal = `terminal:${stopped.swipe.institutionId}/${stopped.swipe.terminalId}`;
    expect(
      graph.edges.find(({ from, to }) => from.startsWith("person:") && to === terminal)!.stopped,
    ).toBeGreaterThan(0);
    const others = decisions.filter(
      (decision) =>
        decision.personKey !== stopped.personKey &&
        (decision.action === "reject" || decision.action === "challenge") &&
        decision.swipe.institutionId === stopped.swipe.institutionId &&
        decision.swipe.terminalId === stopped.swipe.terminalId &&
        Math.abs(atOf(decision) - at) < 15 * 86_400_000,
    );
    const shown = graph.nodes.filter(({ kind, hop }) => kind === "person" && hop === 2).map(({ key }) => key);
    expect(shown.length > 0).toBe(others.length > 0);
  });
});

describe("an institution", () => {
  test("has its figures by day and the rules that hit there", async () => {
    const { swipe } = decisions.find(({ action }) => action === "reject")!;
    const asked = { range: wide(), institutionId: swipe.institutionId };
    const answer = shaped(shapes.institutionAnswer, await desk.institution({ scope: NATION, ...asked }));
    const there = decisions.filter((decision) => decision.swipe.institutionId === swipe.institutionId);
    expect(answer.institution.swipes).toBe(there.length);
    expect(sumOf(answer.days, ({ reject }) => reject)).toBe(
      there.filter(({ action }) => action === "reject").length,
    );
    expect(answer.rules.length).toBeGreaterThan(0);
    expect(await desk.institution({ scope: ["99"], ...asked })).toBeNull();
  });
});

test("minutes of some hours are the swipes of those hours", async () => {
  const at = atOf(decisions.find(({ action }) => action === "reject")!);
  const range = { from: at - 3 * 3_600_000, to: at + 3 * 3_600_000 };
  const answer = shaped(shapes.todayFigures, await desk.today({ scope: NATION, range }));
  const [from, to] = [parseInstantMs(answer.range.from), parseInstantMs(answer.range.to)];
  const expected = decisions.filter((decision) => atOf(decision) >= from && atOf(decision) < to);
  expect(answer.total.swipes).toBe(expected.length);
  expect(sumOf(answer.minutes, ({ swipes }) => swipes)).toBe(expected.length);
});

test("a range that is none, or too long, is refused before anything is asked", async () => {
  const asked = { scope: NATION, range: { from: 5, to: 5 } };
  await expect(desk.cities({ ...asked, by: "care" })).rejects.toThrow("expected two instants");
  const long = { from: 0, to: 801 * 86_400_000 };
  await expect(desk.rules({ scope: NATION, range: long })).rejects.toThrow("801 days; at most 800");
  await expect(desk.decisions({ scope: NATION, range: RANGE, after: "x", limit: 5 })).rejects.toThrow(
    "cursor",
  );
});

/** Its place, and what was said of its record. */
const OF_NO_RECORD = new Set(["at", "position", "decision", "transition"]);

function saidOf(entry: shapes.TimelineEntry): Record<string, unknown> {
  const said = Object.entries(entry).filter(([field]) => !OF_NO_RECORD.has(field));
  return Object.fromEntries(said.map(([field, value]) => [field, value === "" ? null : value]));
}

/** The same of the log's record. */
function recordedOf(entry: shapes.TimelineEntry): Record<string, unknown> {
  const record = records.get(entry.position)!;
  const fields: Readonly<Record<string, unknown>> = {
    ...record,
    ...(record.type === "swipe" ? { items: record.items?.length ?? 0, atRiskFen: atRiskFenOf(record) } : {}),
  };
  const fieldsOf = Object.keys(saidOf(entry));
  return Object.fromEntries(fieldsOf.map((field) => [field, fields[field] ?? null]));
}

function atRiskFenOf({ kind, totalFen, cashFen = 0 }: CanonicalSwipe): number {
  if (kind !== "authorize" && kind !== "settle") return 0;
  return cashFen > totalFen ? 0 : totalFen - cashFen;
}

async function allEntries(
  asked: Omit<Parameters<FiguresDesk["personTimeline"]>[0], "after" | "limit">,
): Promise<shapes.TimelineEntry[]> {
  const entries: shapes.TimelineEntry[] = [];
  for (let after: string | null = null; ; ) {
    const page: shapes.TimelinePage = await desk.personTimeline({ ...asked, after, limit: 25 });
    entries.push(...page.entries);
    if (page.after === null) return entries;
    after = page.after;
  }
}

function countedBy<T>(rows: readonly T[], keyOf: (row: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const row of rows) counts.set(keyOf(row), (counts.get(keyOf(row)) ?? 0) + 1);
  return counts;
}

function personsWithMost(count: number): readonly string[] {
  return [...countedBy(decisions, ({ personKey }) => personKey)]
    .sort(([, a], [, b]) => b - a)
    .slice(0, count)
    .map(([personKey]) => personKey);
}

async function allPages(
  ask: (after: string | null) => Promise<shapes.DecisionPage>,
): Promise<readonly shapes.DecisionRow[]> {
  const rows: shapes.DecisionRow[] = [];
  for (let after: string | null = null; ; ) {
    const page = shapes.decisionPage.parse(await ask(after));
    rows.push(...page.rows);
    if (page.after === null) return rows;
    after = page.after;
  }
}

/** Persons, institutions, findings and the search: what is there, and for whom. */

import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { sql } from "kysely";
import { institutionDesk } from "../../../cli/process/institution-desk.js";
import { subjectsDesk } from "../../../cli/process/subjects-process.js";
import { NATION, type Scope } from "../../../schemas/console/access.js";
import type { SearchAnswer } from "../../../schemas/http/subjects.js";
import { formatInstant } from "../../../schemas/instant.js";
import { hashOf } from "../../../services/alerts/patrol/finding.js";
import { FindingsStore } from "../../../services/alerts/patrol/findings-store.js";
import { patrolOf } from "../../../services/alerts/patrol/registry.js";
import { FINDINGS_PER_PAGE, SCANNED_MAX } from "../../../services/alerts/subjects/finding-search.js";
import type { ConsoleRoutes } from "../../../services/console/server/console-routes.js";
import { searchRoutes } from "../../../services/console/server/search-routes.js";
import {
  findingRoutes,
  institutionRoutes,
  personRoutes,
} from "../../../services/console/server/subjects-routes.js";
import { institutionBytes, institutionKey } from "../../../services/ingest/institution-entry.js";
import { lossReport, OTHER_PERSON, PERSON, rejected } from "../../alerts/outcome-records.js";
import { START_MS } from "../../support/records.js";
import { askedBy, callerOf } from "./asked.js";
import { ConsoleWorld } from "./console-world.js";
import { decisionRow } from "./memory-rows.js";

const SHOP = "P33010600001";
const FAR_SHOP = "P31010100001";
const HANGZHOU: Scope = ["3301"];
const SHANGHAI: Scope = ["31"];
let world: ConsoleWorld;
beforeAll(async () => {
  world = await ConsoleWorld.open();
});
afterEach(async () => {
  world.figures.rows = [];
  world.figures.isAway = false;
  for await (const { key } of world.institutions.entries("")) await world.institutions.delete(key);
  await sql`truncate patrol_findings, patrol_queries cascade`.execute(world.desk.tables);
  await sql`truncate appeals, citizen_answers, case_codes cascade`.execute(world.desk.tables);
  await world.empty();
});
afterAll(() => world.close());

/** As somebody with these regions asks. */
async function within(scope: Scope, name: string, path: Record<string, string>, query = {}) {
  const parts = {
    desk: subjectsDesk(world.desk.database, world.clock),
    register: institutionDesk(world.institutions, world.clock),
    figures: world.figures,
    clock: world.clock,
  };
  const rooms: readonly ConsoleRoutes[] = [
    personRoutes(parts),
    institutionRoutes(parts),
    findingRoutes(parts),
    searchRoutes(parts),
  ];
  const handler = rooms.map(({ handlers }) => handlers[name]).find((one) => one !== undefined)!;
  return handler(askedBy(callerOf("lin", scope), { path, query })).catch(
    (error: { code?: string }) => error.code,
  );
}

/** PERSON is insured in Hangzhou, OTHER_PERSON in Shanghai; both swiped in Hangzhou. */
async function twoPersons(): Promise<void> {
  await world.desk.consume([
    rejected("s-1"),
    rejected("s-2", { personKey: OTHER_PERSON, cardTail: "9876", swipe: { insuredRegion: "310101" } }),
    lossReport("l-1"),
  ]);
}

async function finding(id: string, region: string, institutionId = SHOP): Promise<void> {
  const evidence = [{ atMs: START_MS, eventId: "s-1", personKey: PERSON, cardKey: "c", institutionId }];
  const text = "select 1";
  await new FindingsStore(world.desk.database).store({
    query: { patrol: patrolOf("R11"), sql: text, sha256: hashOf(text) } as never,
    severity: "high",
    parameters: { settings: { windowMinutes: 10, cardsMin: 5 }, query: { fromMs: 1 } },
    findings: [
      {
        findingId: id,
        patrol: "R11",
        subjectKind: "terminal",
        subject: `${institutionId}/${id}`,
        formerSubjects: [],
        window: "2026-03-01",
        institutionId,
        facts: { cards: 7, cardsOfDay: 9 },
        evidence,
        evidenceCount: 1,
        evidenceSha256: hashOf(id),
        region,
      },
    ],
    progress: { standing: { nextOffsets: [1], clockMs: START_MS }, recordsMax: 10 },
    seenAtMs: START_MS,
  });
}

describe("a person", () => {
  it("is shown with cards, reports, cases, alerts and messages", async () => {
    await twoPersons();
    await sql`insert into citizen_answers (person_key, decision_id, case_id, answer, request_id, answered_at_ms)
      values (${PERSON}, 'd', ${`${PERSON}-1`}, 'not-mine', 'r', ${START_MS})`.execute(world.desk.tables);
    const { status, body } = await world.get("lin", `/v1/console/persons/${PERSON}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      insuredRegion: "330100",
      isWhole: true,
      cards: [{ credential: "card", cardTail: "1234", standing: expect.stringMatching(/lost|lapsed/) }],
      cases: [{ caseId: `${PERSON}-1`, region: "330100" }],
      alerts: [{ eventId: "s-1", caseId: `${PERSON}-1` }],
      answers: [{ answer: "not-mine" }],
    });
    expect(body.sms.length).toBeGreaterThan(0);
  });

  it("is found under a former key, with what lies under it", async () => {
    await twoPersons();
    const present = "c".repeat(32);
    await sql`insert into person_links (former_person_key, person_key, event_id) values (${PERSON}, ${present}, 'e')`.execute(
      world.desk.tables,
    );
    expect(await within(NATION, "person", { key: present })).toMatchObject({
      formerKeys: [PERSON],
      cases: [{ caseId: `${PERSON}-1` }],
    });
  });

  it("who is insured elsewhere is shown by what happened here alone", async () => {
    await twoPersons();
    const seen = await within(HANGZHOU, "person", { key: OTHER_PERSON });
    expect(seen).toMatchObject({ isWhole: false, cards: [], sms: [], cases: [], alerts: [] });
    expect(await within(SHANGHAI, "person", { key: OTHER_PERSON })).toMatchObject({
      isWhole: true,
      cases: [{ region: "310101" }],
    });
  });

  it("of another region is not there, and nobody has nobody", async () => {
    await twoPersons();
    expect(await within(SHANGHAI, "person", { key: PERSON })).toBe("NOT_FOUND");
    expect(await within([], "person", { key: PERSON })).toBe("NOT_FOUND");
    expect(await within(NATION, "person", { key: "f".repeat(32) })).toBe("NOT_FOUND");
  });

  it("who moved no money is found in the rows", async () => {
    const personKey = "d".repeat(32);
    world.figures.rows = [decisionRow("s-9", { personKey })];
    expect(await within(HANGZHOU, "person", { key: personKey })).toMatchObject({ isWhole: false, cases: [] });
    expect(await within(SHANGHAI, "person", { key: personKey })).toBe("NOT_FOUND");
  });

  it("has a timeline, or the page says that it cannot be had", async () => {
    world.figures.rows = [decisionRow("s-1", { personKey: PERSON })];
    const timeline = `/v1/console/persons/${PERSON}/timeline`;
    expect((await world.get("lin", timeline)).body.entries).toMatchObject([{ eventId: "s-1" }]);
    world.figures.isAway = true;
    expect(await world.get("lin", timeline)).toMatchObject({ status: 503, body: { code: "FIGURES_AWAY" } });
  });
});

describe("an institution", () => {
  const registered = (institutionId: string, region: string, name: string) =>
    world.institutions.put(
      institutionKey(institutionId),
      institutionBytes({ institutionId, name, kind: "pharmacy", region }),
    );

  it("is shown by its register, its rows and what patrols found there", async () => {
    await registered(SHOP, "330106", "仁和<img src=x onerror=alert(1)>药店");
    await finding("f-1", "330106");
    world.figures.rows = [
      decisionRow("s-1", { personKey: PERSON, effectiveAction: "reject" }),
      decisionRow("s-2"),
    ];
    const { body } = await world.get("lin", `/v1/console/institutions/${SHOP}`);
    expect(body).toMatchObject({
      name: "仁和<img src=x onerror=alert(1)>药店",
      isRegistered: true,
      region: "330106",
      figures: { institution: { swipes: 2 } },
      terminals: [{ id: "T1", swipes: 2, stopped: 1 }],
      operators: [{ id: "O1" }],
      findings: [{ findingId: "f-1", text: { "zh-CN": expect.stringContaining("7张卡") } }],
      cases: [{ subjectKind: "terminal", region: "330106" }],
    });
    const terminal = await world.get("lin", `/v1/console/institutions/${SHOP}/terminals/T1?days=7`);
    expect(terminal.body).toMatchObject({ terminalId: "T1", persons: 2, findings: [] });
    const found = await world.get("lin", `/v1/console/institutions/${SHOP}/terminals/f-1`);
    expect(found.body).toMatchObject({ findings: [{ findingId: "f-1" }], latest: { rows: [] } });
    expect((await world.get("lin", `/v1/console/institutions/${SHOP}/terminals/T9`)).status).toBe(404);
  });

  it("outside the regions is not there, though somebody insured there has swiped at it", async () => {
    await registered(FAR_SHOP, "310101", "远方药店");
    world.figures.rows = [decisionRow("s-1", { institutionId: FAR_SHOP, careRegion: "310101" })];
    expect(await within(HANGZHOU, "institution", { id: FAR_SHOP })).toBe("NOT_FOUND");
    expect(await within(SHANGHAI, "institution", { id: FAR_SHOP })).toMatchObject({ name: "远方药店" });
    expect(await within(HANGZHOU, "terminal", { id: FAR_SHOP, terminal: "T1" })).toBe("NOT_FOUND");
    expect(await within(NATION, "institution", { id: "nobody" })).toBe("NOT_FOUND");
  });

  it("keeps its page where the rows cannot be had", async () => {
    await registered(SHOP, "330106", "仁和药店");
    world.figures.isAway = true;
    expect(await within(HANGZHOU, "institution", { id: SHOP })).toMatchObject({
      figuresAway: true,
      figures: null,
      latest: null,
      name: "仁和药店",
    });
  });

  it("a time that is not offered is refused", async () => {
    expect((await world.get("lin", `/v1/console/institutions/${SHOP}?days=3650`)).body.code).toBe(
      "QUERY_INVALID",
    );
  });
});

describe("findings", () => {
  it("are listed by what they are, and those of other regions are not there", async () => {
    await finding("f-1", "330106");
    await finding("f-2", "310101", FAR_SHOP);
    const ids = async (scope: Scope, query = {}) =>
      ((await within(scope, "findings", {}, query)) as { findings: { findingId: string }[] }).findings.map(
        ({ findingId }) => findingId,
      );
    expect(await ids(NATION)).toEqual(["f-2", "f-1"]);
    expect(await ids(HANGZHOU)).toEqual(["f-1"]);
    expect(await ids([])).toEqual([]);
    expect(await ids(NATION, { institution: FAR_SHOP })).toEqual(["f-2"]);
    expect(await ids(NATION, { patrol: "R18" })).toEqual([]);
    expect(await ids(NATION, { patrol: "R11", severity: "high", subjectKind: "terminal" })).toHaveLength(2);
    expect(await within(NATION, "findings", {}, { patrol: "R99" })).toBe("QUERY_INVALID");
    expect(await within(HANGZHOU, "finding", { id: "f-2" })).toBe("NOT_FOUND");
  });

  it("tell the query that found them with its numbers, the evidence and the case", async () => {
    await finding("f-1", "330106");
    const { body } = await world.get("lin", "/v1/console/findings/f-1");
    expect(body).toMatchObject({
      facts: { cards: 7 },
      parameters: { settings: { cardsMin: 5 } },
      query: "select 1",
      querySha256: hashOf("select 1"),
      evidence: [{ eventId: "s-1", personKey: PERSON }],
      caseId: expect.stringContaining("terminal-"),
    });
    expect(body.evidence[0]).not.toHaveProperty("cardKey");
  });

  it("are paged each once; a page that looked far enough says how far", async () => {
    await finding("f-0", "330106");
    await many(SCANNED_MAX + 10, "330108");
    const first = (await within(["330106"], "findings", {})) as { findings: object[]; after: string };
    expect(first).toMatchObject({ findings: [], after: expect.any(String), searchedTo: expect.any(String) });
    expect(await within(["330106"], "findings", {}, { after: first.after })).toMatchObject({
      findings: [{ findingId: "f-0" }],
      after: null,
    });
    const seen = new Set<string>();
    let after: string | null = "";
    for (let pages = 0; after !== null && pages < 3; pages++) {
      const page = (await within(HANGZHOU, "findings", {}, { after })) as {
        findings: { findingId: string }[];
        after: string | null;
      };
      for (const { findingId } of page.findings) seen.add(findingId);
      after = page.after;
    }
    expect(seen.size).toBe(3 * FINDINGS_PER_PAGE);
  });

  it("of several regions come in one order, each once, and other regions' are not looked at", async () => {
    await finding("f-0", "330106");
    await finding("f-1", "320102", FAR_SHOP);
    await many(SCANNED_MAX + 10, "310101");
    for (const scope of [
      ["32", "3301"],
      ["3301", "330106", "32"],
      ["330106", "320102", "11"],
    ] as const)
      expect(await within(scope, "findings", {})).toMatchObject({
        findings: [{ findingId: "f-1" }, { findingId: "f-0" }],
        after: null,
      });
  });

  it("a page reads as many rows of many as of few", async () => {
    await finding("f-0", "330106");
    await many(20_000, "310101");
    await sql`analyze patrol_findings`.execute(world.desk.tables);
    const { rows } = await sql<{ "QUERY PLAN": readonly [{ Plan: Plan }] }>`
      explain (analyze, format json)
      select finding_id from patrol_findings where patrol = 'R11'
        and (last_seen_at, finding_id) < (now(), 'z')
      order by last_seen_at desc, finding_id desc limit ${SCANNED_MAX}`.execute(world.desk.tables);
    expect(rowsRead(rows[0]!["QUERY PLAN"][0].Plan)).toBeLessThanOrEqual(SCANNED_MAX);
  });

  interface Plan {
    readonly "Actual Rows": number;
    readonly "Rows Removed by Filter"?: number;
    readonly Plans?: readonly Plan[];
  }

  function rowsRead(plan: Plan): number {
    const own = plan["Actual Rows"] + (plan["Rows Removed by Filter"] ?? 0);
    return Math.max(own, ...(plan.Plans ?? []).map(rowsRead));
  }

  /** Of the first finding that is there, seen later. */
  async function many(count: number, region: string): Promise<void> {
    await sql`
      insert into patrol_findings select 'g-' || n, patrol, subject_kind, subject_key || n, window_key, severity, institution_id,
        facts, evidence, evidence_count, evidence_sha256, query_sha256, parameters, first_at, last_at, first_seen_at,
        last_seen_at + n * interval '1 second', times_seen, ${region}
      from (select * from patrol_findings order by finding_id limit 1) patrol_findings, generate_series(1, ${count}::int) as n`.execute(
      world.desk.tables,
    );
  }
});

describe("the search", () => {
  const search = async (q: string, scope: Scope = NATION) =>
    (await within(scope, "search", {}, { q })) as SearchAnswer;

  it("finds a case by its code and its id, within the regions only", async () => {
    await twoPersons();
    await sql`insert into case_codes (case_id, code) values (${`${PERSON}-1`}, 'K7M2-Q9XW')
      on conflict (case_id) do update set code = excluded.code`.execute(world.desk.tables);
    for (const typed of ["K7M2-Q9XW", "k7m2q9xw", ` ${PERSON}-1 `]) {
      expect((await search(typed, HANGZHOU)).hits).toMatchObject([
        { kind: "case", found: { caseId: `${PERSON}-1` } },
      ]);
      expect((await search(typed, SHANGHAI)).hits).toEqual([]);
    }
  });

  it("finds cases by the last four of a card", async () => {
    await twoPersons();
    expect((await search("9876")).hits).toMatchObject([
      { by: "card-tail", found: { subject: OTHER_PERSON } },
    ]);
    expect((await search("9876", HANGZHOU)).hits).toEqual([]);
    expect((await search("0000")).hits).toEqual([]);
  });

  it("shows of a common card tail the cases with the latest alerts, and says that there are more", async () => {
    const personOf = (at: number) => `${at}`.padStart(32, "b");
    const many = Array.from({ length: 25 }, (_, at) =>
      rejected(`many-${at}`, {
        personKey: personOf(at),
        cardTail: "4321",
        // Not in the order in which cases are opened.
        occurredAt: formatInstant(START_MS + ((at * 7) % 25) * 60_000),
        swipe: { insuredRegion: at % 5 === 0 ? "310101" : "330106" },
      }),
    );
    await world.desk.consume(many);
    const latest = Array.from({ length: 25 }, (_, at) => at).sort((a, b) => ((b * 7) % 25) - ((a * 7) % 25));
    const subjects = ({ hits }: SearchAnswer) =>
      hits.map((hit) => ("found" in hit && "subject" in hit.found ? hit.found.subject : null));
    const all = await search("4321");
    expect(subjects(all)).toEqual(latest.slice(0, 10).map(personOf));
    expect(all.isCut).toBe(true);
    const few = await search("4321", SHANGHAI);
    expect(subjects(few)).toEqual(latest.filter((at) => at % 5 === 0).map(personOf));
    expect(few.isCut).toBe(false);
  });

  it("finds an event with its case, an institution by its name, a person by the token", async () => {
    await twoPersons();
    const { decisionId } = rejected("s-1");
    world.figures.rows = [decisionRow("s-1", { decisionId, personKey: PERSON })];
    expect((await search("s-1")).hits).toMatchObject([{ kind: "event", caseId: `${PERSON}-1` }]);
    expect((await search("s-1", SHANGHAI)).hits).toEqual([]);
    await world.institutions.put(
      institutionKey(SHOP),
      institutionBytes({ institutionId: SHOP, name: "仁和药店", kind: "pharmacy", region: "330106" }),
    );
    expect((await search("仁和", HANGZHOU)).hits).toMatchObject([
      { kind: "institution", found: { institutionId: SHOP } },
    ]);
    expect((await search(SHOP.toLowerCase())).hits).toHaveLength(1);
    expect((await search("仁和", SHANGHAI)).hits).toEqual([]);
    expect((await search(PERSON.toUpperCase(), HANGZHOU)).hits).toMatchObject([{ kind: "person" }]);
    expect((await search(PERSON, SHANGHAI)).hits).toEqual([]);
    world.figures.isAway = true;
    expect(await search("s-1")).toMatchObject({ hits: [], figuresAway: true });
  });

  it("finds an appeal by its whole number, and no draft", async () => {
    await twoPersons();
    const put = (id: string, state: string, ordinal: number) =>
      sql`
      insert into appeals (appeal_id, case_id, ordinal, person_key, state, version, opened_at, changed_at)
      values (${id}, ${`${PERSON}-1`}, ${ordinal}, ${PERSON}, ${state}, 1, '2026-03-01T00:00:00+08', '2026-03-01T00:00:00+08')
      returning place`.execute(world.desk.tables);
    const { rows } = await put("a-1", "submitted", 1);
    const { place } = rows[0] as { place: number };
    const number = `SS2026${String(place).padStart(6, "0")}`;
    expect((await search(number.toLowerCase(), HANGZHOU)).hits).toMatchObject([
      { kind: "appeal", found: { number } },
    ]);
    expect((await search(number.replace("2026", "2025"))).hits).toEqual([]);
    expect((await search(number, SHANGHAI)).hits).toEqual([]);
    await sql`update appeals set state = 'draft'`.execute(world.desk.tables);
    expect((await search(number)).hits).toEqual([]);
  });

  it("an empty or endless text is refused", async () => {
    expect(await search(" ")).toBe("QUERY_INVALID");
    expect(await search("x".repeat(200))).toBe("QUERY_INVALID");
    expect((await world.get("lin", "/v1/console/search?q=1234")).body).toMatchObject({
      looksLike: ["card-tail", "institution", "event"],
      hits: [],
    });
  });
});

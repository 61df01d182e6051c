/** What is behind the page of a case, over HTTP: the timeline, drafts, the graph, who the person is. */

import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { sql } from "kysely";
import { contactContext, contactKey, encodeContact } from "../../../schemas/contact.js";
import type { CaseTimelineEntry } from "../../../schemas/http/case-page.js";
import { CASE_PAGE_ROUTES } from "../../../schemas/http/case-page-routes.js";
import { caseSubject } from "../../../services/alerts/case-page/case-subject.js";
import { UNMASKED_PER_HOUR_MAX } from "../../../services/alerts/case-page/unmasking.js";
import { at, PERSON, reason, rejected } from "../../alerts/outcome-records.js";
import { ConsoleWorld } from "./console-world.js";
import { swipeEntry } from "./few-swipes.js";

const CASE = `/v1/cases/${PERSON}-1`;
const PAGE = `/v1/console/cases/${PERSON}-1`;
const WHY = "the holder asked to be called back";
const HOSTILE = `<img src=x onerror="alert(1)">{{7*7}}\u202Egnp.exe${"长".repeat(3_000)}`;

let world: ConsoleWorld;
beforeAll(async () => {
  world = await ConsoleWorld.open();
});
afterEach(async () => {
  world.figures.entries = [];
  world.figures.isAway = false;
  await sql`truncate case_drafts, case_unmaskings, audit_log`.execute(world.desk.tables);
  await world.empty();
});
afterAll(() => world.close());

async function timeline(query = ""): Promise<CaseTimelineEntry[]> {
  const entries: CaseTimelineEntry[] = [];
  let after: string | null = null;
  do {
    const begin: string = after === null ? "" : `&after=${encodeURIComponent(after)}`;
    const { status, body } = await world.get("lin", `${PAGE}/timeline?${query}${begin}`);
    expect(status).toBe(200);
    entries.push(...body.entries);
    after = body.after;
  } while (after !== null);
  return entries;
}

describe("the timeline", () => {
  it("tells swipes, notes, work, custody and what was said of a person in one stream, newest first", async () => {
    await world.desk.consume([rejected("s-1", { occurredAt: at(0) })]);
    const split = reason("R14", {
      action: "challenge",
      facts: {
        clause: "anywhere",
        count: 3,
        countMin: 3,
        sumFen: 125_000,
        sumFenMin: 75_000,
        limitFen: 50_000,
        windowMinutes: 30,
        chainWindowHours: 24,
      },
    });
    world.figures.entries = [
      swipeEntry({ personKey: PERSON, at: at(-60), eventId: "s-0", kind: "pin-check", pin: "wrong" }),
      swipeEntry({ personKey: PERSON, at: at(0), eventId: "s-1" }, [split]),
    ];
    await world.post("lin", `${CASE}/assignment`, { version: 0 });
    await world.post("lin", `${CASE}/notes`, { version: 1, text: HOSTILE });
    await world.post("lin", `${CASE}/notes/1/strike`, { version: 2, reason: "written to the wrong case" });
    await world.post("lin", `${PAGE}/unmask`, { reason: WHY });
    const entries = await timeline();
    const times = entries.map((entry) => Date.parse(entry.at));
    expect(times).toEqual([...times].sort((a, b) => b - a));
    expect(entries.map(({ type }) => type).sort()).toEqual([
      "custody",
      "note",
      "sms",
      "swipe",
      "swipe",
      "work",
      "work",
    ]);
    expect(entries.find(({ type }) => type === "note")).toMatchObject({
      author: "lin",
      text: HOSTILE,
      struck: { by: "lin", reason: "written to the wrong case" },
    });
    expect(entries.find(({ type }) => type === "custody")).toMatchObject({
      action: "person-shown",
      actor: "lin",
      reason: WHY,
    });
    expect(entries.find((entry) => entry.type === "swipe" && entry.eventId === "s-1")).toMatchObject({
      explained: [
        {
          rule: "R14",
          conditions: [
            {
              what: { en: "purchases near the limit" },
              observed: { en: "3" },
              relation: "at-least",
              threshold: { en: "3" },
            },
            { observed: { en: "¥1,250.00" }, threshold: { en: "¥750.00" } },
            {},
            {},
          ],
          otherwise: { needs: "any" },
        },
      ],
    });
  });

  it("comes page by page, whole, and by kinds", async () => {
    await world.desk.consume([rejected("s-1", { occurredAt: at(0) })]);
    world.figures.entries = Array.from({ length: 130 }, (_, index) =>
      swipeEntry({ personKey: PERSON, at: at(-index), kind: index % 60 === 0 ? "pin-check" : "settle" }),
    );
    const all = await timeline();
    expect(all.filter(({ type }) => type === "swipe")).toHaveLength(130);
    expect(new Set(all.map((entry) => ("position" in entry ? entry.position : entry.id))).size).toBe(
      all.length,
    );
    expect((await timeline("kinds=pin")).map(({ at: when }) => when)).toEqual([at(0), at(-60), at(-120)]);
    expect((await timeline("kinds=sms,pin")).map(({ type }) => type).sort()).toEqual([
      "sms",
      "swipe",
      "swipe",
      "swipe",
    ]);
    for (const query of ["kinds=swipe,other", "after=bnVsbA"])
      expect(await world.get("lin", `${PAGE}/timeline?${query}`)).toMatchObject({
        status: 400,
        body: { code: "BODY_INVALID" },
      });
  });

  it("has links of a month, and of no longer time", async () => {
    await world.desk.consume([rejected("s-1")]);
    expect(await world.get("lin", `${PAGE}/graph`)).toMatchObject({ status: 200, body: { nodes: [] } });
    expect(await world.get("lin", `${PAGE}/graph?days=31`)).toMatchObject({ status: 200 });
    expect(await world.get("lin", `${PAGE}/graph?days=32`)).toMatchObject({
      status: 400,
      body: { code: "BODY_INVALID" },
    });
  });

  it("without the analytics database tells what was done, and that swipes are missing", async () => {
    await world.desk.consume([rejected("s-1")]);
    world.figures.isAway = true;
    const { status, body } = await world.get("lin", `${PAGE}/timeline`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ isJournalAway: true, after: null, entries: [{ type: "sms" }] });
    expect(await world.get("lin", `${PAGE}/graph`)).toMatchObject({
      status: 503,
      body: { code: "FIGURES_AWAY" },
    });
  });
});

describe("a case of no person", () => {
  it("tells its findings with what they counted, and has no graph and nobody to show", async () => {
    const finding = {
      settings: { windowMinutes: 30, cardsMin: 3 },
      facts: { cards: 4, cardsOfDay: 6 },
    };
    await sql`insert into cases (case_id, subject_kind, subject_key, ordinal, status, opened_at, region)
      values ('terminal-x-1', 'terminal', 'P-1/T1', 1, 'open', ${at(0)}, '330100')`.execute(
      world.desk.tables,
    );
    await sql`insert into patrol_queries (query_sha256, patrol, query) values ('', 'R11', '')`.execute(
      world.desk.tables,
    );
    await sql`insert into patrol_findings (finding_id, patrol, subject_kind, subject_key, window_key, severity, institution_id,
        facts, evidence, evidence_count, evidence_sha256, query_sha256, parameters, first_at, last_at, first_seen_at, last_seen_at)
      values ('R11-x', 'R11', 'terminal', 'P-1/T1', '2026-03-01', 'high', 'P-1', ${JSON.stringify(finding.facts)}::jsonb,
        '[]', 4, '', '', ${JSON.stringify({ settings: finding.settings, query: {} })}::jsonb, ${at(0)}, ${at(0)}, ${at(0)}, ${at(0)})`.execute(
      world.desk.tables,
    );
    await sql`insert into alerts (alert_id, case_id, finding_id, ordinal, institution_id, occurred_at, action, severity, rules,
        disputed, degraded, state)
      values ('R11-x', 'terminal-x-1', 'R11-x', 0, 'P-1', ${at(0)}, 'review', 'high', '["R11"]', false, false, 'standing')`.execute(
      world.desk.tables,
    );
    const path = "/v1/console/cases/terminal-x-1";
    const { body } = await world.get("lin", `${path}/timeline`);
    expect(body.entries).toMatchObject([
      {
        type: "finding",
        patrol: "R11",
        text: { en: "4 cards had a wrong PIN at this terminal within 30 min (6 that day)" },
        conditions: [{ observed: { en: "4" }, threshold: { en: "3" } }, {}],
        otherwise: { steps: [{ en: "cards with a wrong PIN within 30 min below 3 (was 4)" }] },
      },
    ]);
    expect(await world.get("lin", `${path}/graph`)).toMatchObject({
      status: 409,
      body: { code: "NO_PERSON" },
    });
    expect(await world.post("lin", `${path}/unmask`, { reason: WHY })).toMatchObject({
      status: 409,
      body: { code: "NO_PERSON" },
    });
    expect(
      await world.desk.tables
        .selectFrom("case_unmaskings" as never)
        .selectAll()
        .execute(),
    ).toEqual([]);
  });
});

describe("a draft", () => {
  it("is kept for whoever typed it, replaced, and forgotten when it is empty", async () => {
    await world.desk.consume([rejected("s-1")]);
    const put = (who: string, field: string, text: string) =>
      world.ask(who, "PUT", `${PAGE}/drafts`, { field, text });
    await put("lin", "note", "half a sen");
    await put("lin", "note", "half a sentence");
    await put("wang", "note", "another's");
    await put("lin", "reason", HOSTILE);
    const drafts = (await world.get("lin", `${PAGE}/drafts`)).body.drafts;
    expect(drafts).toMatchObject([
      { field: "note", text: "half a sentence" },
      { field: "reason", text: HOSTILE },
    ]);
    await put("lin", "reason", "");
    expect((await world.get("lin", `${PAGE}/drafts`)).body.drafts).toMatchObject([{ field: "note" }]);
    expect(await put("lin", "note", "长".repeat(4_001))).toMatchObject({ status: 400 });
    expect(await put("lin", "elsewhere", "x")).toMatchObject({ status: 400 });
    expect(await put("local", "note", "x")).toMatchObject({ status: 401 });
  });

  it("does not outlive a quarter of a year", async () => {
    await world.desk.consume([rejected("s-1")]);
    await world.ask("lin", "PUT", `${PAGE}/drafts`, { field: "note", text: "old" });
    await sql`update case_drafts set changed_at = changed_at - interval '91 days'`.execute(world.desk.tables);
    await world.ask("wang", "PUT", `${PAGE}/drafts`, { field: "note", text: "new" });
    expect((await world.get("lin", `${PAGE}/drafts`)).body.drafts).toEqual([]);
  });
});

describe("who the person is", () => {
  const shown = async () =>
    (
      await world.desk.tables
        .selectFrom("audit_log" as never)
        .select("line" as never)
        .execute()
    ).filter((row) => JSON.stringify(row).includes("case.person-shown"));

  it("is shown after a reason, by name and tails, and stands in the audit log without the words", async () => {
    await world.desk.consume([rejected("s-1")]);
    const contact = { name: "王芳", phone: "13812345678", idNumberLast4: "123X" };
    const key = contactKey(PERSON);
    await world.contacts.put(key, world.box.seal(encodeContact(contact), contactContext(PERSON)));
    for (const body of [{}, { reason: "  " }, { reason: "abc" }])
      expect((await world.post("lin", `${PAGE}/unmask`, body)).status).toBe(400);
    expect(await shown()).toEqual([]);
    const { body } = await world.post("lin", `${PAGE}/unmask`, { reason: WHY });
    expect(body.contact).toEqual({ name: "王芳", phoneTail: "5678", idNumberLast4: "123X" });
    expect(JSON.stringify(body)).not.toContain("13812345678");
    const lines = JSON.stringify(await shown());
    expect(lines).toContain(`case:${PERSON}-1`);
    expect(lines).not.toContain(WHY);
    expect(lines).not.toContain("王芳");
    await world.contacts.delete(key);
  });

  it("is written down also where nobody gave a contact, and is not shown again and again", async () => {
    await world.desk.consume([rejected("s-1")]);
    for (let time = 0; time < UNMASKED_PER_HOUR_MAX; time++)
      expect((await world.post("lin", `${PAGE}/unmask`, { reason: WHY })).body.contact).toBeNull();
    expect(await world.post("lin", `${PAGE}/unmask`, { reason: WHY })).toMatchObject({
      status: 429,
      body: { code: "UNMASKED_TOO_OFTEN" },
    });
    expect((await world.post("wang", `${PAGE}/unmask`, { reason: WHY })).status).toBe(200);
    // Who asked too often stands there too.
    expect(await shown()).toHaveLength(UNMASKED_PER_HOUR_MAX + 2);
  });
});

describe("cases of other regions", () => {
  it("are not there", async () => {
    await world.desk.consume([rejected("s-1")]);
    const { database } = world.desk;
    const subject = (scope: readonly string[]) => caseSubject(database, `${PERSON}-1`, scope);
    expect(await subject(["33"])).toEqual({ caseId: `${PERSON}-1`, personKey: PERSON });
    for (const scope of [["32"], ["3302"], []]) expect(await subject(scope)).toBeNull();
  });

  it("nor is one that does not exist, at any of the addresses", async () => {
    for (const route of Object.values(CASE_PAGE_ROUTES)) {
      const body = { keepDraft: { field: "note", text: "x" }, unmask: { reason: WHY } };
      const own = "body" in route ? body[route.method === "PUT" ? "keepDraft" : "unmask"] : undefined;
      const path = route.path.replace("{id}", "none-1");
      expect(await world.ask("lin", route.method, path, own)).toMatchObject({
        status: 404,
        body: { code: "NOT_FOUND" },
      });
    }
  });
});

it("colleagues are those who can be given a case", async () => {
  await world.desk.consume([rejected("s-1")]);
  expect((await world.get("lin", `${PAGE}/colleagues`)).body).toEqual({ names: ["lin", "wang"] });
});

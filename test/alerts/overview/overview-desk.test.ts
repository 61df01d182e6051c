/** What waits for a person, and how messages and appeals get on: of the person's regions only, never more than is said. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { Kysely, sql } from "kysely";
import { silentLogger } from "../../../platform/logger/logger.js";
import type { Term } from "../../../schemas/appeal-deadlines.js";
import type { Scope } from "../../../schemas/console/access.js";
import {
  NEED_COUNT_MAX,
  NEED_ITEMS_MAX,
  NEED_KINDS,
  type Need,
  type NeedKind,
} from "../../../schemas/http/overview.js";
import { AppealChanges } from "../../../services/alerts/appeals/appeal-changes.js";
import { AppealRounds } from "../../../services/alerts/appeals/appeal-rounds.js";
import { OfficeOverview } from "../../../services/alerts/overview/office-overview.js";
import type { OverviewTables } from "../../../services/alerts/overview/overview-tables.js";
import { requestUnmasked } from "../../../services/evidence/unmasking.js";
import { emptyTables } from "../../support/empty-tables.js";
import { migrationsFolder } from "../alerts-desk.js";
import { calendar, FIRST, policy } from "../appeals/appeal-events.js";
import { AppealsWorld, CASE, decisionIdOf, threeSwipes } from "../appeals/appeals-world.js";
import { CaseDesk } from "../cases/case-desk.js";
import { OTHER_PERSON, PERSON, rejected } from "../outcome-records.js";

let world: AppealsWorld;
let overview: OfficeOverview;
let cases: CaseDesk;
let tables: Kysely<OverviewTables>;
const clock = { now: () => world.nowMs, sleep: () => Promise.resolve() };

beforeAll(async () => {
  world = await AppealsWorld.open();
  const { database } = world.desk;
  tables = new Kysely<OverviewTables>({ dialect: database.dialect });
  overview = new OfficeOverview({ database, clock, terms: { policy, calendar } });
  cases = new CaseDesk(world.desk);
});
/** Those that refer to others first. */
const WRITTEN = [
  "appeal_reversals",
  "appeal_escalations",
  "appeal_documents",
  "appeal_secrets",
  "appeal_events",
  "appeal_papers",
  "appeals",
  "evidence_requests",
  "bundle_approvals",
  "bundle_activations",
  "bundle_versions",
  "bundle_contents",
  "people",
  "sms_escalations",
  "sms",
  "journal_outbox",
  "alerts",
  "cases",
  "case_work",
  "case_history",
  "case_proposals",
  "case_closings",
  "judged_swipes",
  "consumer_progress",
  "audit_log",
];
afterEach(async () => {
  world.nowMs = Date.parse("2026-03-02T09:00:00.000+08:00");
  cases.nowMs = world.nowMs;
  await emptyTables(tables, WRITTEN);
});
afterAll(() => world.desk.close());

async function needs(kinds: readonly NeedKind[], { name = "wang", scope = [""] as Scope } = {}) {
  const found = await overview.needs({ name, scope, kinds });
  return Object.fromEntries(found.map(({ kind, items }) => [kind, items.map(({ id }) => id)]));
}
/** A person's case of another province: of Hefei. */
const elsewhere = () =>
  rejected("other", { personKey: OTHER_PERSON, swipe: { insuredRegion: "340100", careRegion: "340100" } });
const OTHER_CASE = `${OTHER_PERSON}-1`;

describe("what needs a person", () => {
  it("is nothing where nothing waits", async () => {
    await world.desk.consume(threeSwipes());
    expect(await needs(NEED_KINDS)).toEqual({});
  });

  it("are proposals of others, of the person's regions, until they lapse", async () => {
    await world.desk.consume([...threeSwipes(), elsewhere()]);
    for (const caseId of [CASE, OTHER_CASE]) {
      await cases.take(caseId, "lin");
      await cases.move(caseId, "investigating", "lin");
      await cases.move(caseId, "confirmed", "lin");
    }
    expect(await needs(["proposal"])).toEqual({ proposal: expect.arrayContaining([CASE, OTHER_CASE]) });
    expect(await needs(["proposal"], { name: "lin" })).toEqual({});
    const region = (
      await tables.selectFrom("cases").select("region").where("case_id", "=", CASE).execute()
    )[0]!.region;
    expect(await needs(["proposal"], { scope: [region.slice(0, 2)] })).toEqual({ proposal: [CASE] });
    expect(await needs(["proposal"], { scope: ["34"] })).toEqual({ proposal: [OTHER_CASE] });
    expect(await needs(["proposal"], { scope: ["99"] })).toEqual({});
    expect(await needs(["proposal"], { scope: [] })).toEqual({});
    world.nowMs += 365 * 86_400_000;
    expect(await needs(["proposal"])).toEqual({});
  });

  it("are own cases past their day, and no other's", async () => {
    await world.desk.consume([...threeSwipes(), elsewhere()]);
    await cases.take(CASE, "lin");
    await cases.take(OTHER_CASE, "wang");
    const [{ first }] = (
      await sql<{
        first: Date;
      }>`select min(occurred_at) as first from alerts where case_id = ${CASE}`.execute(tables)
    ).rows as [{ first: Date }];
    // critical: decided within a day.
    world.nowMs = first.getTime() + 86_400_000 - 1;
    expect(await needs(["case-overdue"], { name: "lin" })).toEqual({});
    world.nowMs += 1;
    expect(await needs(["case-overdue"], { name: "lin" })).toEqual({ "case-overdue": [CASE] });
    expect(await needs(["case-overdue"], { name: "lin", scope: ["34"] })).toEqual({});
    await cases.move(CASE, "triage", "lin");
    await cases.move(CASE, "closed", "lin");
    await cases.approve(CASE, 1, "wang");
    expect(await needs(["case-overdue"], { name: "lin" })).toEqual({});
  });

  it("are persons to be phoned, by the region of their latest case", async () => {
    const calls = async (...scope: Scope) => (await needs(["phone-call"], { scope }))["phone-call"] ?? [];
    const counted = async (...scope: Scope) => (await overview.delivery({ scope, sinceMs: 0 })).sms.calls;
    const before = [...threeSwipes(), elsewhere()];
    await world.desk.consume(before);
    await sql`insert into sms_escalations (escalation_id, person_key, kind, sms_id, created_at)
      select 'call-' || left(person_key, 4), person_key, 'phone-call', min(sms_id), now() from sms group by person_key`.execute(
      tables,
    );
    // As migration 027 does it.
    await sql`update sms_escalations set region = cases.region from cases
      where cases.person_key = sms_escalations.person_key`.execute(tables);
    const ofPerson = `call-${PERSON.slice(0, 4)}`;
    expect(await calls("34")).toEqual(["call-fedc"]);
    expect(await calls("3401")).toEqual(["call-fedc"]);
    expect(await calls("340199")).toEqual([]);
    expect(await calls("3301", "99")).toEqual([ofPerson]);
    expect(await calls()).toEqual([]);
    expect(await calls("")).toHaveLength(2);
    expect([await counted("34"), await counted("3301"), await counted(""), await counted()]).toEqual([
      1, 1, 2, 0,
    ]);
    await cases.take(CASE, "lin");
    await cases.move(CASE, "triage", "lin");
    await cases.move(CASE, "closed", "lin");
    await cases.approve(CASE, 1, "wang");
    await world.desk.consume([...before, rejected("moved", { swipe: { insuredRegion: "340200" } })]);
    expect(await calls("3402")).toEqual([ofPerson]);
    expect(await calls("3301")).toEqual([]);
    expect([await counted("3402"), await counted("3301")]).toEqual([1, 0]);
    await cases.does(`${PERSON}-2`, "lin", { kind: "phoned", outcome: "reached", note: null });
    expect(await calls("")).toEqual(["call-fedc"]);
    await cases.does(OTHER_CASE, "lin", { kind: "phoned", outcome: "not-reached", note: null });
    expect([await calls(""), await counted("")]).toEqual([[], 0]);
  });

  it("are packages that another wants unmasked", async () => {
    await world.desk.consume([...threeSwipes(), elsewhere()]);
    const asks = (caseId: string, requestId: string) =>
      requestUnmasked(
        {
          tables: new Kysely({ dialect: world.desk.database.dialect }),
          clock,
          isRevoked: async () => false,
          newId: () => requestId,
        },
        "lin",
        { caseId, reason: "for the police" },
      );
    await asks(CASE, "request-1");
    world.nowMs++;
    await asks(OTHER_CASE, "request-2");
    const requests = async (...scope: Scope) => (await needs(["unmasking"], { scope })).unmasking ?? [];
    expect(await requests("")).toEqual(["request-1", "request-2"]);
    expect(await needs(["unmasking"], { name: "lin" })).toEqual({});
    expect(await requests("34")).toEqual(["request-2"]);
    expect(await requests("3301", "3401")).toEqual(["request-1", "request-2"]);
    expect(await requests("330106", "340101")).toEqual([]);
    expect(await requests("99")).toEqual([]);
    expect(await requests()).toEqual([]);
    await sql`update evidence_requests set approved_by = 'wang', approved_at = now()`.execute(tables);
    expect(await needs(["unmasking"])).toEqual({});
  });

  it("shows a request's case with its severity, and the request while its case is being made again", async () => {
    await world.desk.consume(threeSwipes());
    await sql`insert into evidence_requests (request_id, case_id, reason, requested_by, requested_at, region)
      values ('request-1', ${CASE}, 'x', 'lin', now() - interval '1 second', '330106'),
        ('request-2', ${`${PERSON}-99`}, 'x', 'lin', now(), '330106')`.execute(tables);
    await sql`update cases set highest_severity = 'medium' where case_id = ${CASE}`.execute(tables);
    const [need] = await overview.needs({ name: "wang", scope: ["3301"], kinds: ["unmasking"] });
    expect(need).toMatchObject({
      count: 2,
      items: [
        { id: "request-1", caseId: CASE, severity: "medium", region: "330106", by: "lin" },
        { id: "request-2", caseId: `${PERSON}-99`, severity: null, region: "330106", by: "lin" },
      ],
    });
  });

  it("are drafts of rules by others that nobody has approved and nothing newer runs", async () => {
    const hash = "a".repeat(64);
    await sql`insert into bundle_contents values (${hash}, '{}')`.execute(tables);
    await sql`insert into people (name, name_folded, key_sha256, added_at)
      values ('wang', 'wang', ${"b".repeat(64)}, now())`.execute(tables);
    for (const version of [1, 2, 3])
      await sql`insert into bundle_versions (version, bundle_hash, author, created_at, origin)
        values (${version}, ${hash}, 'lin', now(), 'draft')`.execute(tables);
    expect(await needs(["rules-draft"])).toEqual({ "rules-draft": ["3", "2", "1"] });
    expect(await needs(["rules-draft"], { name: "lin" })).toEqual({});
    await sql`insert into bundle_approvals values (3, 'wang', now())`.execute(tables);
    await sql`insert into bundle_activations (sequence, version, kind, published_by, partitions, status, created_at, completed_at)
      values (0, 1, 'publish', '[]', 1, 'complete', now(), now())`.execute(tables);
    expect(await needs(["rules-draft"])).toEqual({ "rules-draft": ["2"] });
    await sql`update bundle_versions set withdrawn_by = 'lin', withdrawn_at = now() where version = 2`.execute(
      tables,
    );
    expect(await needs(["rules-draft"])).toEqual({});
  });

  it("are appeals whose day comes within three working days, and those whose day has passed", async () => {
    await world.desk.consume(threeSwipes());
    const { appealId } = await world.submitted();
    const kinds = ["deadline-missed", "appeal-due"] as const;
    // To be acknowledged within five working days, from a Monday on.
    expect(await needs(kinds)).toEqual({});
    world.nowMs += 2 * 86_400_000;
    expect(await needs(kinds)).toEqual({ "appeal-due": [appealId] });
    expect(await needs(kinds, { scope: ["34"] })).toEqual({});
    world.nowMs += 30 * 86_400_000;
    expect(await needs(kinds)).toEqual({ "deadline-missed": [appealId] });
    world.nowMs -= 32 * 86_400_000;
    await world.office(appealId, { type: "accept", by: FIRST });
    await world.office(appealId, { type: "return", by: FIRST, what: "补材料" });
    // Now it is the holder's turn.
    world.nowMs += 3 * 86_400_000;
    expect(await needs(kinds)).toEqual({});
  });

  it("are appeals of before their rows kept the day, and by deadlines in force, once the rounds have looked", async () => {
    await world.desk.consume(threeSwipes());
    const { appealId } = await world.submitted();
    const kinds = ["deadline-missed", "appeal-due"] as const;
    await sql`update appeals set office_due_at = null, office_due_kind = null`.execute(tables);
    world.nowMs += 2 * 86_400_000;
    expect(await needs(kinds)).toEqual({});
    await world.rounds.watch();
    expect(await needs(kinds)).toEqual({ "appeal-due": [appealId] });
    // A bureau that takes twenty working days put its own file in.
    const deadlines = policy.deadlines.map((row) =>
      row.kind === "acknowledge" ? { ...row, term: [20, "wd"] as const satisfies Term } : row,
    );
    const { options } = world.changes;
    const longer = new AppealChanges({ ...options, policy: { ...policy, deadlines } });
    await new AppealRounds({ changes: longer, papers: world.papers, clock, logger: silentLogger }).watch();
    expect(await needs(kinds)).toEqual({});
    world.nowMs = Date.parse("2026-03-26T09:00:00.000+08:00");
    const [{ items }] = (await overview.needs({ name: "wang", scope: [""], kinds })) as [Need];
    expect(items).toMatchObject([
      {
        id: appealId,
        what: expect.stringMatching(/^SS2026\d{6} · 受理$/),
        dueAt: "2026-03-31T00:00:00.000+08:00",
      },
    ]);
  });

  it("are the nearest appeals first, of several regions, each once", async () => {
    await world.desk.consume(threeSwipes());
    const { appealId } = await world.submitted();
    await sql`insert into appeals (appeal_id, case_id, ordinal, person_key, region, state, version, opened_at, changed_at,
        office_due_at, office_due_kind)
      select 'copy-' || n, 'case-' || n, 1, person_key, case when n % 2 = 0 then '340104' else '330106' end, state, version,
        opened_at, changed_at, office_due_at + (n - 2.5) * interval '1 hour', office_due_kind
      from appeals, generate_series(1, 4) n`.execute(tables);
    await tables.updateTable("appeals").set({ region: "340102" }).where("appeal_id", "=", appealId).execute();
    world.nowMs += 3 * 86_400_000;
    const due = async (scope: Scope) => (await needs(["appeal-due"], { scope }))["appeal-due"];
    expect(await due([""])).toEqual(["copy-1", "copy-2", appealId, "copy-3", "copy-4"]);
    expect(await due(["34"])).toEqual(["copy-2", appealId, "copy-4"]);
    expect(await due(["3401", "340102", "33"])).toEqual(await due([""]));
    expect(await due(["340104", "3301"])).toEqual(["copy-1", "copy-2", "copy-3", "copy-4"]);
  });

  it("is counted to a limit, and the first are shown", async () => {
    await world.desk.consume(threeSwipes());
    await sql`insert into evidence_requests (request_id, case_id, reason, requested_by, requested_at)
      select 'request-' || n, ${CASE}, 'x', 'lin', now() from generate_series(1, 150) n`.execute(tables);
    const [need] = await overview.needs({ name: "wang", scope: [""], kinds: ["unmasking"] });
    expect(need!.count).toBe(NEED_COUNT_MAX + 1);
    expect(need!.items).toHaveLength(NEED_ITEMS_MAX);
  });
});

describe("delivery", () => {
  it("counts messages by what became of them, of the regions' persons only", async () => {
    await world.desk.consume([...threeSwipes(), elsewhere()]);
    await sql`update sms set status = 'delivered', settled_at = now()`.execute(tables);
    await sql`update sms set status = 'failed', reason = 'undelivered' where person_key = ${OTHER_PERSON}`.execute(
      tables,
    );
    const all = await overview.delivery({ scope: [""], sinceMs: 0 });
    const hefei = await overview.delivery({ scope: ["34"], sinceMs: 0 });
    expect(all.sms).toMatchObject({ failed: 1, isMore: false });
    expect(all.sms.delivered).toBeGreaterThan(0);
    expect(hefei.sms).toMatchObject({ counted: 1, failed: 1, delivered: 0 });
    expect((await overview.delivery({ scope: ["99"], sinceMs: 0 })).sms.counted).toBe(0);
    expect((await overview.delivery({ scope: [""], sinceMs: Date.parse("2030-01-01") })).sms.counted).toBe(0);
  });

  it("tells records that ingest refused", async () => {
    await sql`insert into journal_outbox (record_id, path, body, status, refusal)
      values ('r-1', '/v1/feedback', '{}', 'refused', 'INVALID'), ('r-2', '/v1/feedback', '{}', 'pending', null)`.execute(
      tables,
    );
    const { journal } = await overview.delivery({ scope: [""], sinceMs: 0 });
    expect(journal).toEqual({ pending: 1, refused: 1 });
  });
});

describe("figures of appeals", () => {
  const range = { from: Date.parse("2026-01-01"), to: Date.parse("2027-01-01") };

  it("count states, outcomes and days of those submitted within the range and the regions", async () => {
    await world.desk.consume(threeSwipes());
    await world.decided({ [decisionIdOf(1)]: "upheld", [decisionIdOf(2)]: "rejected" });
    expect(await overview.appealFigures({ scope: [""], range })).toMatchObject({
      appeals: 1,
      states: [{ state: "decided", appeals: 1 }],
      results: [
        { result: "upheld", appeals: 0 },
        { result: "partly", appeals: 1 },
        { result: "rejected", appeals: 0 },
      ],
      claimedSwipes: 2,
      upheldSwipes: 1,
      daysToDecide: { median: 0, longest: 0, of: 1 },
    });
    expect(await overview.appealFigures({ scope: ["34"], range })).toMatchObject({
      appeals: 0,
      daysToDecide: null,
    });
    const later = { from: range.to, to: range.to + 86_400_000 };
    expect(await overview.appealFigures({ scope: [""], range: later })).toMatchObject({ appeals: 0 });
  });

  it("count appeals of before their rows kept it as those of since then", async () => {
    await world.desk.consume(threeSwipes());
    await world.decided({ [decisionIdOf(1)]: "upheld", [decisionIdOf(2)]: "rejected" });
    const told = async () => [
      await overview.appealFigures({ scope: [""], range }),
      await tables.selectFrom("appeals").select(["appeal_id", "region"]).execute(),
    ];
    const before = await told();
    await sql`update appeals set submitted_at = null, accepted_at = null, decided_at = null, claimed = 0, upheld = 0, region = ''`.execute(
      tables,
    );
    expect(await told()).not.toEqual(before);
    const migration = readFileSync(join(migrationsFolder, "023-bounded-lists.sql"), "utf8");
    for (const [update] of migration.matchAll(/^update appeals set.*?;/gms))
      await sql.raw(update).execute(tables);
    expect(await told()).toEqual(before);
  });

  it("leave out what is a draft: it is the holder's alone", async () => {
    await world.desk.consume(threeSwipes());
    await world.draft();
    expect(await overview.appealFigures({ scope: [""], range })).toMatchObject({ appeals: 0 });
  });
});

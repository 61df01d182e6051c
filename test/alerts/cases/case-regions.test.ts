/** Where cases belong, and that nobody of another region meets them. */

import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { Kysely, sql } from "kysely";
import { migrate } from "../../../platform/database/migrations.js";
import { openPgliteDatabase } from "../../../platform/database/pglite/pglite-database.js";
import { NATION, type Scope } from "../../../schemas/console/access.js";
import { readCase } from "../../../services/alerts/cases/case-detail.js";
import { casePage } from "../../../services/alerts/cases/case-list.js";
import { emptyAlerts, endAlertsRebuild } from "../../../services/alerts/empty-tables.js";
import type { AlertsTables } from "../../../services/alerts/tables.js";
import { newDatabase } from "../../support/new-database.js";
import { AlertsDesk, migrationsFolder } from "../alerts-desk.js";
import { decision, OTHER_PERSON, PERSON, rejected, revision } from "../outcome-records.js";
import { CaseDesk } from "./case-desk.js";

let desk: AlertsDesk;
beforeAll(async () => {
  desk = await AlertsDesk.open();
});
afterEach(async () => {
  await endAlertsRebuild(desk.database);
  await desk.empty();
});
afterAll(() => desk.close());

const CASE = `${PERSON}-1`;
const OTHER_CASE = `${OTHER_PERSON}-1`;
const inXuancheng = { personKey: OTHER_PERSON, swipe: { insuredRegion: "341800" } };

async function regions() {
  const { cases } = await desk.rows();
  return cases.map(({ case_id, region }) => [case_id, region]);
}

async function listed(scope: Scope): Promise<readonly string[]> {
  const { cases } = await casePage(desk.database, { after: null, scope });
  return cases.map(({ caseId }) => caseId).sort();
}

describe("a person's case belongs where the person is insured", () => {
  it("as the swipe says that opened it, not a later one", async () => {
    await desk.consume([rejected("s-1"), rejected("s-2", { swipe: { insuredRegion: "110100" } })]);
    expect(await regions()).toEqual([[CASE, "330100"]]);
  });

  it("where a revision opened it, as the swipe says that it is about", async () => {
    const approved = decision("s-1", { swipe: { insuredRegion: "450100" } });
    await desk.consume([approved, revision(approved, 1)]);
    expect(await regions()).toEqual([[CASE, "450100"]]);
  });

  it("and to the nation alone where the swipe is not known", async () => {
    await desk.consume([revision(decision("s-1"), 1)]);
    expect(await regions()).toEqual([[CASE, ""]]);
    expect(await listed(["33"])).toEqual([]);
    expect(await listed(NATION)).toEqual([CASE]);
  });

  it("made again from the log, they belong where they belonged", async () => {
    const outcomes = [rejected("s-1"), rejected("s-2", inXuancheng)];
    await desk.consume(outcomes);
    const before = await regions();
    await emptyAlerts(desk.database);
    await desk.consume(outcomes);
    expect(await regions()).toEqual(before);
    expect(before).toHaveLength(2);
  });
});

describe("a scope", () => {
  it("lists and shows what belongs to it", async () => {
    await desk.consume([rejected("s-1"), rejected("s-2", inXuancheng)]);
    expect(await listed(["33"])).toEqual([CASE]);
    expect(await listed(["3418"])).toEqual([OTHER_CASE]);
    expect(await listed(["3301", "34"])).toEqual([CASE, OTHER_CASE]);
    // Of a county nobody is known to be insured there, and a city's cases are not a county's.
    expect(await listed(["330106"])).toEqual([]);
    expect(await listed([])).toEqual([]);
    const show = (scope: Scope) => readCase(desk.database, { caseId: CASE, scope, nowMs: 0 });
    expect(await show(["3301"])).toMatchObject({ caseId: CASE, region: "330100" });
    expect(await show(["34"])).toBeNull();
  });

  it("changes nothing outside of it, and does not tell that there is something", async () => {
    await desk.consume([rejected("s-1")]);
    const { work } = new CaseDesk(desk);
    const asked = { actor: "lin", version: 0, command: { kind: "note", text: "x" } } as const;
    const outside = await work.change({ ...asked, caseId: CASE, scope: ["34"] });
    expect(outside).toEqual(await work.change({ ...asked, caseId: "none-1", scope: ["34"] }));
    expect(outside).toMatchObject({ kind: "refused", code: "NOT_FOUND" });
    expect(await work.change({ ...asked, caseId: CASE, scope: ["33"] })).toMatchObject({ kind: "changed" });
  });
});

const EARLIER_ROWS = `
  insert into cases (case_id, person_key, ordinal, status, opened_at) values
    ('known-1', 'known', 1, 'open', '2026-03-01'), ('unknown-1', 'unknown', 1, 'open', '2026-03-01');
  insert into cases (case_id, subject_kind, subject_key, ordinal, status, opened_at)
    values ('terminal-1', 'terminal', 'A/T1', 1, 'open', '2026-03-01');
  insert into judged_swipes (decision_id, person_key, event_id, kind, credential, care_region, institution_id, total_fen,
    at_risk_fen, action, occurred_at, insured_region) values
    ('d-1', 'known', 'e-1', 'settle', 'card', '341881', 'A', 1, 1, 'reject', '2026-03-01', '330100'),
    ('d-2', 'known', 'e-2', 'settle', 'card', '341881', 'A', 1, 1, 'reject', '2026-03-02', '110100'),
    ('d-3', 'unknown', 'e-3', 'settle', 'card', '341881', 'A', 1, 1, 'reject', '2026-03-01', null);
  insert into alerts (alert_id, case_id, person_key, decision_id, ordinal, event_id, care_region, institution_id, occurred_at,
    action, severity, rules, disputed, degraded, state)
  select decision_id, person_key || '-1', person_key, decision_id, 0, event_id, care_region, institution_id, occurred_at,
    'reject', 'high', '["R01"]', false, false, 'standing' from judged_swipes;
  insert into patrol_queries values ('q', 'R11', 'select 1');
  insert into patrol_findings (finding_id, patrol, subject_kind, subject_key, window_key, severity, institution_id, facts,
    evidence, evidence_count, evidence_sha256, query_sha256, parameters, first_at, last_at, first_seen_at, last_seen_at)
    values ('f-1', 'R11', 'terminal', 'A/T1', '2026-03-01', 'high', 'A', '{}', '[]', 3, '', 'q', '{}', '2026-03-01',
      '2026-03-01', '2026-03-01', '2026-03-01');
  insert into alerts (alert_id, case_id, finding_id, ordinal, action, severity, rules, disputed, degraded, state)
    values ('f-1', 'terminal-1', 'f-1', 0, 'review', 'high', '["R11"]', false, false, 'standing')`;

it("cases of an earlier release get theirs from what that kept", async () => {
  const folder = mkdtempSync(join(tmpdir(), "kadun-regions-"));
  const earlier = join(folder, "migrations");
  for (const name of readdirSync(migrationsFolder))
    if (name < "016") cpSync(join(migrationsFolder, name), join(earlier, name));
  const database = await openPgliteDatabase({ path: await newDatabase(join(folder, "postgres")) });
  try {
    await migrate(database.dialect, earlier);
    const tables = new Kysely<AlertsTables>({ dialect: database.dialect });
    await sql.raw(EARLIER_ROWS).execute(tables);
    await migrate(database.dialect, migrationsFolder);
    const found = await tables.selectFrom("cases").select(["case_id", "region"]).orderBy("case_id").execute();
    expect(found).toEqual([
      { case_id: "known-1", region: "330100" },
      { case_id: "terminal-1", region: "341881" },
      { case_id: "unknown-1", region: "" },
    ]);
  } finally {
    await database.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

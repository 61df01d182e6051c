/** Persons whom no SMS reaches, from the task to phone them to its end, by whichever of their cases. */

import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { Kysely, sql } from "kysely";
import { lineSha256 } from "../../../platform/audit-log/audit-chain.js";
import { auditLines } from "../../../platform/audit-log/audit-log.js";
import { migrate } from "../../../platform/database/migrations.js";
import { openPgliteDatabase } from "../../../platform/database/pglite/pglite-database.js";
import { NATION } from "../../../schemas/console/access.js";
import { formatInstant } from "../../../schemas/instant.js";
import { readCase } from "../../../services/alerts/cases/case-detail.js";
import { queueItems } from "../../../services/alerts/queue/queue-items.js";
import type { SmsTables } from "../../../services/alerts/sms/sms-tables.js";
import { newDatabase } from "../../support/new-database.js";
import { MINUTE_MS } from "../../support/records.js";
import { AlertsDesk, migrationsFolder } from "../alerts-desk.js";
import { at, entries, OTHER_PERSON, PERSON, rejected } from "../outcome-records.js";
import { SmsDesk } from "../sms/sms-desk.js";
import { CaseDesk } from "./case-desk.js";

const CASE = `${PERSON}-1`;
const reached = { kind: "phoned", outcome: "reached", note: null } as const;
const notReached = { kind: "phoned", outcome: "not-reached", note: "nobody answers before noon" } as const;

let desk: AlertsDesk;
let people: CaseDesk;
let sms: SmsDesk;
beforeAll(async () => {
  desk = await AlertsDesk.open();
});
beforeEach(() => {
  people = new CaseDesk(desk);
  sms = new SmsDesk(desk);
});
afterEach(() => desk.empty());
afterAll(() => desk.close());

const tasks = () => desk.tables.selectFrom("sms_escalations").selectAll().orderBy("created_at").execute();

/** Since when the person is to be phoned, as the case says, and whether the queue says so too. */
async function toBePhoned(caseId = CASE) {
  const found = await readCase(desk.database, { caseId, scope: NATION, nowMs: sms.nowMs });
  const [item] = await queueItems(desk.tables, [caseId], sms.nowMs);
  expect(item?.isToBePhoned).toBe(found?.openCall !== null);
  return found?.openCall?.since ?? null;
}

test.each([reached, notReached])(
  "a call, $outcome, ends the task: row, history and audit log",
  async (command) => {
    await desk.consume([rejected("s-1"), rejected("s-2", { personKey: OTHER_PERSON })]);
    await sms.unreached();
    await sms.unreached(OTHER_PERSON);
    expect(await toBePhoned()).toBe(formatInstant(sms.nowMs));
    people.nowMs += MINUTE_MS;
    const { outcome, note } = command;
    expect(await people.does(CASE, "wang", command)).toBe(1);
    expect(await toBePhoned()).toBeNull();
    expect(await toBePhoned(`${OTHER_PERSON}-1`)).not.toBeNull();
    const [done, other] = (await tasks()).sort((one) => (one.person_key === PERSON ? -1 : 1));
    expect(done).toMatchObject({ done_at: new Date(people.nowMs), done_by: "wang", outcome });
    expect(other).toMatchObject({ done_at: null, done_by: null, outcome: null });
    const detail = { version: 1, callId: done!.escalation_id, outcome };
    expect(await desk.tables.selectFrom("case_history").selectAll().execute()).toMatchObject([
      { case_id: CASE, actor: "wang", action: "phoned", detail, reason: note },
    ]);
    // What was said stands in the case; the chain holds what it can be proven by.
    const [line] = await auditLines(desk.tables, { afterSeq: 0, limit: 2 });
    expect(JSON.parse(line!)).toMatchObject({ action: "case.phoned", actor: "wang", detail });
    if (note !== null) expect(JSON.parse(line!).detail.reasonSha256).toBe(lineSha256(note));
    expect(line).not.toContain("noon");
    expect((await sql`select record_id from journal_outbox`.execute(desk.tables)).rows).toEqual([]);
  },
);

test("nobody is phoned where nobody has to be, or was already", async () => {
  await desk.consume([rejected("s-1")]);
  expect(await people.does(CASE, "lin", reached)).toBe("NO_CALL_OPEN");
  await sms.unreached();
  expect(await people.does(CASE, "lin", reached)).toBe(1);
  expect(await people.does(CASE, "wang", notReached)).toBe("NO_CALL_OPEN");
  expect(await tasks()).toMatchObject([{ done_by: "lin", outcome: "reached" }]);
});

test("of two who phoned the second is told what changed meanwhile, and the first one's outcome stays", async () => {
  await desk.consume([rejected("s-1")]);
  await sms.unreached();
  await people.change({ caseId: CASE, actor: "lin", version: 0, command: notReached });
  const second = await people.change({ caseId: CASE, actor: "wang", version: 0, command: reached });
  expect(second).toMatchObject({
    kind: "refused",
    code: "CONFLICT",
    detail: expect.stringContaining("1: phoned by lin"),
  });
  expect(await tasks()).toMatchObject([{ done_by: "lin", outcome: "not-reached" }]);
});

test("from two cases of one person at once, one ends the task", async () => {
  const all = entries([rejected("s-1"), rejected("s-2", { occurredAt: at(90) })]);
  await desk.consumeEntries(all.slice(0, 1));
  await people.close(CASE);
  await desk.consumeEntries(all);
  await sms.unreached();
  const results = await Promise.all([
    people.does(CASE, "lin", reached),
    people.does(`${PERSON}-2`, "wang", notReached),
  ]);
  expect(results.filter((result) => result === "NO_CALL_OPEN")).toHaveLength(1);
  const outcome = results[0] === "NO_CALL_OPEN" ? "not-reached" : "reached";
  expect(await tasks()).toMatchObject([{ outcome }]);
  expect([await toBePhoned(), await toBePhoned(`${PERSON}-2`)]).toEqual([null, null]);
});

test("SMS that fail after the call ask for another one, those of before do not", async () => {
  await desk.consume([rejected("s-1")]);
  await sms.unreached();
  people.nowMs = sms.nowMs + MINUTE_MS;
  await people.does(CASE, "lin", reached);
  expect(await tasks()).toHaveLength(1);
  sms.later(24 * 60 + 1);
  await sms.unreached();
  expect(await toBePhoned()).toBe(formatInstant(sms.nowMs));
  expect(await people.does(CASE, "lin", notReached)).toBe(2);
  expect((await tasks()).map(({ outcome }) => outcome)).toEqual(["reached", "not-reached"]);
});

test("tasks that were done before an outcome was kept count as not reached; every later one has its outcome", async () => {
  const folder = mkdtempSync(join(tmpdir(), "kadun-calls-"));
  const earlier = join(folder, "migrations");
  for (const name of readdirSync(migrationsFolder))
    if (name < "027") cpSync(join(migrationsFolder, name), join(earlier, name));
  const database = await openPgliteDatabase({ path: await newDatabase(join(folder, "postgres")) });
  try {
    await migrate(database.dialect, earlier);
    const tables = new Kysely<SmsTables>({ dialect: database.dialect });
    await sql.raw(EARLIER_ROWS).execute(tables);
    await migrate(database.dialect, migrationsFolder);
    const found = await tables
      .selectFrom("sms_escalations")
      .select(["escalation_id", "outcome"])
      .orderBy("escalation_id")
      .execute();
    expect(found).toEqual([
      { escalation_id: "done", outcome: "not-reached" },
      { escalation_id: "open", outcome: null },
    ]);
    for (const set of ["done_at = now(), done_by = 'lin'", "outcome = 'reached'", "outcome = 'perhaps'"])
      await expect(
        sql.raw(`update sms_escalations set ${set} where escalation_id = 'open'`).execute(tables),
      ).rejects.toThrow(/check constraint/);
  } finally {
    await database.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

const EARLIER_ROWS = `
  insert into sms (sms_id, person_key, template, text, status, created_at) values ('a', 'p', 'rejected', '', 'failed', now());
  insert into sms_escalations (escalation_id, person_key, kind, sms_id, created_at, done_at, done_by) values
    ('done', 'p', 'phone-call', 'a', now(), now(), 'lin'), ('open', 'p', 'phone-call', 'a', now(), null, null)`;

/** Work on cases in the database: versions, four eyes, audit log, what the journal is told. */

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { sql } from "kysely";
import { lineSha256, NO_LINE } from "../../../platform/audit-log/audit-chain.js";
import { auditLines } from "../../../platform/audit-log/audit-log.js";
import { rawFeedback } from "../../../schemas/raw.js";
import { PROPOSAL_EXPIRES_AFTER_MS } from "../../../services/alerts/cases/case-change.js";
import { emptyAlerts, endAlertsRebuild } from "../../../services/alerts/empty-tables.js";
import { AlertsDesk } from "../alerts-desk.js";
import { challenged, entries, PERSON, rejected, reviewed, revision } from "../outcome-records.js";
import { CaseDesk } from "./case-desk.js";

const CASE = `${PERSON}-1`;
let desk: AlertsDesk;
let people: CaseDesk;
beforeAll(async () => {
  desk = await AlertsDesk.open();
});
beforeEach(() => {
  people = new CaseDesk(desk);
});
afterEach(async () => {
  await endAlertsRebuild(desk.database);
  await desk.empty();
});
afterAll(() => desk.close());

async function audited() {
  const lines = await auditLines(desk.tables, { afterSeq: 0, limit: 100 });
  return lines.map((line) => JSON.parse(line));
}

async function stateOf(caseId = CASE) {
  const { rows } = await sql<{ text: string }>`
    select state || ' ' || version || ' ' || coalesce(assignee, '-') as text from case_work where case_id = ${caseId}`.execute(
    desk.tables,
  );
  return rows[0]?.text ?? null;
}

async function told() {
  const { rows } = await sql<{ body: string }>`select body from journal_outbox order by place`.execute(
    desk.tables,
  );
  return rows.map(({ body }) => rawFeedback.parse(JSON.parse(body)));
}

describe("a change", () => {
  it("is one version more, an entry in the audit log and a line of the case's history", async () => {
    await desk.consume([rejected("s-1")]);
    expect(await people.take(CASE)).toBe(1);
    expect(await people.move(CASE, "triage")).toBe(2);
    expect(await people.does(CASE, "wang", { kind: "note", text: "holder is called back on Monday" })).toBe(
      3,
    );
    expect(await people.does(CASE, "wang", { kind: "strike-note", noteId: 1, reason: "wrong case" })).toBe(4);
    expect(await stateOf()).toBe("triage 4 lin");
    const entries = await audited();
    expect(entries.map(({ action, actor }) => `${action} ${actor}`)).toEqual([
      "case.assigned lin",
      "case.moved lin",
      "case.noted wang",
      "case.note-struck wang",
    ]);
    const history = await desk.tables.selectFrom("case_history").selectAll().orderBy("version").execute();
    expect(history.map(({ version, audit_seq }) => [version, audit_seq])).toEqual(
      entries.map(({ seq }) => [seq, seq]),
    );
    // The words themselves are in no chain that is published.
    expect(JSON.stringify(entries)).not.toMatch(/Monday|wrong case|looked into/);
    expect(entries[1].detail.reasonSha256).toBe(lineSha256("looked into"));
    expect(entries[0].previousSha256).toBe(NO_LINE);
  });

  it("of two on one version the second is told what changed meanwhile, and changes nothing", async () => {
    await desk.consume([rejected("s-1")]);
    await people.take(CASE);
    const note = { caseId: CASE, version: 1, command: { kind: "note", text: "first" } } as const;
    const results = await Promise.all([
      people.change({ ...note, actor: "lin" }),
      people.change({ ...note, actor: "wang" }),
    ]);
    expect(results.filter(({ kind }) => kind === "changed")).toHaveLength(1);
    const conflict = results.find(({ kind }) => kind === "refused");
    expect(conflict).toMatchObject({
      code: "CONFLICT",
      detail: expect.stringMatching(/^version 1 was seen, it is 2 now \(2: noted by (lin|wang) at 2026-/),
    });
    expect(await desk.tables.selectFrom("case_notes").selectAll().execute()).toHaveLength(1);
    expect(await audited()).toHaveLength(2);
  });

  it("is refused for a case that is not there, a person who is not there, and while cases are made again", async () => {
    await desk.consume([rejected("s-1")]);
    expect(await people.take(`${PERSON}-9`)).toBe("NOT_FOUND");
    expect(await people.take(CASE, "nobody")).toBe("PERSON_UNKNOWN");
    await emptyAlerts(desk.database);
    expect(await people.take(CASE)).toBe("REBUILDING");
    expect(await audited()).toEqual([]);
  });
});

describe("four eyes", () => {
  it("one proposes, another approves, and the journal is told of every rule that stands", async () => {
    const withdrawn = challenged("s-2");
    await desk.consume([
      rejected("s-1"),
      withdrawn,
      revision(withdrawn, 1, { action: "approve", reasons: [] }),
      reviewed("s-3"),
    ]);
    await people.take(CASE);
    await people.move(CASE, "investigating");
    expect(await people.move(CASE, "confirmed")).toBe(3);
    expect(await stateOf()).toBe("investigating 3 lin");
    expect(await people.approve(CASE, 1, "lin")).toBe("SAME_PERSON");
    expect(await told()).toEqual([]);
    expect(await people.approve(CASE)).toBe(4);
    expect(await stateOf()).toBe("confirmed 4 lin");
    // R09 was withdrawn by the revision.
    expect((await told()).map(({ rule, verdict, personKey }) => [rule, verdict, personKey])).toEqual([
      ["R01", "confirmed", PERSON],
      ["R13", "confirmed", PERSON],
    ]);
    expect((await audited()).at(-1)).toMatchObject({
      action: "case.approved",
      actor: "wang",
      detail: { proposedBy: "lin", from: "investigating", to: "confirmed", feedback: 2 },
    });
  });

  it("the journal is told of the rules that were named, and of none where the case is only closed", async () => {
    await desk.consume([rejected("s-1"), challenged("s-2")]);
    await people.take(CASE);
    await people.move(CASE, "triage");
    const clearing = { kind: "move", to: "cleared", reason: "his own", rules: ["R09"] } as const;
    await people.does(CASE, "lin", clearing);
    await people.approve(CASE);
    expect((await told()).map(({ rule, verdict }) => [rule, verdict])).toEqual([["R09", "honest"]]);
    await people.move(CASE, "closed");
    await people.approve(CASE, 2);
    expect(await stateOf()).toBe("closed 6 lin");
    expect(await told()).toHaveLength(1);
  });

  it("a proposal that nobody decides expires; another takes its place", async () => {
    await desk.consume([rejected("s-1")]);
    await people.take(CASE);
    await people.move(CASE, "triage");
    await people.move(CASE, "cleared");
    expect(await people.move(CASE, "cleared")).toBe("PROPOSAL_OPEN");
    people.nowMs += PROPOSAL_EXPIRES_AFTER_MS;
    expect(await people.approve(CASE)).toBe("PROPOSAL_EXPIRED");
    expect(await people.move(CASE, "cleared")).toBe(4);
    const proposals = await desk.tables
      .selectFrom("case_proposals")
      .selectAll()
      .orderBy("proposal_id")
      .execute();
    expect(proposals.map(({ status }) => status)).toEqual(["expired", "open"]);
  });

  it("what was proposed of fewer alerts, or by somebody who is not there any more, is not approved", async () => {
    await desk.consumeEntries(entries([rejected("s-1")]));
    await people.take(CASE);
    await people.move(CASE, "triage");
    await people.move(CASE, "cleared");
    people.active.delete("lin");
    expect(await people.approve(CASE)).toBe("PROPOSER_REVOKED");
    people.active.add("lin");
    await desk.consumeEntries(entries([rejected("s-1"), rejected("s-2")]));
    expect(await people.approve(CASE)).toBe("CASE_GREW");
    expect(await people.does(CASE, "wang", { kind: "reject", proposalId: 1, reason: "new alerts" })).toBe(4);
    expect(await stateOf()).toBe("triage 4 lin");
  });

  it("a case with an open appeal is not closed", async () => {
    await desk.consume([rejected("s-1")]);
    await people.take(CASE);
    await people.move(CASE, "triage");
    people.openAppealId = "appeal-1";
    expect(await people.move(CASE, "closed")).toBe("APPEAL_OPEN");
  });
});

/** Appeals in the database: what the holder does, what follows, who sees what. */

import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { sql } from "kysely";
import { auditLines } from "../../../platform/audit-log/audit-log.js";
import { NATION } from "../../../schemas/console/access.js";
import { nationalAppeal, nationalAppealOf } from "../../../schemas/national/appeal-out.js";
import { REQUESTS } from "../../../schemas/national/requests.js";
import { reversalRequest } from "../../../schemas/national/reversal-out.js";
import type { AppealNotice } from "../../../services/alerts/appeals/appeal-changes.js";
import { openAppealOf } from "../../../services/alerts/appeals/appeal-store.js";
import { openHolderDeadlines } from "../../../services/alerts/appeals/holder-deadlines.js";
import type { PaperContent } from "../../../services/alerts/appeals/paper-content.js";
import {
  handOverReversals,
  REVERSALS_PER_PAGE,
  reversalPage,
  reversalsToHandOver,
} from "../../../services/alerts/appeals/reversal-list.js";
import { decision, OTHER_PERSON, PERSON, rejected } from "../outcome-records.js";
import { FIRST, FOURTH, THIRD } from "./appeal-events.js";
import {
  AppealsWorld,
  BANK_ACCOUNT,
  CASE,
  decisionIdOf,
  msgidOf,
  problem,
  STATEMENT,
  threeSwipes,
  view,
} from "./appeals-world.js";

const [A, B, C] = [1, 2, 3].map(decisionIdOf) as [string, string, string];
let world: AppealsWorld;

async function listedOf(tables: AppealsWorld["changes"]["tables"], withHandedOver: boolean) {
  const { reversals, after } = await reversalPage(tables, { scope: NATION, withHandedOver, after: null });
  expect(after).toBeNull();
  return reversals;
}

beforeAll(async () => {
  world = await AppealsWorld.open();
});
beforeEach(async () => {
  const { desk, notices } = world;
  await desk.empty();
  await sql`truncate appeals, appeal_events, appeal_secrets, appeal_documents, appeal_papers, appeal_escalations,
    appeal_reversals, journal_outbox, audit_log restart identity`.execute(desk.tables);
  notices.length = 0;
  world.reports = [];
  world.nowMs = Date.parse("2026-03-02T09:00:00.000+08:00");
  await desk.consume(threeSwipes());
});
afterAll(() => world.desk.close());

describe("a draft", () => {
  it("is opened once for a case, and is the holder's alone", async () => {
    const { appealId, number, state } = view(await world.holder.open(PERSON, CASE));
    expect([number, state]).toEqual(["SS2026000001", "draft"]);
    expect(view(await world.holder.open(PERSON, CASE)).appealId).toBe(appealId);
    expect(problem(await world.holder.open(OTHER_PERSON, CASE))).toBe("UNKNOWN");
    expect(problem(await world.holder.open(PERSON, "no-such-case"))).toBe("UNKNOWN");
    expect(await world.holder.find(OTHER_PERSON, appealId)).toBeNull();
    expect(problem(await world.holder.save(OTHER_PERSON, appealId, { hasAgent: true }))).toBe("UNKNOWN");
    expect(problem(await world.holder.withdraw(OTHER_PERSON, appealId, "w"))).toBe("UNKNOWN");
    expect(await world.holder.list(OTHER_PERSON)).toEqual([]);
  });

  it("keeps what is not given again, and shows the account by its last four", async () => {
    const { appealId } = await world.draft();
    const saved = view(await world.holder.save(PERSON, appealId, { hasAgent: true }));
    expect(saved).toMatchObject({ statement: STATEMENT, bankAccountTail: "3445", hasAgent: true });
    expect(saved.swipes.map(({ decisionId }) => decisionId)).toEqual([A, B]);
  });

  it("lies in the database without statement, account and document in the clear", async () => {
    await world.draft();
    const { rows } = await sql<{ text: string }>`
      select string_agg(t::text, ' ') as text from (
        select to_jsonb(e)::text as t from appeal_events e union all select encode(sealed, 'escape') from appeal_secrets
        union all select encode(sealed, 'escape') from appeal_documents union all select line from audit_log) all_rows`.execute(
      world.desk.tables,
    );
    expect(rows[0]!.text).toContain("draft-saved");
    for (const secret of [BANK_ACCOUNT, STATEMENT, "JPEG"]) expect(rows[0]!.text).not.toContain(secret);
  });

  it("does not claim another person's swipe, nor one that was taken back", async () => {
    const { appealId } = await world.draft();
    const foreign = decision("other", { personKey: OTHER_PERSON });
    const cancel = decision("cancel-2", { kind: "cancel", swipe: { originalEventId: msgidOf(2) } });
    await world.desk.consume([...threeSwipes(), foreign, cancel]);
    for (const swipe of [foreign.decisionId, B])
      expect(problem(await world.holder.save(PERSON, appealId, { swipes: [swipe] }))).toBe("SWIPE_UNKNOWN");
    expect(problem(await world.holder.submit(PERSON, appealId, "s"))).toBe("SWIPE_UNKNOWN");
  });

  it("forgets the content of a document that is removed", async () => {
    const { appealId, documents } = await world.draft();
    const after = view(await world.holder.removeDocument(PERSON, appealId, documents[0]!.documentId));
    expect(after.documents).toEqual([]);
    expect(await world.changes.tables.selectFrom("appeal_documents").selectAll().execute()).toEqual([]);
    expect(problem(await world.holder.removeDocument(PERSON, appealId, documents[0]!.documentId))).toBe(
      "DOCUMENT_UNKNOWN",
    );
  });
});

describe("a submitted appeal", () => {
  it("is one however often it is sent, and stands in the way of closing the case", async () => {
    const { appealId, version } = await world.submitted();
    expect(view(await world.holder.submit(PERSON, appealId, "submit-1")).version).toBe(version);
    const open = await world.desk.tables.transaction().execute((trx) => openAppealOf(trx, CASE));
    expect(open).toBe(appealId);
  });

  it("gets a paper with each step that needs one, numbered, with bytes that are the same again", async () => {
    const { appealId } = await world.submitted();
    await world.office(appealId, { type: "return", by: FIRST, what: "请补充身份证复印件" });
    expect((await world.holder.find(PERSON, appealId))!.papers).toEqual([]);
    expect(await world.papers.makeMissing()).toBe(1);
    view(await world.holder.supplement(PERSON, appealId, "s-1"));
    await world.office(appealId, { type: "accept", by: FIRST });
    expect(await world.papers.makeMissing()).toBe(1);
    const { papers } = (await world.holder.find(PERSON, appealId))!;
    expect(papers.map(({ title, number }) => [title, number])).toEqual([
      ["医保申诉补正通知书", "SS2026000001-BZ-1"],
      ["医保申诉受理通知书", "SS2026000001-SL-2"],
    ]);
    const file = await world.holder.paper(PERSON, appealId, papers[0]!.paperId);
    expect(Buffer.from(file!).toString()).toContain("请补充身份证复印件");
    expect(await world.holder.paper(OTHER_PERSON, appealId, papers[0]!.paperId)).toBeNull();
    await sql`update appeal_papers set sha256 = null, sealed = null`.execute(world.desk.tables);
    await world.papers.makeMissing();
    expect((await world.holder.find(PERSON, appealId))!.papers).toEqual(papers);
  });

  it("gets its other papers, and its deadlines are watched, where one cannot be made", async () => {
    const { appealId } = await world.submitted();
    await world.office(appealId, { type: "return", by: FIRST, what: "坏" });
    view(await world.holder.supplement(PERSON, appealId, "s-1"));
    await world.office(appealId, { type: "accept", by: FIRST });
    const { print } = world.press;
    Object.assign(world.press, {
      print: async (content: PaperContent) => {
        if (content.title.includes("补正")) throw new Error("no glyph");
        return print(content);
      },
    });
    await expect(world.papers.makeMissing()).rejects.toThrow("no glyph");
    const titles = async () => (await world.holder.find(PERSON, appealId))!.papers.map(({ title }) => title);
    expect(await titles()).toEqual(["医保申诉受理通知书"]);
    world.nowMs = Date.parse("2026-06-30T00:00:00.000+08:00");
    const stop = new AbortController();
    const running = world.rounds.run(stop.signal);
    for (let i = 0; i < 100 && !world.notices.some(isDelay); i++)
      await new Promise((resolve) => setTimeout(resolve, 20));
    stop.abort();
    await running;
    expect(world.notices.some(isDelay)).toBe(true);
    Object.assign(world.press, { print });
    await world.papers.makeMissing();
    await world.papers.makeMissing();
    expect((await titles()).length).toBe(2);
  });

  const isDelay = ({ situation }: AppealNotice) => situation === "appeal-delayed";

  it("refuses who changes what has changed meanwhile", async () => {
    const { appealId, version } = await world.submitted();
    expect(await world.office(appealId, { type: "accept", by: FIRST }, version)).toBeNull();
    expect(await world.office(appealId, { type: "return", by: FIRST, what: "x" }, version)).toBe("CONFLICT");
  });

  it("tells the holder what happens, with the date by which to act", async () => {
    const { appealId } = await world.submitted();
    await world.office(appealId, { type: "return", by: FIRST, what: "补" });
    expect(world.notices).toMatchObject([
      { situation: "appeal-received", personKey: PERSON, dueMs: Date.parse("2026-03-10T00:00:00.000+08:00") },
      { situation: "appeal-needs-more", caseId: CASE, dueMs: Date.parse("2026-03-24T00:00:00.000+08:00") },
    ]);
  });

  it("lets two at once through one after the other, of whom one is refused", async () => {
    const { appealId } = await world.submitted();
    const both = [FIRST, FOURTH].map((by) => world.office(appealId, { type: "accept", by }));
    expect((await Promise.all(both)).sort()).toEqual(["NOT_IN_THIS_STATE", null]);
  });
});

describe("a decision", () => {
  it("tells the journal which rules were right and which swipes were the holder's own, once", async () => {
    await world.desk.consume([
      ...threeSwipes(),
      rejected(msgidOf(4), { reasons: [{ ...rejected("x").reasons[0]!, rule: "R13" }] }),
    ]);
    await world.decided({ [A]: "upheld", [decisionIdOf(4)]: "rejected" }, [decisionIdOf(4)]);
    const rows = await world.desk.tables
      .selectFrom("journal_outbox" as never)
      .selectAll()
      .execute();
    const bodies = (rows as { body: string }[]).map(({ body }) => JSON.parse(body));
    expect(bodies.map(({ personKey, rule, verdict }) => [personKey, rule, verdict])).toEqual(
      expect.arrayContaining([
        [PERSON, "R01", "confirmed"],
        [PERSON, "R13", "honest"],
      ]),
    );
    expect(bodies).toHaveLength(2);
  });

  it("says nothing to the journal of a swipe that was rejected for another reason", async () => {
    await world.decided({ [A]: "rejected" });
    expect(
      await world.desk.tables
        .selectFrom("journal_outbox" as never)
        .selectAll()
        .execute(),
    ).toEqual([]);
  });

  it("asks for the reversal of what is upheld, in the national message's shape, handed over once", async () => {
    await world.decided({ [A]: "upheld", [B]: "rejected" });
    const { tables } = world.changes;
    const listed = await listedOf(tables, false);
    expect(listed).toMatchObject([{ decisionId: A, status: "to-hand-over", totalFen: 48_000 }]);
    const request = reversalRequest.parse(listed[0]!.request);
    expect(request.input.data).toEqual({ omsgid: msgidOf(1), oinfno: "2102" });
    const whole = {
      infno: request.infno,
      msgid: msgidOf(9),
      inf_time: "2026-05-01 10:00:00",
      fixmedins_code: "P34180000001",
      input: { data: { psn_no: "330100000001", ...request.input.data } },
    };
    expect(REQUESTS["2601"].safeParse(whole).error?.issues).toBeUndefined();
    const by = { scope: NATION, at: "2026-05-01T10:00:00.000+08:00", by: THIRD };
    expect(await handOverReversals(tables, by)).toHaveLength(1);
    expect(await handOverReversals(tables, by)).toEqual([]);
    expect(await listedOf(tables, false)).toEqual([]);
    expect(await listedOf(tables, true)).toMatchObject([{ status: "handed-over" }]);
  });

  it("hands over nothing that the institution has taken back meanwhile", async () => {
    await world.decided({ [A]: "upheld" });
    const back = decision("cancel-1", { kind: "reverse", swipe: { originalEventId: msgidOf(1) } });
    await world.desk.consume([...threeSwipes(), back]);
    const { tables } = world.changes;
    expect(await listedOf(tables, false)).toMatchObject([{ status: "undone" }]);
    expect(
      await handOverReversals(tables, { scope: NATION, at: "2026-05-01T10:00:00.000+08:00", by: THIRD }),
    ).toEqual([]);
    // Of what is handed over it takes no place: of a thousand such nothing else would ever go.
    expect(await reversalsToHandOver(tables, NATION)).toEqual([]);
  });

  it("lists reversals page by page, the oldest first, each once", async () => {
    const numbers = Array.from({ length: REVERSALS_PER_PAGE + 2 }, (_, index) => index + 1);
    await world.desk.consume(numbers.map((n) => rejected(msgidOf(n))));
    await world.decided(Object.fromEntries(numbers.map((n) => [decisionIdOf(n), "upheld" as const])));
    const { tables } = world.changes;
    const asked = { scope: NATION, withHandedOver: true };
    const first = await reversalPage(tables, { ...asked, after: null });
    const second = await reversalPage(tables, { ...asked, after: first.after });
    expect([first.reversals.length, second.reversals.length, second.after]).toEqual([
      REVERSALS_PER_PAGE,
      2,
      null,
    ]);
    const ids = [...first.reversals, ...second.reversals].map(({ decisionId }) => decisionId);
    expect(new Set(ids)).toEqual(new Set(numbers.map(decisionIdOf)));
    expect((await reversalPage(tables, { ...asked, scope: ["99"], after: null })).reversals).toEqual([]);
  });

  it("leaves it open which transaction a hospital's settlement was, where its kind of visit is not known", async () => {
    const clinic = (n: number, visitKind?: string) =>
      decision(msgidOf(n), {
        swipe: { institutionKind: "hospital", ...(visitKind !== undefined && { visitKind }) },
      });
    await world.desk.consume([...threeSwipes(), clinic(4), clinic(5, "11"), clinic(6, "21")]);
    await world.decided(Object.fromEntries([4, 5, 6].map((n) => [decisionIdOf(n), "upheld" as const])));
    const listed = await listedOf(world.changes.tables, false);
    expect(listed.map(({ status, request }) => [status, request?.input.data.oinfno])).toEqual([
      ["unclear", undefined],
      ["to-hand-over", "2207"],
      ["to-hand-over", "2304"],
    ]);
  });

  it("is reconsidered by others, adds a reversal, and closes the appeal", async () => {
    const { appealId } = await world.decided({ [A]: "upheld", [B]: "rejected" });
    view(
      await world.holder.askReconsideration(PERSON, appealId, { requestId: "again", reasons: "还有一笔" }),
    );
    const outcomes = { [A]: "upheld", [B]: "upheld" } as const;
    const command = { type: "reconsider", outcomes, own: [], reasons: "改为支持" } as const;
    expect(await world.office(appealId, { ...command, by: THIRD })).toBe("DECIDED_ALREADY_BY_YOU");
    expect(await world.office(appealId, { ...command, by: FOURTH })).toBeNull();
    const closed = (await world.holder.find(PERSON, appealId))!;
    expect([closed.state, closed.decision?.result]).toEqual(["closed", "upheld"]);
    expect(await listedOf(world.changes.tables, false)).toHaveLength(2);
    const again = view(await world.holder.open(PERSON, CASE));
    expect(again.appealId).not.toBe(appealId);
  });

  it("says what the holder can do, by when", async () => {
    const { decision: made } = await world.decided({ [A]: "upheld" });
    expect(made!.remedies).toEqual([
      "对本决定不服的，可以在2026年5月1日前（含当日）申请复议；复议由未参与原决定的人员办理。",
      "也可以在2026年9月2日前（含当日）依法向人民法院提起诉讼。",
    ]);
  });

  it("is exported for 3701 to 3704 without the holder's own words", async () => {
    const appeal = await world.decided({ [A]: "upheld", [C]: "rejected" });
    const exported = nationalAppeal.parse(nationalAppealOf(appeal, PERSON));
    expect(exported["3702"].totalFen).toBe(96_000);
    expect(exported["3703"]?.outcomes).toHaveLength(2);
    expect(JSON.stringify(exported)).not.toMatch(/卡一直在家中|回执\.jpg|3445/);
  });

  it("stands in the audit log with every event before it", async () => {
    await world.decided({ [A]: "upheld" });
    const lines = await auditLines(world.desk.tables, { afterSeq: 0, limit: 100 });
    expect(lines.map((line) => JSON.parse(line)).map(({ action, actor }) => `${action} ${actor}`)).toEqual([
      "appeal.opened holder",
      "appeal.document-added holder",
      "appeal.draft-saved holder",
      "appeal.submitted holder",
      "appeal.accepted 张一",
      "appeal.first-reviewed 张一",
      "appeal.second-reviewed 李二",
      "appeal.investigated 李二",
      "appeal.decided 王三",
    ]);
  });
});

describe("a deadline that is missed", () => {
  it("is written down and told once, and again when another one is", async () => {
    const { appealId } = await world.submitted();
    expect(await world.rounds.watch()).toBe(0);
    world.nowMs = Date.parse("2026-03-10T00:00:00.000+08:00");
    expect(await world.rounds.watch()).toBe(1);
    expect(await world.rounds.watch()).toBe(0);
    expect(world.notices.map(({ situation }) => situation)).toEqual(["appeal-received", "appeal-delayed"]);
    await world.office(appealId, { type: "accept", by: FIRST });
    world.nowMs = Date.parse("2026-06-30T00:00:00.000+08:00");
    expect(await world.rounds.watch()).toBe(2);
    const rows = await world.changes.tables
      .selectFrom("appeal_escalations")
      .select("kind")
      .orderBy("kind")
      .execute();
    expect(rows.map(({ kind }) => kind)).toEqual(["acknowledge", "decision", "first-review"]);
  });

  it("is reminded of before, where it is the holder's, with the case's code", async () => {
    const { appealId } = await world.submitted();
    expect(await openHolderDeadlines(world.changes)).toEqual([]);
    await world.office(appealId, { type: "return", by: FIRST, what: "补" });
    const dueAtMs = Date.parse("2026-03-24T00:00:00.000+08:00");
    expect(await openHolderDeadlines(world.changes)).toEqual([
      {
        deadlineId: `${appealId}-supplement-${dueAtMs}`,
        personKey: PERSON,
        caseCode: expect.stringMatching(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/),
        dueAtMs,
      },
    ]);
    world.nowMs = dueAtMs;
    expect(await openHolderDeadlines(world.changes)).toEqual([]);
  });

  it("closes a decision that nobody disputed, and not a day before", async () => {
    const { appealId } = await world.decided({ [A]: "upheld" });
    world.nowMs = Date.parse("2026-05-01T23:59:00.000+08:00");
    await world.rounds.watch();
    expect((await world.holder.find(PERSON, appealId))!.state).toBe("decided");
    world.nowMs = Date.parse("2026-05-02T00:00:00.000+08:00");
    await world.rounds.watch();
    expect((await world.holder.find(PERSON, appealId))!.state).toBe("closed");
  });
});

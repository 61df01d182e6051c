/** `/v1/appeals` over HTTP: keys, what the office does, what it is refused; wired as processes wire it. */

import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { sql } from "kysely";
import {
  BANK_ACCOUNT,
  CASE,
  decisionIdOf,
  STATEMENT,
  threeSwipes,
  view,
} from "../../alerts/appeals/appeals-world.js";
import { PERSON } from "../../alerts/outcome-records.js";
import { ConsoleWorld } from "./console-world.js";

const [A, B] = [decisionIdOf(1), decisionIdOf(2)];
let world: ConsoleWorld;
let path: string;
beforeAll(async () => {
  world = await ConsoleWorld.open();
});
beforeEach(async () => {
  await sql`truncate appeals, appeal_events, appeal_secrets, appeal_documents, appeal_papers, appeal_escalations,
    appeal_reversals, journal_outbox restart identity`.execute(world.desk.tables);
  await world.empty();
  await world.desk.consume(threeSwipes());
  path = `/v1/appeals/${await submitted()}`;
});
afterAll(() => world.close());

async function submitted(): Promise<string> {
  const { holder } = world.appeals;
  const { appealId } = view(await holder.open(PERSON, CASE));
  const content = Buffer.from("JPEG");
  await holder.addDocument(PERSON, appealId, {
    kind: "police-receipt",
    name: "x.jpg",
    mediaType: "image/jpeg",
    content,
  });
  await holder.save(PERSON, appealId, { statement: STATEMENT, swipes: [A, B], bankAccount: BANK_ACCOUNT });
  return view(await holder.submit(PERSON, appealId, "s")).appealId;
}

it("lists to whoever runs the machine, and opens to people only", async () => {
  const { body } = await world.get("local", "/v1/appeals");
  expect(body.appeals).toMatchObject([{ number: "SS2026000001", state: "submitted", missed: [] }]);
  expect((await world.get("local", path)).body.code).toBe("KEY_INVALID");
  expect((await world.get(null, path)).body.code).toBe("KEY_MISSING");
  expect((await world.get("lin", path)).body).toMatchObject({
    statement: STATEMENT,
    bankAccountTail: "3445",
  });
  expect((await world.get("lin", "/v1/appeals/none")).body.code).toBe("NOT_FOUND");
  expect((await world.get("lin", "/v1/appeals?state=none")).body.code).toBe("BODY_INVALID");
});

it("lists with an appeal the deadlines that it missed, in their order, and no other appeal's", async () => {
  const appealId = path.slice("/v1/appeals/".length);
  await world.appeals.holder.withdraw(PERSON, appealId, "w");
  const other = await submitted();
  await sql`insert into appeal_escalations (appeal_id, kind, due_at, whose, is_uncertain, found_at) values
    (${appealId}, 'decision', '2026-03-20', 'office', false, '2026-03-21'),
    (${appealId}, 'acknowledge', '2026-03-05', 'office', false, '2026-03-21'),
    (${other}, 'first-review', '2026-03-10', 'office', false, '2026-03-21')`.execute(world.desk.tables);
  const { appeals } = (await world.get("lin", "/v1/appeals")).body;
  const missed = (appeals as { appealId: string; missed: string[] }[]).map((one) => [
    one.appealId,
    one.missed,
  ]);
  expect(Object.fromEntries(missed)).toEqual({
    [appealId]: ["acknowledge", "decision"],
    [other]: ["first-review"],
  });
});

it("shows no draft: it is the holder's alone", async () => {
  await world.appeals.holder.withdraw(PERSON, path.slice("/v1/appeals/".length), "w");
  const draft = view(await world.appeals.holder.open(PERSON, CASE));
  expect((await world.get("lin", `/v1/appeals/${draft.appealId}`)).body.code).toBe("NOT_FOUND");
});

describe("the course of an appeal", () => {
  const post = (who: string, address: string, body: object) => world.post(who, `${path}/${address}`, body);

  it("goes by two people to a decision that one of them proposes and the other confirms", async () => {
    const accepted = await post("lin", "acceptance", { version: 4 });
    expect(accepted).toMatchObject({ status: 200, body: { state: "first-review", version: 5 } });
    expect((await post("lin", "acceptance", { version: 4 })).body.code).toBe("CONFLICT");
    await post("lin", "reviews", { version: 5, opinion: "材料齐全" });
    expect(await post("lin", "reviews", { version: 6, opinion: "同意" })).toMatchObject({
      status: 403,
      body: { code: "SAME_PERSON" },
    });
    await post("wang", "reviews", { version: 6, opinion: "同意" });
    const decision = { outcomes: { [A]: "upheld", [B]: "rejected" }, own: [B], reasons: "经查明" };
    expect((await post("lin", "decision", { version: 7, ...decision })).body.code).toBe("NOT_INVESTIGATED");
    await post("wang", "findings", { version: 7, findings: "监控显示另有其人" });
    expect(
      (await post("lin", "decision", { version: 8, ...decision, outcomes: {}, own: [] })).body.code,
    ).toBe("OUTCOMES_INCOMPLETE");
    await post("lin", "decision", { version: 8, ...decision });
    expect((await post("lin", "confirmation", { version: 9 })).body.code).toBe("NEEDS_ANOTHER_PERSON");
    const decided = await post("wang", "confirmation", { version: 9 });
    expect(decided.body).toMatchObject({ state: "decided", decision: { result: "partly" } });
    expect(decided.body.history.at(-1)).toMatchObject({ type: "decided", by: ["lin", "wang"] });
    expect((await world.get("local", "/v1/reversals")).body.reversals).toMatchObject([{ decisionId: A }]);
    expect((await world.post("local", "/v1/reversals/hand-over", {})).body.code).toBe("KEY_INVALID");
    expect((await world.post("lin", "/v1/reversals/hand-over", {})).body.reversals).toHaveLength(1);
    expect((await world.post("lin", "/v1/reversals/hand-over", {})).body.reversals).toEqual([]);
  });

  it("tells the holder by SMS, in the ledger with the case's code", async () => {
    await post("lin", "return", { version: 4, what: "请补充委托书" });
    const rows = await world.desk.tables
      .selectFrom("sms")
      .select(["template", "text"])
      .where("template", "in", ["appeal-received", "appeal-needs-more", "appeal-decided"])
      .orderBy("template", "desc")
      .execute();
    expect(rows.map(({ template }) => template)).toEqual(["appeal-received", "appeal-needs-more"]);
    for (const { text } of rows) expect(text).toMatch(/编号[0-9A-Z]{4}-[0-9A-Z]{4}.*\d月\d+日/);
  });

  it("stands in the way of closing its case", async () => {
    await world.post("lin", `/v1/cases/${CASE}/assignment`, { version: 0 });
    await world.post("lin", `/v1/cases/${CASE}/transitions`, { version: 1, to: "investigating" });
    const cleared = { version: 2, to: "cleared", reason: "the holder's own" };
    const { body } = await world.post("lin", `/v1/cases/${CASE}/transitions`, cleared);
    const codes = [body.code];
    if (body.proposals?.length > 0) {
      await world.post("wang", `/v1/cases/${CASE}/proposals/1/approval`, { version: 3 });
      const closed = { version: 4, to: "closed", reason: "done" };
      codes.push((await world.post("lin", `/v1/cases/${CASE}/transitions`, closed)).body.code);
    }
    expect(codes).toContain("APPEAL_OPEN");
  });

  it("gives documents to people, and writes down who opened one", async () => {
    const [{ documentId }] = (await world.get("lin", path)).body.documents;
    const { body } = await world.get("wang", `${path}/documents/${documentId}`);
    expect(Buffer.from(body.base64, "base64").toString()).toBe("JPEG");
    const audit = await world.get("lin", "/v1/audit?after=0");
    expect(audit.body.lines.map((line: string) => JSON.parse(line)).at(-1)).toMatchObject({
      actor: "wang",
      action: "appeal.document-opened",
    });
  });
});

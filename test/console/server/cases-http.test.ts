/** `/v1/cases` over HTTP: keys, shapes, what people do and what they are refused. */

import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { sql } from "kysely";
import { formatInstant } from "../../../schemas/instant.js";
import { challenged, OTHER_PERSON, PERSON, rejected } from "../../alerts/outcome-records.js";
import { SmsDesk } from "../../alerts/sms/sms-desk.js";
import { START_MS } from "../../support/records.js";
import { ConsoleWorld } from "./console-world.js";

const CASE = `/v1/cases/${PERSON}-1`;
let world: ConsoleWorld;
beforeAll(async () => {
  world = await ConsoleWorld.open();
});
afterEach(() => world.empty());
afterAll(() => world.close());

describe("keys", () => {
  it("without one nothing is told, not even whether an address exists", async () => {
    for (const path of ["/v1/cases", CASE, "/v1/audit", "/v1/cases/none/at/all"])
      expect(await world.get(null, path)).toMatchObject({ status: 401, body: { code: "KEY_MISSING" } });
    expect(await world.get("kdp_wrong", CASE)).toMatchObject({ status: 401, body: { code: "KEY_INVALID" } });
  });

  it("the machine's own reads and decides nothing", async () => {
    await world.desk.consume([rejected("s-1")]);
    expect((await world.get("local", CASE)).status).toBe(200);
    expect(await world.post("local", `${CASE}/notes`, { version: 0, text: "x" })).toMatchObject({
      status: 401,
      body: { code: "KEY_INVALID" },
    });
  });

  it("addresses of others are left to them", async () => {
    for (const path of ["/v1/casesx", "/readyz", "/v1/evidence/keys"])
      expect((await world.get("lin", path)).status).toBe(418);
    expect(await world.get("lin", "/v1/cases/a/b/c")).toMatchObject({
      status: 404,
      body: { code: "NOT_FOUND" },
    });
  });
});

describe("a case", () => {
  it("is worked on by one, established by two, and told with everything that was done", async () => {
    await world.desk.consume([rejected("s-1"), challenged("s-2", { personKey: OTHER_PERSON })]);
    const taken = await world.post("lin", `${CASE}/assignment`, { version: 0 });
    expect(taken).toMatchObject({ status: 200, body: { version: 1, assignee: "lin", state: "new" } });
    await world.post("lin", `${CASE}/transitions`, { version: 1, to: "investigating" });
    const proposed = await world.post("lin", `${CASE}/transitions`, {
      version: 2,
      to: "confirmed",
      reason: "the holder was in another city",
    });
    expect(proposed.body).toMatchObject({
      state: "investigating",
      proposals: [{ proposalId: 1, status: "open", proposedBy: "lin" }],
    });
    const own = await world.post("lin", `${CASE}/proposals/1/approval`, { version: 3 });
    expect(own).toMatchObject({ status: 403, body: { code: "SAME_PERSON" } });
    const approved = await world.post("wang", `${CASE}/proposals/1/approval`, { version: 3 });
    expect(approved.body).toMatchObject({
      state: "confirmed",
      version: 4,
      alertList: [{ eventId: "s-1", rules: ["R01"] }],
      next: [
        { to: "investigating", secondPerson: true },
        { to: "closed", secondPerson: true, requires: ["no-open-appeal"] },
      ],
    });
    expect(approved.body.history.map(({ action }: { action: string }) => action)).toEqual([
      "assigned",
      "moved",
      "proposed",
      "approved",
    ]);
    const mine = await world.get("wang", "/v1/cases?state=confirmed&assignee=lin");
    expect(mine.body.cases.map(({ caseId }: { caseId: string }) => caseId)).toEqual([`${PERSON}-1`]);
    const fresh = await world.get("wang", "/v1/cases?state=new");
    expect(fresh.body.cases.map(({ caseId }: { caseId: string }) => caseId)).toEqual([`${OTHER_PERSON}-1`]);
  });

  it("that has changed since it was read is told so", async () => {
    await world.desk.consume([rejected("s-1")]);
    await world.post("lin", `${CASE}/assignment`, { version: 0 });
    expect(await world.post("wang", `${CASE}/notes`, { version: 0, text: "seen" })).toMatchObject({
      status: 409,
      body: { code: "CONFLICT", detail: expect.stringContaining("assigned by lin") },
    });
  });

  it("is taken over with a reason, and given to nobody who is not there", async () => {
    await world.desk.consume([rejected("s-1")]);
    await world.post("lin", `${CASE}/assignment`, { version: 0 });
    const given = (body: object) => world.post("wang", `${CASE}/assignment`, { version: 1, ...body });
    expect(await given({})).toMatchObject({ status: 409, body: { code: "ASSIGNED_TO_OTHER" } });
    expect(await given({ assignee: "nobody", reason: "leave" })).toMatchObject({
      status: 404,
      body: { code: "PERSON_UNKNOWN" },
    });
    expect(await given({ reason: "she is on leave" })).toMatchObject({
      body: { assignee: "wang", version: 2 },
    });
  });

  it("tells what the holder said of its swipes", async () => {
    const swipe = rejected("s-1");
    await world.desk.consume([swipe]);
    const { decisionId } = swipe;
    await sql`
      insert into citizen_answers (person_key, decision_id, case_id, answer, request_id, answered_at_ms)
      values (${PERSON}, ${decisionId}, ${`${PERSON}-1`}, 'not-mine', 'r-1', ${START_MS})`.execute(
      world.desk.tables,
    );
    const { body } = await world.get("lin", CASE);
    await sql`truncate citizen_answers`.execute(world.desk.tables);
    expect(body.answers).toEqual([{ decisionId, answer: "not-mine", answeredAt: formatInstant(START_MS) }]);
    expect(body.alertList).toMatchObject([{ decisionId }]);
  });

  it("keeps a note as it was written, struck out or not", async () => {
    await world.desk.consume([rejected("s-1")]);
    const text = `${"电话".repeat(1_999)}完。`;
    expect((await world.post("lin", `${CASE}/notes`, { version: 0, text })).status).toBe(200);
    const reason = "belongs to another case";
    const struck = await world.post("wang", `${CASE}/notes/1/strike`, { version: 1, reason });
    expect(struck.body.notes).toMatchObject([{ author: "lin", text, struck: { by: "wang", reason } }]);
  });
});

describe("a call to somebody whom no SMS reaches", () => {
  it("is shown by the case until somebody says what came of it, and then by its history", async () => {
    await world.desk.consume([rejected("s-1")]);
    const sms = new SmsDesk(world.desk);
    expect((await world.get("lin", CASE)).body.openCall).toBeNull();
    await sms.unreached();
    expect((await world.get("lin", CASE)).body.openCall).toEqual({ since: formatInstant(sms.nowMs) });
    const note = "本人已知悉，卡在身边。";
    const done = await world.post("lin", `${CASE}/call`, { version: 0, outcome: "reached", note });
    expect(done).toMatchObject({
      status: 200,
      body: {
        version: 1,
        openCall: null,
        history: [{ actor: "lin", action: "phoned", detail: { outcome: "reached" }, reason: note }],
      },
    });
    const { entries } = (await world.get("wang", `/v1/console${CASE.slice(3)}/timeline?kinds=work`)).body;
    expect(entries).toMatchObject([{ action: "phoned", detail: { outcome: "reached" }, reason: note }]);
    expect(await world.post("wang", `${CASE}/call`, { version: 0, outcome: "reached" })).toMatchObject({
      status: 409,
      body: { code: "CONFLICT", detail: expect.stringContaining("phoned by lin") },
    });
    expect(await world.post("wang", `${CASE}/call`, { version: 1, outcome: "reached" })).toMatchObject({
      status: 409,
      body: { code: "NO_CALL_OPEN" },
    });
  });

  it.each([
    { title: "no outcome", body: { version: 0 } },
    { title: "an outcome that is none", body: { version: 0, outcome: "busy" } },
    {
      title: "a note that is too long",
      body: { version: 0, outcome: "reached", note: "x".repeat(4_001) },
    },
  ])("stays open where $title is sent", async ({ body }) => {
    await world.desk.consume([rejected("s-1")]);
    await new SmsDesk(world.desk).unreached();
    expect(await world.post("lin", `${CASE}/call`, body)).toMatchObject({
      status: 400,
      body: { code: "BODY_INVALID" },
    });
    expect((await world.get("lin", CASE)).body).toMatchObject({ version: 0, openCall: {} });
  });
});

it.each([
  { title: "no JSON", body: "{" },
  { title: "another shape", body: { version: 0 } },
  { title: "a note that is too long", body: { version: 0, text: "x".repeat(4_001) } },
  { title: "fields that nobody knows", body: { version: 0, text: "x", caseId: "other" } },
])("a body with $title is refused and changes nothing", async ({ body }) => {
  await world.desk.consume([rejected("s-1")]);
  expect(await world.post("lin", `${CASE}/notes`, body)).toMatchObject({
    status: 400,
    body: { code: "BODY_INVALID" },
  });
  expect((await world.get("lin", CASE)).body.version).toBe(0);
});

it("a body that is too large, a state that is none and a case that is not there are refused", async () => {
  expect(await world.post("lin", `${CASE}/notes`, { version: 0, text: "x".repeat(70_000) })).toMatchObject({
    status: 413,
    body: { code: "BODY_TOO_LARGE" },
  });
  expect(await world.get("lin", "/v1/cases?state=guilty")).toMatchObject({ status: 400 });
  expect(await world.get("lin", CASE)).toMatchObject({ status: 404, body: { code: "NOT_FOUND" } });
  expect(await world.post("lin", `${CASE}/notes`, { version: 0, text: "x" })).toMatchObject({ status: 404 });
});

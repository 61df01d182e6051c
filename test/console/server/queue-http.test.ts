/** `/v1/console/queue` over HTTP: pages, filters, views, operations, and what is refused. */

import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { sql } from "kysely";
import {
  OPERATION_WAITS_MS,
  type QueueItem,
  type QueueView,
  VIEWS_MAX,
} from "../../../schemas/http/queue.js";
import {
  at,
  challenged,
  decision,
  OTHER_PERSON,
  PERSON,
  rejected,
  reviewed,
  revision,
} from "../../alerts/outcome-records.js";
import { ConsoleWorld } from "./console-world.js";

const QUEUE = "/v1/console/queue";
const OPERATIONS = `${QUEUE}/operations`;
const VIEWS = `${QUEUE}/views`;
const CASE = `${PERSON}-1`;
const OTHER_CASE = `${OTHER_PERSON}-1`;
const THIRD_PERSON = "33".repeat(16);

let world: ConsoleWorld;
beforeAll(async () => {
  world = await ConsoleWorld.open();
});
afterEach(async () => {
  await sql`truncate queue_operations, queue_views, case_codes, citizen_answers`.execute(world.desk.tables);
  await world.empty();
});
afterAll(() => world.close());

const idsOf = ({ body }: { readonly body: { readonly items: readonly QueueItem[] } }) =>
  body.items.map(({ caseId }) => caseId);

/** A critical case, a high one of a later swipe, a medium one of the latest. */
async function threeCases(): Promise<void> {
  await world.desk.consume([
    rejected("s-1", { occurredAt: at(0) }),
    challenged("s-2", { personKey: OTHER_PERSON, occurredAt: at(10), cardTail: "8877" }),
    reviewed("s-3", { personKey: THIRD_PERSON, occurredAt: at(20), swipe: { insuredRegion: "341800" } }),
  ]);
}

describe("a page", () => {
  it("has the most pressing case first, or the latest, each with what is to be known of it", async () => {
    await threeCases();
    const page = await world.get("lin", QUEUE);
    expect(idsOf(page)).toEqual([CASE, OTHER_CASE, `${THIRD_PERSON}-1`]);
    expect(idsOf(await world.get("lin", `${QUEUE}?sort=latest`))).toEqual(idsOf(page).reverse());
    expect(page.body).toMatchObject({ after: null, searchedTo: null });
    expect(page.body.items[0]).toMatchObject({
      subjectKind: "person",
      subject: PERSON,
      region: "330100",
      severity: "critical",
      action: "reject",
      rules: ["R01"],
      moneyAtRiskFen: 40_000,
      cardTails: ["1234"],
      institutions: [{ institutionId: "P33010600001", name: null }],
      institutionCount: 1,
      careRegions: ["330106"],
      alerts: 1,
      standing: 1,
      state: "new",
      assignee: null,
      version: 0,
      takeBy: at(60),
      decideBy: at(24 * 60),
      proposal: null,
      hasOpenAppeal: false,
      isToBePhoned: false,
      saidNotMine: false,
    });
  });

  it("goes on where the last one ended", async () => {
    await threeCases();
    const first = await world.get("lin", `${QUEUE}?limit=2`);
    expect(idsOf(first)).toEqual([CASE, OTHER_CASE]);
    const second = await world.get("lin", `${QUEUE}?limit=2&after=${first.body.after}`);
    expect(idsOf(second)).toEqual([`${THIRD_PERSON}-1`]);
    expect(second.body.after).toBeNull();
  });

  it.each([
    ["severity=high,medium", [OTHER_CASE, `${THIRD_PERSON}-1`]],
    ["action=challenge", [OTHER_CASE]],
    ["rule=R13", [`${THIRD_PERSON}-1`]],
    ["region=33", [CASE, OTHER_CASE]],
    ["region=3418", [`${THIRD_PERSON}-1`]],
    ["state=triage", []],
    ["assignee=none&severity=critical", [CASE]],
    ["assignee=me", []],
    ["text=8877", [OTHER_CASE]],
    ["text=K7M2-Q9XW", [OTHER_CASE]],
    ["text=k7m2-q9xw", [OTHER_CASE]],
    [`text=${PERSON}`, [CASE]],
    [`text=${CASE}`, [CASE]],
    ["institution=P33010600001&severity=critical", [CASE]],
    ["moneyMin=40001", []],
  ])("of %s has these", async (query, expected) => {
    await threeCases();
    await sql`insert into case_codes (case_id, code) values (${OTHER_CASE}, 'K7M2-Q9XW') on conflict (case_id)
      do update set code = excluded.code`.execute(world.desk.tables);
    expect(idsOf(await world.get("lin", `${QUEUE}?${query}`))).toEqual(expected);
    const { body } = await world.get("lin", `${QUEUE}/count?${query}`);
    expect(body).toEqual({ count: expected.length, isMore: false });
  });

  it("says what the holder said, what was withdrawn, and whose turn it is", async () => {
    const approvedLater = rejected("s-1");
    await world.desk.consume([approvedLater, revision(approvedLater, 1, { action: "approve", reasons: [] })]);
    await sql`insert into citizen_answers values (${PERSON}, ${approvedLater.decisionId}, ${CASE}, 'not-mine', 'r', 0)`.execute(
      world.desk.tables,
    );
    await world.post("lin", `/v1/cases/${CASE}/assignment`, { version: 0 });
    const { body } = await world.get("lin", `${QUEUE}?assignee=me`);
    // Nothing stands, so nothing is due.
    expect(body.items).toMatchObject([
      { assignee: "lin", standing: 0, saidNotMine: true, rules: ["R01"], takeBy: null, decideBy: null },
    ]);
  });

  it("a taken case is to be decided, a proposed one waits for the second person", async () => {
    await world.desk.consume([decision("s-0"), rejected("s-1")]);
    await world.post("lin", `/v1/cases/${CASE}/assignment`, { version: 0 });
    await world.post("lin", `/v1/cases/${CASE}/transitions`, { version: 1, to: "triage" });
    await world.post("lin", `/v1/cases/${CASE}/transitions`, { version: 2, to: "cleared", reason: "own" });
    const { body } = await world.get("wang", QUEUE);
    expect(body.items).toMatchObject([
      {
        state: "triage",
        takeBy: null,
        decideBy: at(24 * 60),
        proposal: { to: "cleared", proposedBy: "lin" },
      },
    ]);
  });

  it.each([
    "sort=money",
    "severity=worst",
    "rule=R09'; drop table cases",
    "region=3",
    "state=gone",
    "moneyMin=-1",
    "since=yesterday",
    "since=2026-13-45",
    "since=0001-01-01",
    "text=Wang",
    "limit=0",
    "limit=101",
    "after=high.1.a'b",
  ])("is refused where what is asked for is nothing: %s", async (query) => {
    expect(await world.get("lin", `${QUEUE}?${query}`)).toMatchObject({
      status: 400,
      body: { code: "QUERY_INVALID" },
    });
  });
});

describe("views", () => {
  const view = { name: "杭州 紧急", query: "severity=critical&region=3301", isShared: false };

  it("are one's own until they are shared, and one of a name", async () => {
    await world.post("lin", VIEWS, view);
    expect((await world.get("wang", VIEWS)).body.views).toEqual([]);
    const saved = await world.post("lin", VIEWS, { ...view, query: "severity=high", isShared: true });
    expect(saved.body.views).toMatchObject([{ name: view.name, query: "severity=high", isOwn: true }]);
    const [seen]: QueueView[] = (await world.get("wang", VIEWS)).body.views;
    expect(seen).toMatchObject({ owner: "lin", isOwn: false, name: view.name });
    expect(await world.ask("wang", "DELETE", `${VIEWS}/${seen!.viewId}`)).toMatchObject({
      status: 404,
      body: { code: "VIEW_UNKNOWN" },
    });
    expect((await world.ask("lin", "DELETE", `${VIEWS}/${seen!.viewId}`)).body).toEqual({ views: [] });
  });

  it("have a query that is one, and there are thirty of a person at most", async () => {
    for (const query of ["severity=worst", "text=Wang"])
      expect((await world.post("lin", VIEWS, { ...view, query })).body.code).toBe("QUERY_INVALID");
    for (let i = 0; i < VIEWS_MAX; i++) await world.post("lin", VIEWS, { ...view, name: `v${i}` });
    expect((await world.post("lin", VIEWS, view)).body.code).toBe("VIEWS_FULL");
    expect((await world.post("lin", VIEWS, { ...view, name: "v0" })).status).toBe(200);
  });
});

describe("an operation", () => {
  const asked = (versions: readonly number[], command: object) => ({
    cases: [CASE, OTHER_CASE].map((caseId, i) => ({ caseId, version: versions[i]! })),
    command,
  });

  async function ended(operationId: string) {
    for (;;) {
      const { body } = await world.get("lin", `${OPERATIONS}/${operationId}`);
      if (body.status !== "waiting" && body.status !== "running") return body;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  it("is done some seconds later, and tells of each case", async () => {
    await threeCases();
    await world.post("wang", `/v1/cases/${OTHER_CASE}/assignment`, { version: 0 });
    const { body } = await world.post("lin", OPERATIONS, asked([0, 0], { kind: "triage" }));
    expect(body).toMatchObject({ status: "waiting", command: "triage", cases: 2, results: [] });
    world.clock.advance(OPERATION_WAITS_MS);
    expect(await ended(body.operationId)).toMatchObject({
      status: "done",
      results: [
        { caseId: CASE, code: null },
        { caseId: OTHER_CASE, code: "CONFLICT" },
      ],
    });
    const mine = await world.get("lin", `${QUEUE}?assignee=me&state=triage`);
    expect(idsOf(mine)).toEqual([CASE]);
  });

  it("can be taken back by whoever asked for it, and by nobody else", async () => {
    await threeCases();
    const { body } = await world.post("lin", OPERATIONS, asked([0, 0], { kind: "assign" }));
    const one = `${OPERATIONS}/${body.operationId}`;
    expect(await world.get("wang", one)).toMatchObject({ status: 404, body: { code: "OPERATION_UNKNOWN" } });
    expect((await world.ask("wang", "DELETE", one)).status).toBe(404);
    expect((await world.ask("lin", "DELETE", one)).body).toMatchObject({ status: "taken-back" });
    expect(await world.ask("lin", "DELETE", one)).toMatchObject({
      status: 409,
      body: { code: "OPERATION_BEGUN" },
    });
    expect((await world.get("lin", OPERATIONS)).body.operations).toMatchObject([{ status: "taken-back" }]);
    expect((await world.get("wang", OPERATIONS)).body.operations).toEqual([]);
  });

  it("is of at most fifty cases, each once, and nobody's who has no name", async () => {
    const fifty = Array.from({ length: 51 }, (_, i) => ({ caseId: `c-${i}`, version: 0 }));
    for (const cases of [fifty, [], [fifty[0], fifty[0]]])
      expect((await world.post("lin", OPERATIONS, { cases, command: { kind: "triage" } })).body.code).toBe(
        "BODY_INVALID",
      );
    expect((await world.post("local", OPERATIONS, asked([0, 0], { kind: "triage" }))).body.code).toBe(
      "KEY_INVALID",
    );
  });
});

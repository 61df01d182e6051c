/** `/v1/console/audit` and `/v1/console/system` over HTTP, wired as processes wire them. */

import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { sql } from "kysely";
import type { Gateway } from "../../../cli/process/activation-client.js";
import { auditLogDesk } from "../../../cli/process/audit-log-desk.js";
import { SCANNED_MAX } from "../../../platform/audit-log/audit-search.js";
import { formatInstant } from "../../../schemas/instant.js";
import { OTHER_PERSON, PERSON, rejected } from "../../alerts/outcome-records.js";
import { ConsoleWorld } from "./console-world.js";

const CASE = `${PERSON}-1`;
const OTHER_CASE = `${OTHER_PERSON}-1`;
let world: ConsoleWorld;
beforeAll(async () => {
  world = await ConsoleWorld.open();
});
afterEach(() => world.empty());
afterAll(() => world.close());

const audit = (query: string) => world.get("lin", `/v1/console/audit${query}`);
const actionsOf = (lines: readonly string[]) => lines.map((line) => JSON.parse(line).action);

async function twoCases(): Promise<void> {
  await world.desk.consume([
    rejected("s-1"),
    rejected("s-2", { personKey: OTHER_PERSON, swipe: { insuredRegion: "310101" } }),
  ]);
}

async function worked(): Promise<void> {
  await twoCases();
  await world.post("lin", `/v1/cases/${CASE}/assignment`, { version: 0 });
  world.clock.advance(60_000);
  await world.post("wang", `/v1/cases/${OTHER_CASE}/assignment`, { version: 0 });
  world.clock.advance(60_000);
  await world.post("lin", `/v1/cases/${CASE}/notes`, { version: 1, text: "called" });
}

describe("entries of the audit log", () => {
  it("are found by who, what, of what and when, the latest first", async () => {
    const startMs = world.clock.now();
    await worked();
    expect(actionsOf((await audit("")).body.lines)).toEqual(["case.noted", "case.assigned", "case.assigned"]);
    expect(actionsOf((await audit("?actor=wang")).body.lines)).toEqual(["case.assigned"]);
    expect(actionsOf((await audit("?action=case.assigned")).body.lines)).toHaveLength(2);
    expect(actionsOf((await audit("?action=case.")).body.lines)).toHaveLength(3);
    expect((await audit("?action=sms.")).body).toEqual({ lines: [], before: null });
    expect(actionsOf((await audit(`?subject=case:${CASE}`)).body.lines)).toEqual([
      "case.noted",
      "case.assigned",
    ]);
    const second = encodeURIComponent(formatInstant(startMs + 60_000));
    expect(actionsOf((await audit(`?from=${second}`)).body.lines)).toHaveLength(2);
    expect(actionsOf((await audit(`?from=${second}&actor=lin`)).body.lines)).toEqual(["case.noted"]);
    expect(actionsOf((await audit(`?to=${second}`)).body.lines)).toHaveLength(1);
  });

  it("are given as they are hashed, page by page, each once", async () => {
    await entries(120);
    const seen: number[] = [];
    let before: number | null = null;
    do {
      const { body } = await audit(before === null ? "?actor=a" : `?actor=a&before=${before}`);
      seen.push(...body.lines.map((line: string) => JSON.parse(line).seq));
      before = body.before;
    } while (before !== null);
    expect(seen).toEqual(Array.from({ length: 60 }, (_, i) => 119 - 2 * i));
  });

  it("a page that finds nothing says how far it looked, and the next one goes on from there", async () => {
    await entries(SCANNED_MAX + 10);
    await sql`update audit_log set line = replace(line, '"x.done"', '"y.done"') where seq = 3`.execute(
      world.desk.tables,
    );
    const first = await audit("?action=y.");
    expect(first.body).toEqual({ lines: [], before: 11 });
    expect(actionsOf((await audit("?action=y.&before=11")).body.lines)).toEqual(["y.done"]);
  });

  it("names with signs that JSON escapes are found as they are typed", async () => {
    await sql`insert into audit_log (seq, line) values (1, ${JSON.stringify({
      seq: 1,
      at: formatInstant(0),
      actor: 'a"b\\\n<img onerror=x>',
      action: "x.done",
      subject: "case:1",
    })})`.execute(world.desk.tables);
    const actor = encodeURIComponent('a"b\\\n<img onerror=x>');
    expect(actionsOf((await audit(`?actor=${actor}`)).body.lines)).toEqual(["x.done"]);
    expect((await audit("?actor=a%25")).body.lines).toEqual([]);
  });

  it("of cases outside the scope are not there, nor those of no case", async () => {
    await worked();
    await sql`update cases set region = '310101' where case_id = ${OTHER_CASE}`.execute(world.desk.tables);
    await sql`update cases set region = '330100' where case_id = ${CASE}`.execute(world.desk.tables);
    const asked = { actor: null, action: null, subject: null, from: null, to: null, before: null };
    const desk = auditLogDesk(world.desk.database, world.evidenceKeys);
    const within = async (scope: readonly string[]) => actionsOf((await desk.search(asked, scope)).lines);
    expect(await within(["33"])).toEqual(["case.noted", "case.assigned"]);
    expect(await within(["3101"])).toEqual(["case.assigned"]);
    expect(await within([])).toEqual([]);
    expect(await within(["44", ""])).toHaveLength(3);
  });

  it.each(["?from=yesterday", "?to=2026-03-01", "?before=-1", `?actor=${"x".repeat(201)}`])(
    "%s is refused",
    async (query) => {
      expect(await audit(query)).toMatchObject({ status: 400, body: { code: "QUERY_INVALID" } });
    },
  );
});

describe("the verification of the chain", () => {
  const verification = "/v1/console/audit/verification";

  it("runs in the background, one at a time, and names the first entry that is not what it was", async () => {
    expect((await world.get("lin", verification)).body).toEqual({ state: "none" });
    await worked();
    const begun = await world.post("lin", verification, {});
    expect(begun.body).toMatchObject({ state: "running", by: "lin" });
    expect(await ended()).toMatchObject({ state: "done", whole: true, entries: 3, unsigned: 3, seq: null });
    await sql`update audit_log set line = replace(line, '"wang"', '"zhao"') where seq = 2`.execute(
      world.desk.tables,
    );
    await world.post("wang", verification, {});
    expect(await ended()).toMatchObject({ state: "done", by: "wang", whole: false, seq: 2 });
  });

  it("checks what checkpoints are worth, and the page of them shows it", async () => {
    await worked();
    world.clock.advance(86_400_000);
    await world.checkpoint();
    const signed = await world.get("lin", "/v1/console/audit/checkpoints");
    expect(signed.body).toMatchObject({ entries: 3, checkpoints: [{ seq: 3, fault: null }] });
    await sql`update audit_checkpoints set at = '2026-01-01T00:00:00.000+08:00'`.execute(world.desk.tables);
    const forged = await world.get("lin", "/v1/console/audit/checkpoints");
    expect(forged.body.checkpoints[0].fault).toContain("Ed25519");
    await world.post("lin", verification, {});
    expect(await ended()).toMatchObject({ whole: false, seq: 3, checkpoints: 1, unsigned: 0 });
  });

  it("entries that are missing at the end of what was there when it began are told", async () => {
    await worked();
    await sql`delete from audit_log where seq = 2`.execute(world.desk.tables);
    await world.post("lin", verification, {});
    expect(await ended()).toMatchObject({ whole: false, seq: 2 });
  });

  it("is cancelled where one is under way, and by people only", async () => {
    expect(await world.ask("lin", "DELETE", verification)).toMatchObject({ body: { code: "NOT_VERIFYING" } });
    expect(await world.post("local", verification, {})).toMatchObject({ body: { code: "KEY_INVALID" } });
  });

  async function ended() {
    for (;;) {
      const { body } = await world.get("lin", verification);
      if (body.state !== "running") return body;
    }
  }
});

describe("the system page", () => {
  let server: Server | null = null;
  afterEach(async () => {
    world.gateway = null;
    if (server !== null) await new Promise((resolve) => server!.close(resolve));
    server = null;
  });

  it("tells lag, outbox, SMS and versions, and that the swipe process does not answer", async () => {
    await worked();
    await sql`insert into journal_outbox (record_id, path, body, status, refusal)
      values ('feedback-1', '/v1/feedback', '{}', 'refused', 'FIELD_INVALID: rule'), ('feedback-2', '/v1/feedback', '{}', 'pending', null)`.execute(
      world.desk.tables,
    );
    const { status, body } = await world.get("lin", "/v1/console/system");
    expect(status).toBe(200);
    expect(body).toMatchObject({
      gateway: null,
      alerts: [{ partition: 0, nextOffset: 2, lag: 5 }],
      outbox: { pending: 1, refused: [{ recordId: "feedback-1", refusal: "FIELD_INVALID: rule" }] },
      sms: { queued: 2 },
      versions: { schema: { number: expect.any(Number) }, bundle: null },
    });
    expect(body.checks.map(({ name }: { name: string }) => name)).toContain("Node.js");
    expect(await world.get("lin", "/v1/console/system/dead-letters")).toMatchObject({
      status: 503,
      body: { code: "GATEWAY_AWAY" },
    });
  });

  it("lists refused records page by page and drives them again, which is written down", async () => {
    world.gateway = await gatewayWith(150);
    const first = await world.get("lin", "/v1/console/system/dead-letters");
    expect(first.body.letters).toHaveLength(100);
    const second = await world.get("lin", `/v1/console/system/dead-letters?from=${first.body.from}`);
    expect(second.body).toMatchObject({ from: null });
    expect(second.body.letters.map(({ offset }: { offset: number }) => offset)).toEqual(
      Array.from({ length: 50 }, (_, i) => 100 + i),
    );
    expect(await world.post("local", "/v1/console/system/dead-letters/redrive", {})).toMatchObject({
      status: 401,
    });
    const driven = await world.post("lin", "/v1/console/system/dead-letters/redrive", {});
    expect(driven.body).toMatchObject({ redriven: 149, stillRefused: [{ offset: 7 }] });
    const [line] = (await audit("?action=dead-letters.redriven")).body.lines;
    expect(JSON.parse(line)).toMatchObject({ actor: "lin", detail: { redriven: 149, stillRefused: 1 } });
  });

  /** As a gateway answers (cli/process/local-routes.ts). */
  async function gatewayWith(count: number): Promise<Gateway> {
    server = createServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url!, "http://gateway");
      const from = Number(searchParams.get("from"));
      const offsets = Array.from({ length: count }, (_, offset) => offset).slice(from, from + 100);
      const still = [{ offset: 7, code: "FIELD_INVALID", field: "kind", reason: "expected one of …" }];
      const answer =
        pathname === "/local/dead-letters"
          ? { letters: offsets.map(letterOf) }
          : { redriven: count - 1, skipped: 0, stillRefused: still };
      response.end(JSON.stringify(answer));
    });
    await new Promise<void>((resolve) => server!.listen(0, "127.0.0.1", resolve));
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, key: "kdn_local_x" };
  }

  function letterOf(offset: number) {
    const told = { code: "FIELD_INVALID", field: "kind", reason: "expected one of …" };
    const where = { source: "hospital-net", position: 1, receivedAt: formatInstant(0) };
    return { offset, ...told, ...where, expects: "swipe", isCut: false, isRedriven: false, bytes: 400 };
  }
});

/** Of actors a and b in turn; a chain that nobody verifies here. */
async function entries(count: number): Promise<void> {
  await sql`
    insert into audit_log (seq, line)
    select n, format('{"seq":%s,"at":"%s","actor":"%s","action":"x.done","subject":"case:%s"}',
      n, ${formatInstant(0)}::text, case n % 2 when 1 then 'a' else 'b' end, n)
    from generate_series(1, ${count}::int) as n`.execute(world.desk.tables);
}

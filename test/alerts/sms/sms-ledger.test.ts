import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { sql } from "kysely";
import { auditLines } from "../../../platform/audit-log/audit-log.js";
import type { SmsReceipt } from "../../../platform/sms-gateway/sms-receipt.js";
import { NATION } from "../../../schemas/console/access.js";
import { parseInstantMs } from "../../../schemas/instant.js";
import { readCase } from "../../../services/alerts/cases/case-detail.js";
import { applyReceipts } from "../../../services/alerts/sms/apply-receipts.js";
import { resolveSms } from "../../../services/alerts/sms/resolve-sms.js";
import { smsCounts } from "../../../services/alerts/sms/sms-counts.js";
import { smsOf, smsPage } from "../../../services/alerts/sms/sms-list.js";
import { emptyTables } from "../../support/empty-tables.js";
import { AlertsDesk } from "../alerts-desk.js";
import { challenged, OTHER_PERSON, PERSON } from "../outcome-records.js";
import { Life } from "./mortal-database.js";
import { SmsDesk } from "./sms-desk.js";
import { SmsProvider } from "./sms-provider.js";

let desk: AlertsDesk;
let sms: SmsDesk;
beforeAll(async () => {
  desk = await AlertsDesk.open();
});
beforeEach(() => {
  sms = new SmsDesk(desk);
});
afterEach(async () => {
  await emptyTables(desk.tables, ["sms_escalations", "sms", "audit_log"]);
});
afterAll(() => desk.close());

const escalations = () => desk.tables.selectFrom("sms_escalations").selectAll().execute();

describe("a message of which nobody knows whether it was taken", () => {
  it.each(["taken-unanswered", "lost-unanswered"] as const)(
    "%s: is asked for, never sent on a guess, and arrives once",
    async (accident) => {
      const provider = new SmsProvider();
      provider.accidents = [accident];
      await sms.enqueue("a");
      await sms.send(provider);
      expect(await sms.states()).toEqual({ a: "unknown" });
      sms.later(1);
      expect(await sms.ask(provider)).toBe(0); // the operator's books are not written yet
      for (let minute = 1; minute < 40; minute++) {
        sms.later(1);
        await sms.ask(provider);
        await sms.send(provider);
      }
      expect(await sms.states()).toEqual({ a: "delivered" });
      expect([...provider.delivered]).toEqual([["a", 1]]);
      expect(provider.asked[0]).toMatchObject({ smsId: "a", phone: "13812341234", providerId: null });
    },
  );

  it("is not sent again before 'not there' can mean anything", async () => {
    const provider = new SmsProvider();
    provider.accidents = ["taken-unanswered"];
    provider.fate = () => ({ state: "not-found" }); // not there yet
    await sms.enqueue("a");
    await sms.send(provider);
    for (let minute = 0; minute < 9; minute++) {
      sms.later(1);
      await sms.ask(provider);
      await sms.send(provider);
    }
    expect(await sms.states()).toEqual({ a: "unknown" });
    expect(provider.asked.length).toBeGreaterThan(1);
    expect(provider.delivered.get("a")).toBe(1);
  });

  it("is handed over again at once to a gateway that remembers", async () => {
    const provider = new SmsProvider({ remembers: true, canBeAsked: false });
    provider.accidents = ["taken-unanswered"];
    await sms.enqueue("a");
    const sender = sms.sender(provider);
    await expect(sender.sendQueued(sms.signal)).rejects.toMatchObject({ code: "UNANSWERED" });
    expect(await sender.sendQueued(sms.signal)).toBe(1);
    expect(await sms.states()).toEqual({ a: "sent" });
    expect(provider.delivered.get("a")).toBe(1);
  });

  it("stays unknown where nobody can be asked, is counted, and a person says once what became of it", async () => {
    const provider = new SmsProvider({ canBeAsked: false });
    provider.accidents = ["taken-unanswered", "lost-unanswered"];
    await sms.enqueue("a");
    await sms.enqueue("b", { personKey: OTHER_PERSON });
    await sms.send(provider);
    sms.later(6_000);
    await sms.ask(provider);
    await sms.send(provider);
    expect(await sms.states()).toEqual({ a: "unknown", b: "unknown" });
    expect(await smsCounts(desk.database, sms.nowMs)).toMatchObject({ queued: 0, unknown: 0, toResolve: 2 });
    const resolve = (smsId: string, as: "sent" | "again") =>
      resolveSms(desk.database, { smsId, as, actor: "王经办", nowMs: sms.nowMs });
    expect(await resolve("a", "sent")).toEqual({ kind: "resolved" });
    expect(await resolve("b", "again")).toEqual({ kind: "resolved" });
    expect(await resolve("b", "again")).toMatchObject({ kind: "refused", code: "SMS_NOT_UNKNOWN" });
    expect(await resolve("c", "again")).toMatchObject({ kind: "refused", code: "SMS_NOT_FOUND" });
    await sms.send(provider);
    expect(await sms.states()).toEqual({ a: "sent", b: "sent" });
    expect(Object.fromEntries(provider.delivered)).toEqual({ a: 1, b: 1 });
    const lines = await auditLines(desk.tables, { afterSeq: 0, limit: 9 });
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { actor: "王经办", action: "sms.resolved", subject: "sms:a", detail: { as: "sent" } },
      { actor: "王经办", action: "sms.resolved", subject: "sms:b", detail: { as: "again" } },
    ]);
  });

  it("is asked for 72 hours, more and more seldom, then left to a person", async () => {
    const provider = new SmsProvider();
    provider.accidents = ["taken-unanswered"];
    provider.fate = () => ({ state: "unknown" });
    await sms.enqueue("a");
    await sms.send(provider);
    for (let hour = 0; hour < 100; hour++) {
      sms.later(60);
      await sms.ask(provider);
    }
    expect(provider.asked.length).toBeLessThan(30);
    expect((provider.asked.at(-1)!.sentAtMs - sms.nowMs) / -3_600_000).toBe(100);
    expect(await smsCounts(desk.database, sms.nowMs)).toMatchObject({ unknown: 0, toResolve: 1 });
  });

  it("an adapter's own mistake counts as one: the message may be out", async () => {
    const provider = new SmsProvider();
    provider.send = () => Promise.reject(new TypeError("x is undefined"));
    await sms.enqueue("a");
    await sms.send(provider);
    expect(await sms.states()).toEqual({ a: "unknown" });
  });
});

describe("a statement that fails after the operator took a message", () => {
  it.each([true, false])("is made up for in the same turn (remembers: %s)", async (remembers) => {
    const provider = new SmsProvider({ remembers });
    const life = new Life(WRITING_OF_SECOND_ROUND);
    const sender = sms.sender(provider, life.database(desk.database));
    await sender.sendQueued(sms.signal);
    await sms.enqueue("a");
    await expect(sender.sendQueued(sms.signal)).rejects.toThrow();
    expect(await sms.states()).toEqual({ a: "sending" });
    life.isDead = false;
    await sender.sendQueued(sms.signal);
    expect(await sms.states()).toEqual({ a: "sent" });
    expect([...provider.delivered]).toEqual([["a", 1]]);
  });

  /** Looked for leftovers, looked for due ones twice, claimed: two steps each. */
  const WRITING_OF_SECOND_ROUND = 9;
});

describe("a sent message whose receipt does not come", () => {
  it("is asked for after some minutes, and not before", async () => {
    const provider = new SmsProvider();
    await sms.enqueue("a");
    await sms.send(provider);
    sms.later(4);
    expect(await sms.ask(provider)).toBe(0);
    sms.later(1);
    expect(await sms.ask(provider)).toBe(1);
    expect(provider.asked[0]!.providerId).toBe("biz-a");
    expect(await sms.states()).toEqual({ a: "delivered" });
    sms.later(6_000);
    expect(await sms.ask(provider)).toBe(0);
  });

  it("an operator that is away is asked later", async () => {
    const provider = new SmsProvider();
    await sms.enqueue("a");
    await sms.send(provider);
    provider.fate = () => {
      throw new Error("away");
    };
    sms.later(5);
    await sms.ask(provider);
    expect(await sms.ask(provider)).toBe(0);
    expect((await sms.row("a")).check_at!.getTime()).toBeGreaterThan(sms.nowMs);
  });
});

describe("a receipt", () => {
  const receipt = (state: SmsReceipt["state"], fields: Partial<SmsReceipt> = {}): SmsReceipt => ({
    smsId: "a",
    providerId: null,
    state,
    atMs: null,
    code: null,
    ...fields,
  });
  const apply = (...receipts: SmsReceipt[]) => applyReceipts(desk.database, receipts, sms.nowMs);
  beforeEach(async () => {
    await sms.enqueue("a");
    await sms.send(new SmsProvider());
  });

  it.each([
    { order: ["delivered"], becomes: "delivered" },
    { order: ["failed"], becomes: "failed" },
    { order: ["delivered", "failed"], becomes: "delivered" },
    { order: ["failed", "delivered"], becomes: "delivered" },
    { order: ["failed", "failed"], becomes: "failed" },
    { order: ["delivered", "delivered", "failed", "failed"], becomes: "delivered" },
  ] as const)("$order leaves it $becomes, one by one or in one body", async ({ order, becomes }) => {
    for (const state of order) await apply(receipt(state));
    expect(await sms.states()).toEqual({ a: becomes });
    await sms.enqueue("b");
    await sms.send(new SmsProvider());
    await apply(...order.map((state) => receipt(state, { smsId: "b" })));
    expect((await sms.states()).b).toBe(becomes);
  });

  it("is found by the operator's id too, says when, and the code is kept", async () => {
    const atMs = sms.nowMs - 1_000;
    const given = receipt("failed", { smsId: null, providerId: "biz-a", atMs, code: "MK:0001" });
    expect(await apply(given)).toEqual({ applied: 1, repeated: 0, foreign: 0 });
    expect(await apply(given)).toEqual({ applied: 0, repeated: 1, foreign: 0 });
    const row = await sms.row("a");
    expect(row).toMatchObject({ status: "failed", reason: "undelivered", provider_code: "MK:0001" });
    expect(row.settled_at!.getTime()).toBe(atMs);
  });

  it("of a message that is not ours changes nothing", async () => {
    expect(await apply(receipt("delivered", { smsId: "z" }))).toEqual({
      applied: 0,
      repeated: 0,
      foreign: 1,
    });
    expect(await sms.states()).toEqual({ a: "sent" });
  });

  it("overtakes the answer to the sending itself", async () => {
    await sms.enqueue("b");
    const provider = new SmsProvider();
    const { send } = provider;
    provider.send = async (message) => {
      const sent = await send.call(provider, message);
      await apply(receipt("delivered", { smsId: "b" }));
      return sent;
    };
    await sms.send(provider);
    expect((await sms.states()).b).toBe("delivered");
  });

  it("keeps from being sent again what the operator was thought not to have", async () => {
    await sms.enqueue("b");
    await desk.tables.updateTable("sms").set({ attempts: 1 }).where("sms_id", "=", "b").execute();
    await apply(receipt("delivered", { smsId: "b" }));
    const provider = new SmsProvider();
    await sms.send(provider);
    expect(provider.delivered.size).toBe(0);
  });
});

describe("who is not reached", () => {
  const fail = async (smsId: string, personKey = PERSON) => {
    await sms.enqueue(smsId, {
      personKey,
      situation: "loss-report-lapsed",
      values: { card: "医保卡", month: "3", day: "1", clock: "10:00" },
    });
    const provider = new SmsProvider();
    provider.accidents = ["refused"];
    await sms.send(provider);
  };

  it("by two within a day is to be phoned, once until that is done", async () => {
    await fail("a");
    expect(await escalations()).toEqual([]);
    await fail("b", OTHER_PERSON);
    expect(await escalations()).toEqual([]);
    sms.later(60);
    await fail("c");
    expect(await escalations()).toMatchObject([
      { person_key: PERSON, kind: "phone-call", sms_id: "c", done_at: null, region: "" },
    ]);
    expect(await smsCounts(desk.database, sms.nowMs)).toMatchObject({ calls: 1 });
    sms.later(1_500);
    await fail("d");
    await fail("e");
    expect(await escalations()).toHaveLength(1);
    await desk.tables
      .updateTable("sms_escalations")
      .set({ done_at: new Date(sms.nowMs).toISOString(), done_by: "王", outcome: "reached" })
      .execute();
    sms.later(1_500);
    await fail("f");
    expect(await escalations()).toHaveLength(1);
    await fail("g");
    expect(await escalations()).toHaveLength(2);
  });

  it("is so by the region of the latest case", async () => {
    await desk.consume([challenged("s-1", { swipe: { insuredRegion: "330200" } })]);
    await fail("a");
    await fail("b");
    expect(await escalations()).toMatchObject([{ person_key: PERSON, region: "330200" }]);
    await desk.empty();
  });

  it("by two that lie further apart is not", async () => {
    await fail("a");
    sms.later(1_441);
    await fail("b");
    expect(await escalations()).toEqual([]);
  });
});

describe("an order", () => {
  it("given twice is one SMS", async () => {
    expect([await sms.enqueue("a"), await sms.enqueue("a")]).toEqual([
      { kind: "queued" },
      { kind: "queued" },
    ]);
    expect(await sms.states()).toEqual({ a: "queued" });
  });

  it("is gone with the transaction that it was given in", async () => {
    const failing = desk.tables.transaction().execute(async (trx) => {
      await sms.enqueueIn(trx, "a");
      throw new Error("undone");
    });
    await expect(failing).rejects.toThrow("undone");
    expect(await sms.states()).toEqual({});
  });

  it("without a value that its text needs is refused", async () => {
    await expect(sms.enqueue("a", { values: {} })).rejects.toThrow("no value for {card}");
  });

  it("beyond the template's limit of 24 hours is kept as suppressed", async () => {
    for (const smsId of ["a", "b", "c"]) await sms.enqueue(smsId);
    expect(await sms.enqueue("d")).toEqual({ kind: "too-often", againAtMs: sms.nowMs + 86_400_000 });
    expect((await sms.row("d")).reason).toBe("too-many");
    expect(await sms.enqueue("e", { personKey: OTHER_PERSON })).toEqual({ kind: "queued" });
    sms.later(1_440);
    expect(await sms.enqueue("f")).toEqual({ kind: "queued" });
  });

  it("of low severity waits for the morning, and counts as waiting", async () => {
    sms.nowMs = Date.parse("2026-03-01T23:30:00+08:00");
    await sms.enqueue("a", { severity: "low" });
    const provider = new SmsProvider();
    expect(await sms.send(provider)).toBe(0);
    expect(await smsCounts(desk.database, sms.nowMs)).toMatchObject({ queued: 0, waiting: 1 });
    sms.later(8.5 * 60);
    expect(await smsCounts(desk.database, sms.nowMs)).toMatchObject({ queued: 1, waiting: 0 });
    await sms.send(provider);
    expect(await sms.states()).toEqual({ a: "sent" });
  });
});

describe("a one-time code", () => {
  it("goes once a minute, five times an hour, ten times in 24 hours; a refused one leaves nothing", async () => {
    const sent: number[] = [];
    const startMs = sms.nowMs;
    const minutes = [...Array.from({ length: 130 }, (_, minute) => minute), 1_439, 1_440, 1_441, 1_442];
    for (const minute of minutes) {
      sms.nowMs = startMs + minute * 60_000;
      if ((await sms.enqueueCode(`code-${minute}`)).kind === "queued") sent.push(minute);
    }
    expect(sent).toEqual([0, 1, 2, 3, 4, 60, 61, 62, 63, 64, 1_440, 1_441, 1_442]);
    expect(Object.keys(await sms.states())).toHaveLength(13);
    expect(await sms.enqueueCode("again")).toEqual({ kind: "too-often", againAtMs: sms.nowMs + 60_000 });
  });

  it.each([
    { accidents: [], becomes: "sent" },
    { accidents: ["refused"], becomes: "failed" },
  ] as const)("is wiped when it is $becomes", async ({ accidents, becomes }) => {
    await sms.enqueueCode("a");
    const provider = new SmsProvider();
    provider.accidents = [...accidents];
    await sms.send(provider);
    const row = await sms.row("a");
    expect([row.status, row.text, row.values]).toEqual([becomes, "验证码短信，内容不保留", null]);
    expect(JSON.stringify(await smsOf(desk.database, "a"))).not.toContain("246810");
  });

  it("is of no use after five minutes: it is not sent then", async () => {
    await sms.enqueueCode("a");
    sms.later(5);
    const provider = new SmsProvider();
    await sms.send(provider);
    expect(await sms.row("a")).toMatchObject({ status: "suppressed", reason: "expired", values: null });
    expect(provider.delivered.size).toBe(0);
  });

  it.each([{ canBeAsked: true }, { canBeAsked: false }])(
    "of which nobody knows whether it went out is wiped when it is of no use (can be asked: $canBeAsked)",
    async ({ canBeAsked }) => {
      await sms.enqueueCode("a");
      const provider = new SmsProvider({ canBeAsked });
      provider.accidents = ["lost-unanswered"];
      await sms.send(provider);
      sms.later(4);
      await sms.ask(provider);
      expect((await sms.row("a")).text).toContain("246810"); // it may have to be sent again
      sms.later(1);
      await sms.ask(provider);
      expect(await sms.row("a")).toMatchObject({ text: "验证码短信，内容不保留", values: null });
      const again = { smsId: "a", as: "again", actor: "x", nowMs: sms.nowMs } as const;
      expect(await resolveSms(desk.database, again)).toMatchObject({ code: "SMS_WIPED" });
      for (let minute = 0; minute < 20; minute++) {
        sms.later(1);
        await sms.ask(provider);
        await sms.send(provider);
      }
      expect(provider.delivered.size).toBe(0);
      expect((await sms.row("a")).status).toBe(canBeAsked ? "suppressed" : "unknown");
    },
  );

  it("goes before what has waited longer", async () => {
    await sms.enqueue("a", { personKey: OTHER_PERSON });
    sms.later(1);
    await sms.enqueueCode("b");
    const provider = new SmsProvider();
    await sms.send(provider);
    expect([...provider.delivered.keys()]).toEqual(["b", "a"]);
  });
});

describe("a one-time code that waits", () => {
  it("is shown to nobody who looks at the ledger or at a case", async () => {
    await sms.enqueueCode("code", "975318");
    await desk.consume([challenged("s-1")]);
    const shown = JSON.stringify([
      await smsOf(desk.database, "code"),
      (await smsPage(desk.database, { status: null, after: null })).sms,
      await readCase(desk.database, { caseId: `${PERSON}-1`, scope: NATION, nowMs: sms.nowMs }),
    ]);
    expect((await sms.row("code")).text).toContain("975318");
    expect(shown).toContain('"situation":"challenge"');
    expect(shown).not.toContain("975318");
    await desk.empty();
  });
});

describe("a message of low severity that an outage kept until the night", () => {
  it("waits for the morning then; what cannot wait goes", async () => {
    sms.keepsHours = true;
    sms.nowMs = parseInstantMs("2026-03-01T22:50:00.000+08:00");
    const provider = new SmsProvider();
    provider.accidents = ["unavailable", "unavailable"];
    await sms.enqueue("a", { severity: "low" });
    await sms.enqueue("b", { personKey: OTHER_PERSON });
    const sender = sms.sender(provider);
    await sender.sendQueued(sms.signal).catch(() => {});
    sms.nowMs = parseInstantMs("2026-03-02T02:00:00.000+08:00");
    await sender.sendQueued(sms.signal);
    expect(await sms.states()).toEqual({ a: "queued", b: "sent" });
    expect(await smsCounts(desk.database, sms.nowMs)).toMatchObject({ queued: 0, waiting: 1 });
    sms.nowMs = parseInstantMs("2026-03-02T08:00:00.000+08:00");
    await sender.sendQueued(sms.signal);
    expect([...provider.delivered]).toEqual([
      ["b", 1],
      ["a", 1],
    ]);
  });
});

describe("a contact that cannot be read", () => {
  it("keeps nobody else's messages, and loses none of its own", async () => {
    const provider = new SmsProvider();
    let isDamaged = true;
    sms.contactOf = async (personKey) => {
      if (isDamaged && personKey === PERSON) throw new Error("cannot be opened");
      return { phone: "13812341234" };
    };
    await sms.enqueue("a");
    await sms.enqueue("b", { personKey: OTHER_PERSON });
    const sender = sms.sender(provider);
    for (let round = 0; round < 12; round++) await sender.sendQueued(sms.signal).catch(() => {});
    expect(await sms.states()).toEqual({ a: "queued", b: "sent" });
    isDamaged = false;
    sms.later(10);
    await sender.sendQueued(sms.signal);
    expect([...provider.delivered]).toEqual([
      ["b", 1],
      ["a", 1],
    ]);
  });
});

describe("a number that an operator throttles", () => {
  it("steps aside, so that others get through, and goes in the end", async () => {
    await sms.enqueue("a");
    await sms.enqueue("b", { personKey: OTHER_PERSON });
    const provider = new SmsProvider({ canBeAsked: false });
    const { send } = provider;
    let isThrottled = true;
    provider.send = async (message) => {
      if (message.smsId === "a" && isThrottled) provider.accidents = ["unavailable"];
      return send.call(provider, message);
    };
    const sender = sms.sender(provider);
    let outages = 0;
    while (!provider.delivered.has("b") && outages < 20)
      await sender.sendQueued(sms.signal).catch(() => outages++);
    expect(outages).toBe(8);
    expect(await sms.states()).toEqual({ a: "queued", b: "sent" });
    expect(await smsCounts(desk.database, sms.nowMs)).toMatchObject({ queued: 1, waiting: 0 });
    isThrottled = false;
    sms.later(1);
    await sender.sendQueued(sms.signal);
    expect(await sms.states()).toEqual({ a: "sent", b: "sent" });
  });
});

describe("a flood of alerts about one person", () => {
  it("of 10,000 is one case and one SMS", async () => {
    const swipes = Array.from({ length: 10_000 }, (_, i) => challenged(`s-${i}`));
    await desk.consume(swipes);
    const { rows } = await sql<{ alerts: number; cases: number; queued: number; held: number }>`select
      (select count(*)::int from alerts) as alerts, (select count(*)::int from cases) as cases,
      (select count(*)::int from sms where status = 'queued') as queued,
      (select count(*)::int from sms where reason = 'repeated') as held`.execute(desk.tables);
    expect(rows).toEqual([{ alerts: 10_000, cases: 1, queued: 1, held: 9_999 }]);
    const provider = new SmsProvider();
    while ((await sms.send(provider)) > 0);
    expect(provider.delivered.size).toBe(1);
    const codes = await sql<{ code: string }>`select code from case_codes`.execute(desk.tables);
    expect(codes.rows).toHaveLength(1);
    const [first] = (await smsPage(desk.database, { status: "sent", after: null })).sms;
    expect(first!.text).toMatch(
      new RegExp(
        `^【医保卡盾】您医保卡尾号1234于3月1日10:00在杭州市刷480.00元需核验，非本人拨12393挂失，编号${codes.rows[0]!.code}$`,
      ),
    );
  });
});

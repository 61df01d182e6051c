/** What a cardholder does on the page: kept, in the journal's outbox and on its way to the bureau, in one transaction. */

import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { sql } from "kysely";
import { auditLines } from "../../../platform/audit-log/audit-log.js";
import { parseInstantMs } from "../../../schemas/instant.js";
import { HolderChannel } from "../../../services/alerts/channel/holder-channel.js";
import { requestLimits } from "../../../services/alerts/channel/request-limits.js";
import { requestLossReport } from "../../../services/alerts/channel/request-loss.js";
import { acceptHolderRecord } from "../../../services/ingest/holder-record.js";
import { AlertsDesk } from "../alerts-desk.js";
import { at, decision, lossReport, OTHER_PERSON, PERSON, rejected } from "../outcome-records.js";

let desk: AlertsDesk;
let nowMs: number;
let channel: HolderChannel;
beforeAll(async () => {
  desk = await AlertsDesk.open();
  channel = new HolderChannel(desk.database, { now: () => nowMs, sleep: () => Promise.resolve() });
});
afterEach(async () => {
  await desk.empty();
  await sql`truncate bureau_requests, holder_limits, journal_outbox, audit_log restart identity`.execute(
    desk.tables,
  );
});
afterAll(() => desk.close());

const CARD_KEY = "ab".repeat(16);
const NOW = at(60);
beforeAll(() => {
  nowMs = parseInstantMs(NOW);
});
const SWIPE = decision("s-1", { swipe: { cardKey: CARD_KEY } });
const loss = (fields: Partial<Parameters<HolderChannel["reportLoss"]>[0]> = {}) =>
  channel.reportLoss({
    requestId: "q-1",
    personKey: PERSON,
    credential: "card",
    decisionId: SWIPE.decisionId,
    ...fields,
  });

async function outbox(): Promise<readonly Record<string, unknown>[]> {
  const { rows } = await sql<{ path: string; body: string }>`
    select path, body from journal_outbox order by place`.execute(desk.tables);
  return rows.map(({ path, body }) => ({ path, ...JSON.parse(body) }));
}

const requests = () => desk.tables.selectFrom("bureau_requests").selectAll().orderBy("place").execute();
const audit = async () =>
  (await auditLines(desk.tables, { afterSeq: 0, limit: 100 })).map((line) => JSON.parse(line));

describe("a loss reported on the page", () => {
  it("for a PIN check that was stopped covers the whole credential, and nobody else's", async () => {
    const check = rejected("p-1", { kind: "pin-check", swipe: { cardKey: CARD_KEY } });
    await desk.consume([check]);
    await loss({ decisionId: check.decisionId });
    const [record] = await outbox();
    expect(record).toMatchObject({ action: "report-loss", credential: "card", personKey: PERSON });
    expect(record).not.toHaveProperty("cardKey");
    const others = loss({ requestId: "q-2", personKey: OTHER_PERSON, decisionId: check.decisionId });
    await expect(others).rejects.toThrow("the person made no swipe");
  });

  it("is a record for the journal, a request to the bureau and an entry of the audit log", async () => {
    await desk.consume([SWIPE]);
    expect(await loss()).toEqual({
      requestId: "q-1",
      requestedAtMs: nowMs,
      status: "pending",
      receiptNo: null,
      acceptedAt: null,
      effectiveAt: null,
      report: null,
    });
    const [record, ...others] = await outbox();
    expect(others).toEqual([]);
    expect(record).toMatchObject({
      path: "/v1/holder-records",
      type: "card-status",
      action: "report-loss",
      personKey: PERSON,
      cardKey: CARD_KEY,
      cardTail: "1234",
      channel: "web",
      region: "330100",
      occurredAt: NOW,
    });
    expect(await requests()).toMatchObject([
      {
        request_id: "q-1",
        event_id: record!.eventId,
        card_key: CARD_KEY,
        region: "330100",
        status: "pending",
      },
    ]);
    expect(await audit()).toMatchObject([
      {
        actor: "holder",
        action: "card.loss-reported",
        detail: { eventId: record!.eventId, cardTail: "1234" },
      },
    ]);
  });

  it("is what ingest takes, whatever of the card is known", async () => {
    await desk.consume([SWIPE, decision("s-2", { cardTail: null, swipe: { credential: "e-credential" } })]);
    await loss();
    await loss({ requestId: "q-2", decisionId: null });
    await loss({ requestId: "q-3", credential: "e-credential", decisionId: `${PERSON.slice(0, 12)}-s-2-0` });
    // The swipe's card is another credential than the one that is reported.
    await loss({ requestId: "q-4", credential: "e-credential" });
    await channel.setLimits({
      requestId: "q-5",
      personKey: PERSON,
      limits: { homeOnly: true, dailyFen: 50_000, noNight: false },
    });
    const accepted = (await outbox()).map(({ path: _path, ...body }) =>
      acceptHolderRecord(Buffer.from(JSON.stringify(body))),
    );
    expect(accepted).toMatchObject([
      { type: "card-status", cardKey: CARD_KEY, cardTail: "1234", credential: "card", verified: true },
      { type: "card-status", credential: "card" },
      { type: "card-status", credential: "e-credential" },
      { type: "card-status", credential: "e-credential" },
      { type: "person-fact", fact: "limits", homeOnly: true, dailyFen: 50_000, noNight: false },
    ]);
    for (const record of accepted.slice(1, 4)) expect(record).not.toHaveProperty("cardKey");
  });

  it("twice is once, as it was first", async () => {
    await desk.consume([SWIPE]);
    const first = await loss();
    nowMs += 60_000;
    expect(await loss()).toEqual(first);
    nowMs -= 60_000;
    expect([(await requests()).length, (await outbox()).length, (await audit()).length]).toEqual([1, 1, 1]);
  });

  it("twice at the same moment is once", async () => {
    await desk.consume([SWIPE]);
    const answers = await Promise.all([loss(), loss(), loss()]);
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect([(await requests()).length, (await outbox()).length, (await audit()).length]).toEqual([1, 1, 1]);
  });

  it("rolled back leaves nothing", async () => {
    const rolledBack = desk.tables.transaction().execute(async (trx) => {
      await requestLossReport(trx, {
        requestId: "q-1",
        personKey: PERSON,
        credential: "card",
        card: null,
        region: "3301",
        reportedAtMs: nowMs,
      });
      throw new Error("the page's own work failed");
    });
    await expect(rolledBack).rejects.toThrow("the page's own work failed");
    expect([await requests(), await outbox(), await audit()]).toEqual([[], [], []]);
  });

  it("of a swipe that is another person's is refused, and so is another person's request", async () => {
    await desk.consume([SWIPE]);
    await expect(loss({ personKey: OTHER_PERSON })).rejects.toThrow("the person made no swipe");
    await loss();
    await expect(loss({ personKey: OTHER_PERSON, decisionId: null })).rejects.toThrow("another person's");
    expect(await channel.lossRequestsOf(OTHER_PERSON)).toEqual([]);
  });

  it("shows the judge's transition once there is one, also where the person moved meanwhile", async () => {
    await desk.consume([SWIPE]);
    await loss();
    const [{ eventId }] = (await outbox()) as [{ eventId: string }];
    const moved = { personKey: OTHER_PERSON, formerPersonKey: PERSON };
    await desk.tables.deleteFrom("consumer_progress").execute();
    await desk.consume([
      { type: "person-merged", eventId: "l-1", ...moved, dropped: {}, bundleHash: "ab".repeat(32) },
      lossReport(eventId, { personKey: OTHER_PERSON, reportedAt: NOW, effectiveAt: NOW }),
    ]);
    const shown = [{ requestId: "q-1", report: { eventId, applied: true, to: "provisional" } }];
    expect(await channel.lossRequestsOf(PERSON)).toMatchObject(shown);
    expect(await channel.lossRequestsOf(OTHER_PERSON)).toMatchObject(shown);
    expect(await channel.cardsOf(PERSON, nowMs)).toMatchObject([{ cardTail: "1234", standing: "lost" }]);
  });

  it("of a person without a swipe goes by the national policy", async () => {
    await loss({ decisionId: null });
    expect(await outbox()).toMatchObject([{ region: "00" }]);
  });
});

describe("limits", () => {
  const set = (requestId: string, limits: Partial<Parameters<HolderChannel["setLimits"]>[0]["limits"]>) =>
    channel.setLimits({
      requestId,
      personKey: PERSON,
      limits: { homeOnly: false, dailyFen: null, noNight: false, ...limits },
    });

  it("are none until they are set; the latest count, and none again where all are lifted", async () => {
    const none = { homeOnly: false, dailyFen: null, noNight: false };
    expect(await channel.limitsOf(PERSON)).toEqual(none);
    await set("l-1", { homeOnly: true, dailyFen: 20_000 });
    await set("l-2", { noNight: true });
    await set("l-1", { dailyFen: 1 });
    expect(await channel.limitsOf(PERSON)).toEqual({ ...none, noNight: true });
    await set("l-3", {});
    expect(await channel.limitsOf(PERSON)).toEqual(none);
    expect(await channel.limitsOf(OTHER_PERSON)).toEqual(none);
    const bodies = await outbox();
    expect(bodies.map(({ dailyFen, noNight }) => [dailyFen, noNight])).toEqual([
      [20_000, false],
      [undefined, true],
      [undefined, false],
    ]);
  });

  it("set side by side have one order, here and in the journal", async () => {
    await Promise.all(Array.from({ length: 8 }, (_, i) => set(`l-${i}`, { dailyFen: i })));
    const last = (await outbox()).at(-1)!;
    expect((await channel.limitsOf(PERSON)).dailyFen).toBe(last.dailyFen);
  });

  it("of another person's request are refused", async () => {
    await set("l-1", {});
    const stolen = desk.tables.transaction().execute((trx) =>
      requestLimits(trx, {
        requestId: "l-1",
        personKey: OTHER_PERSON,
        limits: { homeOnly: true, dailyFen: null, noNight: false },
        requestedAtMs: nowMs,
      }),
    );
    await expect(stolen).rejects.toThrow("another person's");
  });
});

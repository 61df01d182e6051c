/** The sender to the bureau: nothing lost, nothing counted twice, wherever it dies and whatever the other side does. */

import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { sql } from "kysely";
import {
  type BureauAnswer,
  type BureauChannel,
  BureauChannelError,
  type LossNotice,
} from "../../../platform/bureau-channel/bureau-channel.js";
import { webhookChannel } from "../../../platform/bureau-channel/webhook/webhook-channel.js";
import { silentLogger } from "../../../platform/logger/logger.js";
import { BureauSender } from "../../../services/alerts/channel/bureau-sender.js";
import { HolderChannel } from "../../../services/alerts/channel/holder-channel.js";
import { seededRandom } from "../../oracle/scenario-random.js";
import { BureauDesk, SECRET, type Trouble } from "../../platform/bureau-channel/bureau-desk.js";
import { START_MS } from "../../support/records.js";
import { AlertsDesk } from "../alerts-desk.js";
import { PERSON } from "../outcome-records.js";

let desk: AlertsDesk;
let nowMs = START_MS;
const clock = { now: () => nowMs, sleep: () => Promise.resolve() };
beforeAll(async () => {
  desk = await AlertsDesk.open();
});
afterEach(async () => {
  nowMs = START_MS;
  await sql`truncate bureau_requests, holder_limits, journal_outbox, audit_log restart identity`.execute(
    desk.tables,
  );
});
afterAll(() => desk.close());

async function report(...requestIds: readonly string[]): Promise<void> {
  const holder = new HolderChannel(desk.database, clock);
  for (const requestId of requestIds)
    await holder.reportLoss({ requestId, personKey: PERSON, credential: "card", decisionId: null });
}

/** A bureau that has what it was given, and answers as told. */
function bureau(answer: (notice: LossNotice, asked: number) => BureauAnswer) {
  const asked = new Map<string, number>();
  const channel: BureauChannel = {
    report: async (notice) => {
      asked.set(notice.requestId, (asked.get(notice.requestId) ?? 0) + 1);
      return answer(notice, asked.get(notice.requestId)!);
    },
    close: async () => {},
  };
  return { channel, asked };
}

function senderTo(channel: BureauChannel): BureauSender {
  return new BureauSender({ database: desk.database, channel, clock, logger: silentLogger });
}

const rows = async () =>
  (
    await desk.tables
      .selectFrom("bureau_requests")
      .select(["request_id", "status", "attempts", "next_at"])
      .orderBy("place")
      .execute()
  ).map((row) => `${row.request_id} ${row.status} ${row.attempts}`);

const ACCEPTED: BureauAnswer = {
  kind: "accepted",
  receiptNo: "R-1",
  acceptedAt: "2026-03-01T10:00:05+08:00",
  effectiveAt: "2026-03-01T12:00:00+08:00",
};

describe("a report", () => {
  it("that is accepted keeps the bureau's receipt and times, and is not sent again", async () => {
    await report("q-1");
    const { channel, asked } = bureau(() => ACCEPTED);
    const sender = senderTo(channel);
    expect(await sender.sendDue()).toBe(1);
    nowMs += 86_400_000;
    expect(await sender.sendDue()).toBe(0);
    expect(asked.get("q-1")).toBe(1);
    expect(await new HolderChannel(desk.database, clock).lossRequestsOf(PERSON)).toMatchObject([
      {
        status: "accepted",
        receiptNo: "R-1",
        acceptedAt: "2026-03-01T10:00:05.000+08:00",
        effectiveAt: "2026-03-01T12:00:00.000+08:00",
      },
    ]);
  });

  it("that is refused is shown as failed, with the reason kept", async () => {
    await report("q-1");
    const { channel } = bureau(() => ({ kind: "refused", code: "NO_SUCH_PERSON", reason: "查无\u0000此人" }));
    await senderTo(channel).sendDue();
    expect(await new HolderChannel(desk.database, clock).lossRequestsOf(PERSON)).toMatchObject([
      { status: "failed", receiptNo: null },
    ]);
    const row = await desk.tables.selectFrom("bureau_requests").select("refusal").executeTakeFirstOrThrow();
    expect(row.refusal).toMatch(/^NO_SUCH_PERSON: 查无.*此人$/);
  });

  it("whose record ingest refused is shown as failed: the card is not blocked here", async () => {
    await report("q-1");
    await sql`update journal_outbox set status = 'refused', refusal = 'FIELD_INVALID: region'`.execute(
      desk.tables,
    );
    expect(await new HolderChannel(desk.database, clock).lossRequestsOf(PERSON)).toMatchObject([
      { status: "failed" },
    ]);
  });

  it("that lies in a file is not asked for", async () => {
    await report("q-1");
    const { channel, asked } = bureau(() => ({ kind: "kept" }));
    await senderTo(channel).sendDue();
    nowMs += 86_400_000;
    await senderTo(channel).sendDue();
    expect([asked.get("q-1"), await rows()]).toEqual([1, ["q-1 kept 1"]]);
  });

  it("that is not decided is asked for, ever more rarely, until it is", async () => {
    await report("q-1");
    const { channel, asked } = bureau((_notice, times) => (times < 5 ? { kind: "taken" } : ACCEPTED));
    const sender = senderTo(channel);
    const askedAtMinutes: number[] = [];
    for (let minute = 0; minute <= 60; minute++) {
      if ((await sender.sendDue()) > 0) askedAtMinutes.push(minute);
      nowMs += 60_000;
    }
    expect(askedAtMinutes).toEqual([0, 1, 3, 7, 15]);
    expect([asked.get("q-1"), await rows()]).toEqual([5, ["q-1 accepted 5"]]);
  });

  it("that is not taken waits by itself: the others go", async () => {
    await report("q-1", "q-2");
    const { channel } = bureau(({ requestId }) => {
      if (requestId === "q-1") throw new BureauChannelError("UNAVAILABLE", "status 500");
      return ACCEPTED;
    });
    const sender = senderTo(channel);
    await sender.sendDue();
    expect(await rows()).toEqual(["q-1 pending 1", "q-2 accepted 1"]);
    expect(await sender.sendDue()).toBe(0);
    nowMs += 2_000;
    expect(await sender.sendDue()).toBe(1);
    expect(await rows()).toEqual(["q-1 pending 2", "q-2 accepted 1"]);
  });

  it("is handed over every five minutes however long the bureau is away", async () => {
    await report("q-1");
    const { channel } = bureau(() => {
      throw new BureauChannelError("UNANSWERED", "no answer");
    });
    for (let i = 0; i < 40; i++) {
      await senderTo(channel).sendDue();
      nowMs += 300_000;
    }
    expect(await rows()).toEqual(["q-1 pending 40"]);
  });
});

const TROUBLES: readonly (Trouble | null)[] = ["cut-before", "cut-after", "half-a-body", null];

it("killed and cut off wherever it may be, each report is with the bureau once: 12 runs with seeds 1-12", async () => {
  for (let seed = 1; seed <= 12; seed++) {
    const { next: random } = seededRandom(seed);
    const other = await BureauDesk.open(() => nowMs);
    try {
      other.trouble = () => TROUBLES[Math.floor(random() * 8)] ?? null;
      other.decide = (key, asked) =>
        asked < 3 ? { status: 202 } : { status: 200, body: { receiptNo: key } };
      const ids = Array.from({ length: 1 + Math.floor(random() * 4) }, (_, i) => `q-${seed}-${i}`);
      await report(...ids);
      const webhook = webhookChannel({ url: other.url, secret: SECRET, clock, timeLimitMs: 2_000 });
      for (let rounds = 0; (await openCount()) > 0; rounds++) {
        if (rounds > 300) throw new Error(`seed ${seed}: never done`);
        // Killed before it is sent, after it was sent, or not at all; each round is another process.
        const killed: BureauChannel = {
          close: async () => {},
          report: async (notice) => {
            if (random() < 0.2) throw new Killed();
            const answer = await webhook.report(notice);
            if (random() < 0.2) throw new Killed();
            return answer;
          },
        };
        await roundOf(killed);
        nowMs += 600_000;
      }
      await webhook.close();
      expect([seed, [...other.reports.keys()].sort()]).toEqual([seed, ids]);
      // Whatever was said again was said in the same words.
      for (const { key, body } of other.requests)
        expect([seed, body]).toEqual([seed, other.reports.get(key) ?? body]);
    } finally {
      await other.close();
    }
    await sql`truncate bureau_requests restart identity`.execute(desk.tables);
  }
});

class Killed extends Error {}

/** A kill leaves no mark: the row is as it was, so the round is undone where one was thrown. */
async function roundOf(channel: BureauChannel): Promise<void> {
  const before = await desk.tables.selectFrom("bureau_requests").selectAll().execute();
  let killed: string | null = null;
  const watched: BureauChannel = {
    close: channel.close,
    report: async (notice) => {
      try {
        return await channel.report(notice);
      } catch (error) {
        if (error instanceof Killed) killed ??= notice.requestId;
        throw error;
      }
    },
  };
  await senderTo(watched).sendDue();
  const row = before.find(({ request_id }) => request_id === killed);
  if (row === undefined) return;
  await desk.tables
    .updateTable("bureau_requests")
    .set({ attempts: row.attempts, next_at: row.next_at.toISOString() })
    .where("request_id", "=", row.request_id)
    .where("status", "in", ["pending", "taken"])
    .execute();
}

async function openCount(): Promise<number> {
  const open = await desk.tables
    .selectFrom("bureau_requests")
    .select("request_id")
    .where("status", "in", ["pending", "taken"])
    .execute();
  return open.length;
}

describe("the sender", () => {
  it("sends what comes while it runs, one sender of two, and ends when it is told to", async () => {
    const { channel, asked } = bureau(() => ACCEPTED);
    const stopping = new AbortController();
    const waiting = { now: () => nowMs, sleep: () => new Promise<void>((resolve) => setImmediate(resolve)) };
    const running = [1, 2].map(() =>
      new BureauSender({ database: desk.database, channel, clock: waiting, logger: silentLogger }).run(
        stopping.signal,
      ),
    );
    await report("q-1", "q-2");
    for (let turns = 0; (await openCount()) > 0 && turns < 5_000; turns++) await new Promise(setImmediate);
    stopping.abort();
    await Promise.all(running);
    expect([...asked]).toEqual([
      ["q-1", 1],
      ["q-2", 1],
    ]);
  });
});

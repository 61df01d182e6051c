/** The outbox of the journal: kept with the work, sent until ingest has it, once to whoever reads by eventId. */

import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { sql } from "kysely";
import { silentLogger } from "../../../platform/logger/logger.js";
import type { JournalIntake, PutResult } from "../../../services/alerts/journal-outbox/journal-intake.js";
import {
  enqueueJournalRecord,
  type JournalPath,
  recordIdOf,
} from "../../../services/alerts/journal-outbox/journal-outbox.js";
import { JournalSender } from "../../../services/alerts/journal-outbox/journal-sender.js";
import { seededRandom } from "../../oracle/scenario-random.js";
import { AlertsDesk, logClock } from "../alerts-desk.js";
import { at, PERSON } from "../outcome-records.js";

let desk: AlertsDesk;
beforeAll(async () => {
  desk = await AlertsDesk.open();
});
afterEach(async () => {
  await sql`truncate journal_outbox restart identity`.execute(desk.tables);
});
afterAll(() => desk.close());

function record(recordId: string, path: JournalPath = "/v1/feedback", fields: object = {}) {
  const body = { type: "feedback", eventId: recordId, occurredAt: at(0), personKey: PERSON, ...fields };
  return { recordId, path, body };
}

function enqueue(...records: readonly ReturnType<typeof record>[]): Promise<readonly boolean[]> {
  return desk.tables.transaction().execute(async (trx) => {
    const made: boolean[] = [];
    for (const one of records) made.push(await enqueueJournalRecord(trx, one));
    return made;
  });
}

/** Keeps what it gets; `answer` may throw, before or after it was kept. */
function intakeOf(answer: (eventId: string) => PutResult = () => ({ kind: "stored" })) {
  const got: string[][] = [];
  const intake: JournalIntake = {
    put: async (path, bodies) => {
      const ids = bodies.map((body) => (JSON.parse(body) as { eventId: string }).eventId);
      got.push([path, ...ids]);
      return ids.map(answer);
    },
  };
  return { intake, got };
}

function senderTo(intake: JournalIntake): JournalSender {
  return new JournalSender({ database: desk.database, intake, clock: logClock, logger: silentLogger });
}

async function rows() {
  const { rows: held } = await sql<{ text: string }>`
    select record_id || ' ' || status || ' ' || attempts || coalesce(' ' || refusal, '') as text
    from journal_outbox order by place`.execute(desk.tables);
  return held.map(({ text }) => text);
}

describe("what is enqueued", () => {
  it("is sent in its order, records for one address together", async () => {
    await enqueue(record("a"), record("b"), record("c", "/v1/holder-records"), record("d"));
    const { intake, got } = intakeOf();
    const sender = senderTo(intake);
    while ((await sender.sendPending()) > 0);
    expect(got).toEqual([
      ["/v1/feedback", "a", "b"],
      ["/v1/holder-records", "c"],
      ["/v1/feedback", "d"],
    ]);
    expect(await rows()).toEqual(["a stored 1", "b stored 1", "c stored 1", "d stored 1"]);
    expect(await sender.pendingCount()).toBe(0);
  });

  it("twice under one name is there once, as it was first", async () => {
    expect(await enqueue(record("a"))).toEqual([true]);
    expect(await enqueue(record("a", "/v1/feedback", { occurredAt: at(5) }))).toEqual([false]);
    const { rows: held } = await sql<{ body: string }>`select body from journal_outbox`.execute(desk.tables);
    expect(JSON.parse(held[0]!.body)).toMatchObject({ eventId: "a", occurredAt: at(0) });
  });

  it("in a transaction that is rolled back is never sent", async () => {
    const rolledBack = desk.tables.transaction().execute(async (trx) => {
      await enqueueJournalRecord(trx, record("a"));
      throw new Error("the work failed");
    });
    await expect(rolledBack).rejects.toThrow("the work failed");
    expect(await senderTo(intakeOf().intake).sendPending()).toBe(0);
  });

  it("under another eventId than its body has is refused as a mistake of the program", async () => {
    await expect(enqueue({ ...record("a"), recordId: "b" })).rejects.toThrow(
      "journal record b: its body has another eventId",
    );
  });

  it("has a name that follows from its words and from nothing else", () => {
    expect(recordIdOf("feedback", ["case-1", 3, "R01"])).toBe(recordIdOf("feedback", ["case-1", 3, "R01"]));
    expect(recordIdOf("feedback", ["case-1", 3, "R01"])).not.toBe(
      recordIdOf("feedback", ["case-1", 31, "R01"]),
    );
  });
});

describe("the sender", () => {
  it("keeps what ingest refuses with the reason, and goes on with the next", async () => {
    await enqueue(record("a"), record("b"));
    const { intake } = intakeOf((eventId) =>
      eventId === "a" ? { kind: "refused", code: "FIELD_INVALID", reason: "rule" } : { kind: "stored" },
    );
    await senderTo(intake).sendPending();
    expect(await rows()).toEqual(["a refused 1 FIELD_INVALID: rule", "b stored 1"]);
  });

  it("that fails wherever it may leaves nothing out: 40 runs with seeds 1-40", async () => {
    for (let seed = 1; seed <= 40; seed++) {
      const { next: random } = seededRandom(seed);
      const ids = Array.from({ length: 1 + Math.floor(random() * 5) }, (_, i) => `r-${seed}-${i}`);
      await enqueue(...ids.map((id) => record(id, random() < 0.5 ? "/v1/feedback" : "/v1/holder-records")));
      const inJournal = new Set<string>();
      const intake: JournalIntake = {
        put: async (_path, bodies) => {
          if (random() < 0.3) throw new Error("no connection");
          for (const body of bodies) inJournal.add((JSON.parse(body) as { eventId: string }).eventId);
          // The answer is lost, or the process dies before it marks anything.
          if (random() < 0.3) throw new Error("no answer");
          return bodies.map(() => ({ kind: "stored" }));
        },
      };
      // Each round is another process: nothing is remembered but the database.
      for (let rounds = 0; (await senderTo(intake).pendingCount()) > 0; rounds++) {
        if (rounds > 200) throw new Error(`seed ${seed}: never done`);
        await senderTo(intake)
          .sendPending()
          .catch(() => {});
      }
      // In the order in which they were enqueued, and each of them.
      expect([seed, [...inJournal]]).toEqual([seed, ids]);
    }
  });

  it("waits while ingest is away, and ends when it is told to", async () => {
    await enqueue(record("a"));
    const stopping = new AbortController();
    let asked = 0;
    const intake: JournalIntake = {
      put: async (_path, bodies) => {
        asked++;
        if (asked < 5) throw new Error("away");
        return bodies.map(() => ({ kind: "stored" }));
      },
    };
    const clock = {
      ...logClock,
      sleep: async () => {
        if (asked === 5) stopping.abort();
      },
    };
    await new JournalSender({ database: desk.database, intake, clock, logger: silentLogger }).run(
      stopping.signal,
    );
    expect(await rows()).toEqual(["a stored 5"]);
  });
});

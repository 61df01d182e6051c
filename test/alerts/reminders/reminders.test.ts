/** Reminders on the database: planned once, looked at again, sent once, whatever is restarted, rebuilt or merged. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { packageRoot } from "../../../cli/package-root.js";
import { silentLogger } from "../../../platform/logger/logger.js";
import { calendarFile } from "../../../schemas/bundle/calendar.js";
import { parseInstantMs } from "../../../schemas/instant.js";
import type { LoggedOutcome, TransitionOutcome } from "../../../schemas/outcomes.js";
import { compileCalendar } from "../../../schemas/working-calendar.js";
import { emptyAlerts, endAlertsRebuild } from "../../../services/alerts/empty-tables.js";
import type { HolderDeadline } from "../../../services/alerts/reminders/reminder-plan.js";
import { Reminders } from "../../../services/alerts/reminders/reminders.js";
import { emptyTables } from "../../support/empty-tables.js";
import { AlertsDesk, templates } from "../alerts-desk.js";
import { at, decision, entries, lossReport, OTHER_PERSON, PERSON } from "../outcome-records.js";

const calendar = compileCalendar(
  calendarFile.parse(JSON.parse(readFileSync(join(packageRoot, "rulesets", "calendar.json"), "utf8"))),
);

let desk: AlertsDesk;
let nowMs: number;
let deadlines: readonly HolderDeadline[];
let isCaughtUp: boolean;
beforeAll(async () => {
  desk = await AlertsDesk.open();
});
afterEach(async () => {
  await endAlertsRebuild(desk.database);
  await desk.empty();
  await emptyTables(desk.tables, ["reminders"]);
});
afterAll(() => desk.close());

/** Each call is another process: nothing is remembered but the database. */
function round(time: string) {
  nowMs = parseInstantMs(time);
  return reminders().round();
}

function reminders(): Reminders {
  return new Reminders({
    database: desk.database,
    calendar,
    templates,
    isCaughtUp: () => isCaughtUp,
    deadlines: async () => deadlines,
    clock: { now: () => nowMs, sleep: () => new Promise((resolve) => setImmediate(resolve)) },
    logger: silentLogger,
  });
}

beforeEachFacts();
function beforeEachFacts(): void {
  afterEach(reset);
  beforeAll(reset);
  function reset(): void {
    deadlines = [];
    isCaughtUp = true;
  }
}

let journalOffset = 0;
/** Behind what was consumed before. */
async function consume(...outcomes: readonly LoggedOutcome[]): Promise<void> {
  await desk.tables.deleteFrom("consumer_progress").execute();
  await desk.consumeEntries(entries(outcomes, journalOffset));
  journalOffset += outcomes.length;
}

const on = (day: string, clock = "00:00") => `2026-03-${day}T${clock}:00.000+08:00`;
/** Reported on Sunday 1 March, ends with the 10th, a Tuesday. */
const loss = (eventId = "c-1", fields: Partial<TransitionOutcome> = {}) => lossReport(eventId, fields);
const release = (eventId = "c-2", fields: Partial<TransitionOutcome> = {}) =>
  lossReport(eventId, {
    action: "release",
    to: "active",
    reportedAt: on("05"),
    effectiveAt: on("05"),
    expiresAtMin: null,
    expiresAtMax: null,
    ...fields,
  });

async function told(): Promise<readonly string[]> {
  const rows = await desk.tables
    .selectFrom("sms")
    .select(["template", "text"])
    .where("template", "not in", ["loss-reported-until", "loss-reported"])
    .orderBy("created_at")
    .orderBy("template")
    .execute();
  return rows.map(({ template }) => template);
}

async function rows(): Promise<readonly string[]> {
  const all = await desk.tables
    .selectFrom("reminders")
    .select(["kind", "status"])
    .orderBy("due_at")
    .orderBy("reminder_id")
    .execute();
  return all.map(({ kind, status }) => `${kind} ${status}`);
}

describe("a report that lapses", () => {
  it("is told the working day before, four hours before, and when it has lapsed: once each", async () => {
    await consume(loss());
    expect(await round(on("02"))).toEqual({ planned: 1, sent: 0, cancelled: 0, stale: 0 });
    const sent: string[] = [];
    for (let hour = 0; hour <= 50; hour++) {
      const time = new Date(parseInstantMs(on("08", "23:00")) + hour * 3_600_000).toISOString();
      for (let again = 0; again < 2; again++) if ((await round(time)).sent > 0) sent.push(time);
    }
    expect(sent).toEqual([
      "2026-03-09T01:00:00.000Z",
      "2026-03-10T12:00:00.000Z",
      "2026-03-10T16:00:00.000Z",
    ]);
    expect(await told()).toEqual(["loss-report-lapsing", "loss-report-lapsing", "loss-report-lapsed"]);
  });

  it("and is released is told nothing more", async () => {
    await consume(loss());
    await round(on("02"));
    await consume(release());
    expect(await round(on("05", "10:00"))).toMatchObject({ planned: 1, sent: 0 });
    expect(await rows()).toEqual(
      Array(3)
        .fill("x")
        .map((_, i) => `${LAPSING_KINDS[i]} cancelled`),
    );
    await round(on("12"));
    expect(await told()).toEqual([]);
  });

  it("whose release comes with the round itself is looked at again before it is told", async () => {
    await consume(loss());
    await round(on("02"));
    await consume(release());
    // As if the release had been planned by a round that died before it cancelled anything.
    await desk.tables.updateTable("card_reports").set({ is_planned: true }).execute();
    expect(await round(on("09", "09:00"))).toEqual({ planned: 0, sent: 0, cancelled: 1, stale: 0 });
    expect(await told()).toEqual([]);
  });

  it("that nobody was there to tell in time is not told afterwards; that it has lapsed still is", async () => {
    await consume(loss());
    expect(await round(on("12", "10:00"))).toEqual({ planned: 1, sent: 1, cancelled: 0, stale: 2 });
    expect(await told()).toEqual(["loss-report-lapsed"]);
    await desk.empty();
    await emptyTables(desk.tables, ["reminders"]);
    await consume(loss());
    expect(await round("2026-05-01T00:00:00.000+08:00")).toEqual({
      planned: 1,
      sent: 0,
      cancelled: 0,
      stale: 3,
    });
  });
});

const LAPSING_KINDS = ["loss-lapses-next-day", "loss-lapses-soon", "loss-lapsed"];

describe("whatever is restarted", () => {
  it("a rebuild plans the same reminders and tells none of them again", async () => {
    await consume(loss());
    await round(on("09", "10:00"));
    const before = await rows();
    expect(before).toEqual(["loss-lapses-next-day sent", "loss-lapses-soon planned", "loss-lapsed planned"]);
    await emptyAlerts(desk.database);
    // Half made: the report is there and its release is not.
    journalOffset = 0;
    await consume(loss());
    expect(await round(on("10", "21:00"))).toEqual({ planned: 0, sent: 0, cancelled: 0, stale: 0 });
    await endAlertsRebuild(desk.database);
    expect(await round(on("10", "21:00"))).toEqual({ planned: 1, sent: 1, cancelled: 0, stale: 0 });
    expect(await told()).toEqual(["loss-report-lapsing", "loss-report-lapsing"]);
  });

  it("nothing is told by half of the log", async () => {
    await consume(loss());
    isCaughtUp = false;
    expect(await round(on("09", "10:00"))).toEqual({ planned: 0, sent: 0, cancelled: 0, stale: 0 });
    expect(await rows()).toEqual([]);
  });

  it("two processes at once tell it once", async () => {
    await consume(loss());
    await round(on("02"));
    const rounds = await Promise.all([
      round(on("09", "10:00")),
      round(on("09", "10:00")),
      round(on("09", "10:00")),
    ]);
    expect(rounds.reduce((sum, { sent }) => sum + sent, 0)).toBe(1);
    expect(await told()).toEqual(["loss-report-lapsing"]);
  });

  it("runs while it is told to, one of two", async () => {
    await consume(loss());
    nowMs = parseInstantMs(on("09", "10:00"));
    const stopping = new AbortController();
    const running = [reminders().run(stopping.signal), reminders().run(stopping.signal)];
    for (let turns = 0; (await told()).length === 0 && turns < 2_000; turns++)
      await new Promise(setImmediate);
    stopping.abort();
    await Promise.all(running);
    expect(await told()).toEqual(["loss-report-lapsing"]);
  });
});

it("a person with two keys is reminded once, and a release under the new key ends what the former key reported", async () => {
  await consume(loss("c-1", { personKey: OTHER_PERSON }));
  await round(on("02"));
  await consume(
    {
      type: "person-merged",
      eventId: "l-1",
      personKey: PERSON,
      formerPersonKey: OTHER_PERSON,
      dropped: {},
      bundleHash: "ab".repeat(32),
    },
    release(),
  );
  await round(on("12"));
  expect(await rows()).toEqual(LAPSING_KINDS.map((kind) => `${kind} cancelled`));
  expect(await told()).toEqual([]);
});

it("a new card is named by the number that is used, and reminded of only until it is there", async () => {
  const lasting = { expiresAtMin: null, expiresAtMax: null };
  await consume(loss("c-1", { action: "confirm-loss", to: "formal", ...lasting }));
  await round(on("02"));
  expect(await round(on("08", "09:00"))).toMatchObject({ sent: 1 });
  const replaced = { reportedAt: on("16"), effectiveAt: on("16"), ...lasting };
  await consume(
    loss("c-2", { action: "replace", to: "replaced", ...replaced }),
    decision("s-1", { cardTail: "9876", occurredAt: on("16", "10:00") }),
  );
  expect(await round(on("16", "11:00"))).toEqual({ planned: 1, sent: 1, cancelled: 0, stale: 0 });
  expect(await told()).toEqual(["replacement-due", "old-card-void"]);
  const { text } = await desk.tables
    .selectFrom("sms")
    .select("text")
    .where("template", "=", "old-card-void")
    .executeTakeFirstOrThrow();
  expect(text).toContain("您的新医保卡尾号9876已启用");
  expect(await rows()).toContain("replacement-due cancelled");
});

describe("a deadline of an appeal", () => {
  const deadline = (fields: Partial<HolderDeadline> = {}): HolderDeadline => ({
    deadlineId: "a-1 supplement",
    personKey: PERSON,
    caseCode: "K7M2-Q9XW",
    dueAtMs: parseInstantMs(on("13")),
    ...fields,
  });

  it("is told twice, by the code of its case", async () => {
    deadlines = [deadline()];
    const sent: number[] = [];
    for (const day of ["08", "09", "10", "11", "12", "13"]) sent.push((await round(on(day, "10:00"))).sent);
    expect(sent).toEqual([0, 1, 0, 1, 0, 0]);
    expect(await told()).toEqual(["appeal-deadline", "appeal-deadline"]);
  });

  it("that was met is told no more", async () => {
    deadlines = [deadline()];
    await round(on("09", "10:00"));
    deadlines = [];
    expect(await round(on("11", "10:00"))).toEqual({ planned: 0, sent: 0, cancelled: 1, stale: 0 });
  });

  it("that has passed makes none", async () => {
    deadlines = [deadline()];
    await round(on("14"));
    expect(await rows()).toEqual([]);
  });
});

it("120 persons who reported at once are planned and told in a few rounds", async () => {
  const key = (i: number) => i.toString(16).padStart(32, "0");
  await consume(
    ...Array.from({ length: 120 }, (_, i) => loss(`c-${i}`, { personKey: key(i), reportedAt: at(0) })),
  );
  let sent = 0;
  for (let rounds = 0; rounds < 4; rounds++) sent += (await round(on("09", "10:00"))).sent;
  expect(sent).toBe(120);
});

import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { sql } from "kysely";
import type { LoggedOutcome } from "../../schemas/outcomes.js";
import { AlertsDesk, consumeToEnd, logOf } from "./alerts-desk.js";
import { CaseDesk } from "./cases/case-desk.js";
import {
  at,
  challenged,
  decision,
  entries,
  entryOf,
  lossReport,
  OTHER_PERSON,
  PERSON,
  reason,
  rejected,
  reviewed,
  revision,
} from "./outcome-records.js";

let desk: AlertsDesk;
beforeAll(async () => {
  desk = await AlertsDesk.open();
});
afterEach(() => desk.empty());
afterAll(() => desk.close());

interface Row {
  readonly title: string;
  readonly outcomes: readonly LoggedOutcome[];
  /** `<alert id without the person>: action severity rules state` */
  readonly alerts: readonly string[];
  /** `alerts/standing money strongest severity` of each case. */
  readonly cases: readonly string[];
  /** `template status` in the order of the journal. */
  readonly sms: readonly string[];
}

const settle = decision("s-1");
const shadow = reason("R12", { mode: "shadow", severity: "critical" });
const R01 = reason("R01");

const TABLE: readonly Row[] = [
  { title: "an approved swipe raises nothing", outcomes: [settle], alerts: [], cases: [], sms: [] },
  {
    title: "a rejected swipe of a lost card is an alert, a case and an SMS",
    outcomes: [rejected("s-1")],
    alerts: ["s-1-0: reject critical R01 standing"],
    cases: ["1/1 40000 reject critical"],
    sms: ["lost-card-rejected queued"],
  },
  {
    title: "a swipe rejected for another reason has a text of its own",
    outcomes: [rejected("s-1", { reasons: [reason("R07", { severity: "high" })] })],
    alerts: ["s-1-0: reject high R07 standing"],
    cases: ["1/1 40000 reject high"],
    sms: ["rejected queued"],
  },
  {
    title: "a challenge is told",
    outcomes: [challenged("s-1")],
    alerts: ["s-1-0: challenge high R09 standing"],
    cases: ["1/1 40000 challenge high"],
    sms: ["challenge queued"],
  },
  {
    title: "a challenge because a feed is behind is an alert and no SMS",
    outcomes: [
      challenged("s-1", {
        degraded: true,
        reasons: [reason("R00", { action: "challenge", severity: "medium", code: "FEED_STALE" })],
      }),
    ],
    alerts: ["s-1-0: challenge medium R00 standing"],
    cases: ["1/1 40000 challenge medium"],
    sms: [],
  },
  {
    title: "a mere review is an alert and no SMS",
    outcomes: [reviewed("s-1")],
    alerts: ["s-1-0: review medium R13 standing"],
    cases: ["1/1 40000 review medium"],
    sms: [],
  },
  {
    title: "reasons in shadow give an alert neither rule nor severity",
    outcomes: [reviewed("s-1", { reasons: [...reviewed("s-1").reasons, shadow] })],
    alerts: ["s-1-0: review medium R13 standing"],
    cases: ["1/1 40000 review medium"],
    sms: [],
  },
  {
    title: "a wrong PIN puts no money at risk and has its own text",
    outcomes: [rejected("p-1", { kind: "pin-check", reasons: [reason("R08", { severity: "high" })] })],
    alerts: ["p-1-0: reject high R08 standing"],
    cases: ["1/1 0 reject high"],
    sms: ["pin-failures queued"],
  },
  {
    title: "a query of a lost card is an alert that the holder is not told of",
    outcomes: [rejected("q-1", { kind: "query" })],
    alerts: ["q-1-0: reject critical R01 standing"],
    cases: ["1/1 0 reject critical"],
    sms: [],
  },
  {
    title: "an approved purchase with the initial PIN is a hint once a month, no alert",
    outcomes: [
      decision("s-1", { reasons: [reason("R10", { action: "approve", severity: "medium" })] }),
      decision("s-2", {
        reasons: [reason("R10", { action: "approve", severity: "medium" })],
        occurredAt: "2026-03-20T10:00:00.000+08:00",
        swipe: { receivedAt: "2026-03-20T10:00:01.000+08:00" },
      }),
    ],
    alerts: [],
    cases: [],
    sms: ["default-pin queued"],
  },
  {
    title: "an authorize and its settle are two alerts and the money of one",
    outcomes: [
      challenged("a-1", { kind: "authorize" }),
      rejected("s-1", { occurredAt: at(2), swipe: { originalEventId: "a-1" } }),
    ],
    alerts: ["a-1-0: challenge high R09 standing", "s-1-0: reject critical R01 standing"],
    cases: ["2/2 40000 reject critical"],
    sms: ["challenge queued", "lost-card-rejected queued"],
  },
  {
    title: "without a split the whole amount is at risk",
    outcomes: [rejected("s-1", { swipe: { cashFen: undefined } })],
    alerts: ["s-1-0: reject critical R01 standing"],
    cases: ["1/1 48000 reject critical"],
    sms: ["lost-card-rejected queued"],
  },
  {
    title: "a late hit on an approved settle raises an alert with the amounts of its decision",
    outcomes: [settle, revision(settle, 1)],
    alerts: ["s-1-1: reject critical R01 standing"],
    cases: ["1/1 40000 reject critical"],
    sms: ["late-hit queued"],
  },
  {
    title: "all late hits of one report are one SMS",
    outcomes: [settle, decision("s-2"), revision(settle, 1), revision(decision("s-2"), 1)],
    alerts: ["s-1-1: reject critical R01 standing", "s-2-1: reject critical R01 standing"],
    cases: ["2/2 80000 reject critical"],
    sms: ["late-hit queued"],
  },
  {
    title: "a revision replaces the alert of its decision, which stays to be seen",
    outcomes: [reviewed("s-1"), revision(reviewed("s-1"), 1)],
    alerts: ["s-1-0: review medium R13 replaced", "s-1-1: reject critical R01 standing"],
    cases: ["2/1 40000 reject critical"],
    sms: ["late-hit queued"],
  },
  {
    title: "a revision to approve withdraws the alert",
    outcomes: [rejected("s-1"), revision(rejected("s-1"), 1, { action: "approve", reasons: [] })],
    alerts: ["s-1-0: reject critical R01 withdrawn"],
    cases: ["1/0 0 approve low"],
    sms: ["lost-card-rejected queued"],
  },
  {
    title: "a withdrawn alert is raised again by a later revision",
    outcomes: [
      rejected("s-1"),
      revision(rejected("s-1"), 1, { action: "approve", reasons: [] }),
      revision(rejected("s-1"), 2, { causedBy: "c-2", reasons: [R01] }),
    ],
    alerts: ["s-1-0: reject critical R01 withdrawn", "s-1-2: reject critical R01 standing"],
    cases: ["2/1 40000 reject critical"],
    sms: ["lost-card-rejected queued"],
  },
  {
    title: "a revision of a decision that is not known is an alert without amounts",
    outcomes: [revision(settle, 1)],
    alerts: ["s-1-1: reject critical R01 standing"],
    cases: ["1/1 0 reject critical"],
    sms: [],
  },
  {
    title: "each person has a case of their own",
    outcomes: [rejected("s-1", { personKey: OTHER_PERSON }), rejected("s-2")],
    alerts: ["s-1-0: reject critical R01 standing", "s-2-0: reject critical R01 standing"],
    cases: ["1/1 40000 reject critical", "1/1 40000 reject critical"],
    sms: ["lost-card-rejected queued", "lost-card-rejected queued"],
  },
  {
    title: "an accepted report of loss is confirmed with its end",
    outcomes: [lossReport("c-1")],
    alerts: [],
    cases: [],
    sms: ["loss-reported-until queued"],
  },
  {
    title: "reports that take effect later, have no end, are refused or come late",
    outcomes: [
      lossReport("c-1", { to: "loss-pending", effectiveAt: at(1440), expiresAtMin: null }),
      lossReport("c-2", { to: "formal", expiresAtMin: null }),
      lossReport("c-3", { applied: false, code: "NOT_VERIFIED" }),
      lossReport("c-4", { code: "OUT_OF_ORDER" }),
      lossReport("c-5", { action: "release" }),
    ],
    alerts: [],
    cases: [],
    sms: ["loss-pending queued", "loss-reported queued"],
  },
  {
    title: "what is told a day late is kept and not sent",
    outcomes: [rejected("s-1", { swipe: { receivedAt: at(1441) } })],
    alerts: ["s-1-0: reject critical R01 standing"],
    cases: ["1/1 40000 reject critical"],
    sms: ["lost-card-rejected suppressed"],
  },
  {
    title: "activations raise nothing, taken or refused, nor does what a draft in shadow found",
    outcomes: [
      {
        type: "activated",
        sequence: 1,
        bundleHash: "b".repeat(64),
        shadowBundleHash: "c".repeat(64),
        engineVersion: "2",
      },
      { type: "refused", eventId: null, personKey: null, code: "ACTIVATION_CONFLICT", sequence: 1 },
      decision("s-1", {
        reasons: [reason("R01", { mode: "shadow", draft: true, severity: "critical" })],
        shadowBundleHash: "c".repeat(64),
      }),
    ],
    alerts: [],
    cases: [],
    sms: [],
  },
  {
    title: "repeats and refused records raise nothing",
    outcomes: [
      { type: "duplicate", eventId: "s-1", decisionId: null, action: null, responseCode: null },
      { type: "refused", eventId: "s-2", personKey: PERSON, code: "EVENT_ID_REUSED" },
    ],
    alerts: [],
    cases: [],
    sms: [],
  },
];

describe("what becomes of outcomes", () => {
  it.each(TABLE)("$title", async ({ outcomes, alerts, cases, sms }) => {
    await desk.consume(outcomes);
    const rows = await desk.rows();
    const byPlace = [...rows.sms].sort((a, b) => a.journal_offset! - b.journal_offset!);
    expect(
      rows.alerts
        .map((row) => `${row.alert_id.slice(13)}: ${row.action} ${row.severity} ${row.rules} ${row.state}`)
        .sort(),
    ).toEqual(alerts);
    expect(
      rows.cases.map(
        (row) =>
          `${row.alert_count}/${row.standing_count} ${row.money_at_risk_fen} ${row.strongest_action} ${row.highest_severity}`,
      ),
    ).toEqual(cases);
    expect(byPlace.map((row) => `${row.template} ${row.status}`)).toEqual(sms);
    expect(rows.progress.map((row) => row.next_offset)).toEqual([outcomes.length]);
  });

  it("one outcome a transaction gives the same rows as all in one", async () => {
    const outcomes = TABLE.flatMap(({ outcomes }, i) => outcomes.map((outcome) => renamed(outcome, i)));
    await desk.consume(outcomes);
    const together = await desk.rows();
    await desk.empty();
    const [sink, logged] = [desk.sink(), entries(outcomes)];
    for (let i = 1; i <= logged.length; i++) await desk.consumeEntries(logged.slice(0, i), sink);
    expect(await desk.rows()).toEqual(together);
  });

  it("the rows of an alert say what an analyst looks for", async () => {
    await desk.consume([rejected("s-1", { disputed: true, degraded: true })]);
    const { alerts, cases } = await desk.rows();
    expect(alerts).toEqual([
      {
        alert_id: `${PERSON.slice(0, 12)}-s-1-0`,
        case_id: `${PERSON}-1`,
        person_key: PERSON,
        decision_id: `${PERSON.slice(0, 12)}-s-1-0`,
        ordinal: 0,
        event_id: "s-1",
        finding_id: null,
        original_event_id: null,
        kind: "settle",
        credential: "card",
        care_region: "330106",
        institution_id: "P33010600001",
        total_fen: 48_000,
        account_fen: 40_000,
        at_risk_fen: 40_000,
        occurred_at: new Date(at(0)),
        card_tail: "1234",
        action: "reject",
        severity: "critical",
        rules: ["R01"],
        because: ["说明"],
        advice: null,
        disputed: true,
        degraded: true,
        caused_by: null,
        state: "standing",
        corrected_by: null,
      },
    ]);
    expect(cases[0]).toMatchObject({ status: "open", ordinal: 1, opened_at: new Date(at(0)) });
  });

  it("a person under a new key: alerts stay where they are, and the two keys are found by each other", async () => {
    const merged: LoggedOutcome = {
      type: "person-merged",
      eventId: "link-1",
      personKey: OTHER_PERSON,
      formerPersonKey: PERSON,
      dropped: {},
      bundleHash: "0".repeat(64),
    };
    await desk.consume([rejected("s-1"), merged, merged]);
    const { cases } = await desk.rows();
    expect(cases.map(({ person_key }) => person_key)).toEqual([PERSON]);
    expect(await desk.tables.selectFrom("person_links").selectAll().execute()).toEqual([
      { former_person_key: PERSON, person_key: OTHER_PERSON, event_id: "link-1" },
    ]);
  });

  it("a new alert after a closed case opens the next", async () => {
    await desk.consumeEntries(entries([rejected("s-1")]));
    await new CaseDesk(desk).close(`${PERSON}-1`);
    await desk.consumeEntries(entries([rejected("s-1"), rejected("s-2", { occurredAt: at(60) })]));
    const { cases } = await desk.rows();
    expect(cases.map(({ case_id, status }) => `${case_id} ${status}`)).toEqual([
      `${PERSON}-1 closed`,
      `${PERSON}-2 open`,
    ]);
  });
});

describe("once", () => {
  const late = decision("s-2", { personKey: OTHER_PERSON });
  const outcomes = [rejected("s-1"), late, revision(late, 1), lossReport("c-1"), challenged("s-3")];

  it("an outcome appended twice counts once", async () => {
    await desk.consume(outcomes);
    const once = await desk.rows();
    await desk.empty();
    const logged = entries(outcomes);
    await desk.consumeEntries([...logged.slice(0, 3), ...logged.slice(1)]);
    expect({ ...(await desk.rows()), progress: [] }).toEqual({ ...once, progress: [] });
  });

  it("a second consumer that starts from before changes nothing", async () => {
    const sink = desk.sink();
    await desk.consume(outcomes, sink);
    const once = await desk.rows();
    // As a consumer that read its place before the other one committed.
    const behind = Object.assign(desk.sink(), { progress: () => Promise.resolve(null) });
    await desk.consume(outcomes, behind);
    expect(await desk.rows()).toEqual(once);
  });

  it("built again from the log all rows are the same and no SMS is made again", async () => {
    await desk.consume(outcomes);
    await desk.tables.updateTable("sms").set({ status: "sent" }).execute();
    const before = await desk.rows();
    await desk.forgetAllButSms();
    await desk.consume(outcomes);
    expect(await desk.rows()).toEqual(before);
  });

  it("read again over the rows it made before, the log changes nothing", async () => {
    await desk.consume(outcomes);
    const before = await desk.rows();
    await sql`truncate consumer_progress`.execute(desk.tables);
    await desk.consume(outcomes);
    expect(await desk.rows()).toEqual(before);
  });

  it("a batch that fails leaves neither rows nor progress, and the next try makes them", async () => {
    await desk.consume(outcomes.slice(0, 1));
    const before = await desk.rows();
    // As if the disk were full.
    await sql`create function no_more() returns trigger language plpgsql as $$ begin
      if new.template <> 'lost-card-rejected' then raise exception 'full' using errcode = '53100'; end if;
      return new;
    end $$`.execute(desk.tables);
    await sql`create trigger no_more before insert on sms for each row execute function no_more()`.execute(
      desk.tables,
    );
    const log = logOf(entries(outcomes));
    let tries = 0;
    const mending = {
      now: () => 0,
      sleep: async () => {
        expect(await desk.rows()).toEqual(before);
        if (++tries === 2) await sql`drop function no_more() cascade`.execute(desk.tables);
      },
    };
    await consumeToEnd(log, desk.sink(), mending);
    await log.close();
    const { progress, sms } = await desk.rows();
    expect(tries).toBe(2);
    expect(progress[0]!.next_offset).toBe(outcomes.length);
    expect(sms).toHaveLength(4);
  });

  it("rows that the database refuses for good end the consumer at once", async () => {
    await sql`alter table sms add constraint no_more check (template = 'none')`.execute(desk.tables);
    await expect(desk.consume(outcomes)).rejects.toMatchObject({ sqlState: "23514", retryable: false });
    expect((await desk.rows()).progress).toEqual([]);
    await sql`alter table sms drop constraint no_more`.execute(desk.tables);
  });

  it("a record that is corrupt ends the consumer at once", async () => {
    const [entry] = entries(outcomes);
    const value = entry!.value.slice();
    value[20]! ^= 1;
    await expect(desk.consumeEntries([{ ...entry!, value }])).rejects.toThrow("CRC32C");
    expect((await desk.rows()).progress).toEqual([]);
  });

  it("ids with characters that PostgreSQL refuses stop nothing", async () => {
    const odd = rejected("odd\u0000\ud800 id", { swipe: { institutionId: "P\u0000" } });
    await desk.consumeEntries([entryOf(odd, { journalOffset: 0, sequence: 0 })]);
    await desk.consumeEntries([
      entryOf(odd, { journalOffset: 0, sequence: 0 }),
      entryOf(revision(odd, 1, { action: "approve", reasons: [] }), { journalOffset: 1, sequence: 0 }),
    ]);
    const { alerts } = await desk.rows();
    expect(alerts.map(({ event_id, state }) => [event_id, state])).toEqual([
      ["odd\\u0000\\ud800 id", "withdrawn"],
    ]);
  });
});

/** Events of one table row do not meet those of another. */
function renamed(outcome: LoggedOutcome, index: number): LoggedOutcome {
  return JSON.parse(
    JSON.stringify(outcome, (_, value: unknown) =>
      typeof value === "string" ? value.replace(/\b([spqac])-(\d)/, `$1${index}-$2`) : value,
    ),
  );
}

import { describe, expect, it } from "@jest/globals";
import type { SmsDraft } from "../../../services/alerts/sms/sms-draft.js";
import { guardedSms, type SmsBefore } from "../../../services/alerts/sms/sms-guard.js";
import { codeWords, momentWords } from "../../../services/alerts/sms/sms-text.js";
import { START_MS } from "../../support/records.js";
import { templates } from "../alerts-desk.js";
import { OTHER_PERSON, PERSON } from "../outcome-records.js";

const options = { templates, staleAfterMs: 86_400_000 };

function draft(minute: number, fields: Partial<SmsDraft> = {}): SmsDraft {
  return {
    smsId: `sms-${minute}`,
    personKey: PERSON,
    alertId: null,
    situation: "challenge",
    values: {
      card: "医保卡",
      ...momentWords(START_MS),
      amount: "1.00",
      place: "杭州市",
      ...codeWords("K7M2-Q9XW"),
    },
    severity: "high",
    newsKey: "pin card 1234",
    eventMs: START_MS + minute * 60_000,
    judgedMs: START_MS + minute * 60_000,
    lateMs: 0,
    position: { journalOffset: 100 + minute, sequence: 0 },
    ...fields,
  };
}

function decided(drafts: readonly SmsDraft[], before: readonly SmsBefore[] = []) {
  return guardedSms(drafts, before, options).map(({ sms_id, reason }) => `${sms_id} ${reason ?? "queued"}`);
}

function asBefore(sms: SmsDraft, isSuppressed = false): SmsBefore {
  return { ...sms, isSuppressed };
}

describe("the flood guard", () => {
  it("holds back the same news within ten minutes, and counts none that was held back itself", () => {
    expect(decided([draft(0), draft(6), draft(9), draft(10)])).toEqual([
      "sms-0 queued",
      "sms-6 repeated",
      "sms-9 repeated",
      "sms-10 queued",
    ]);
  });

  it("lets so many through in 24 hours, and again when the first is older", () => {
    const drafts = [0, 20, 40, 60, 80, 100, 24 * 60].map((minute) => draft(minute));
    expect(decided(drafts).map((row) => row.split(" ")[1])).toEqual([
      "queued",
      "queued",
      "queued",
      "queued",
      "queued",
      "too-many",
      "queued",
    ]);
  });

  it("takes each person, card and family of rules for itself", () => {
    const drafts = [
      draft(0),
      draft(1, { personKey: OTHER_PERSON }),
      draft(2, { newsKey: "drain card 1234" }),
      draft(3, { newsKey: "pin card 9999" }),
      draft(4, { newsKey: "pin card 1234" }),
    ];
    expect(decided(drafts)).toEqual([
      "sms-0 queued",
      "sms-1 queued",
      "sms-2 queued",
      "sms-3 queued",
      "sms-4 repeated",
    ]);
  });

  it("tells what was stopped harder than what was told: wrong PINs, then the purchase", () => {
    const of = (minute: number, situation: SmsDraft["situation"]) => draft(minute, { situation });
    expect(decided([of(0, "pin-failures"), of(4, "challenge"), of(5, "rejected")])).toEqual([
      "sms-0 queued",
      "sms-4 queued",
      "sms-5 queued",
    ]);
    expect(decided([of(0, "rejected"), of(4, "challenge"), of(5, "pin-failures")])).toEqual([
      "sms-0 queued",
      "sms-4 repeated",
      "sms-5 repeated",
    ]);
  });

  it("takes what is no swipe for news of its own", () => {
    const late = [0, 1].map((minute) => draft(minute, { situation: "late-hit", newsKey: null }));
    expect(decided(late)).toEqual(["sms-0 queued", "sms-1 queued"]);
  });

  it("lets lower news wait for the day by the time of judging, and by the event's where old times are played", () => {
    const night = draft(0, { severity: "medium", judgedMs: Date.parse("2026-03-01T23:30:00+08:00") });
    expect(guardedSms([night], [], options)[0]!.not_before).toBe("2026-03-02T08:00:00.000+08:00");
    expect(guardedSms([night], [], { templates, staleAfterMs: null })[0]!.not_before).toBeNull();
  });

  it("counts what the ledger holds from before in the journal, not from after", () => {
    const later = draft(5, { position: { journalOffset: 900, sequence: 0 }, smsId: "sms-later" });
    expect(decided([draft(0)], [asBefore(later)])).toEqual(["sms-0 queued"]);
    expect(decided([draft(6)], [asBefore(draft(0))])).toEqual(["sms-6 repeated"]);
    expect(decided([draft(6)], [asBefore(draft(0), true)])).toEqual(["sms-6 queued"]);
  });

  it("makes no row of what the ledger holds", () => {
    expect(decided([draft(0), draft(0)], [])).toEqual(["sms-0 queued"]);
    expect(decided([draft(0)], [asBefore(draft(0))])).toEqual([]);
  });

  it("keeps late news to itself, unless told not to", () => {
    const late = draft(0, { lateMs: 86_400_001 });
    expect(decided([late, draft(20, { lateMs: 86_400_000 }), draft(40, { lateMs: null })])).toEqual([
      "sms-0 stale",
      "sms-20 queued",
      "sms-40 queued",
    ]);
    expect(guardedSms([late], [], { templates, staleAfterMs: null })[0]!.status).toBe("queued");
  });
});

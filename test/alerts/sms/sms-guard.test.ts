import { describe, expect, it } from "@jest/globals";
import type { SmsDraft } from "../../../services/alerts/sms/sms-draft.js";
import { guardedSms, type SmsBefore } from "../../../services/alerts/sms/sms-guard.js";
import { START_MS } from "../../support/records.js";
import { templates } from "../alerts-desk.js";
import { OTHER_PERSON, PERSON } from "../outcome-records.js";

const options = { templates, staleAfterMs: 86_400_000 };

function draft(minute: number, fields: Partial<SmsDraft> = {}): SmsDraft {
  return {
    smsId: `sms-${minute}`,
    personKey: PERSON,
    situation: "challenge",
    values: { card: "医保卡", time: "3月1日10:00", amount: "1.00", place: "杭州市" },
    eventMs: START_MS + minute * 60_000,
    lateMs: 0,
    position: { journalOffset: 100 + minute, sequence: 0 },
    ...fields,
  };
}

function decided(drafts: readonly SmsDraft[], before: readonly SmsBefore[] = []) {
  return guardedSms(drafts, before, options).map(({ sms_id, reason }) => `${sms_id} ${reason ?? "pending"}`);
}

function asBefore(sms: SmsDraft, isSuppressed = false): SmsBefore {
  return { ...sms, isSuppressed };
}

describe("the flood guard", () => {
  it("holds back the same situation within its quiet minutes, and not those held back themselves", () => {
    expect(decided([draft(0), draft(6), draft(9), draft(10)])).toEqual([
      "sms-0 pending",
      "sms-6 repeated",
      "sms-9 repeated",
      "sms-10 pending",
    ]);
  });

  it("lets so many through on one day, and again on the next", () => {
    const drafts = [0, 20, 40, 60, 80, 100, 14 * 60].map((minute) => draft(minute));
    expect(decided(drafts).map((row) => row.split(" ")[1])).toEqual([
      "pending",
      "pending",
      "pending",
      "pending",
      "pending",
      "too-many",
      "pending",
    ]);
  });

  it("counts each person and each situation for itself", () => {
    const drafts = [
      draft(0),
      draft(1, { personKey: OTHER_PERSON }),
      draft(2, { situation: "rejected", smsId: "sms-r" }),
    ];
    expect(decided(drafts)).toEqual(["sms-0 pending", "sms-1 pending", "sms-r pending"]);
  });

  it("counts what the ledger holds from before in the journal, not from after", () => {
    const later = draft(5, { position: { journalOffset: 900, sequence: 0 }, smsId: "sms-later" });
    expect(decided([draft(0)], [asBefore(later)])).toEqual(["sms-0 pending"]);
    expect(decided([draft(6)], [asBefore(draft(0))])).toEqual(["sms-6 repeated"]);
    expect(decided([draft(6)], [asBefore(draft(0), true)])).toEqual(["sms-6 pending"]);
  });

  it("makes no row of what the ledger holds", () => {
    expect(decided([draft(0), draft(0)], [])).toEqual(["sms-0 pending"]);
    expect(decided([draft(0)], [asBefore(draft(0))])).toEqual([]);
  });

  it("keeps late news to itself, unless told not to", () => {
    const late = draft(0, { lateMs: 86_400_001 });
    expect(decided([late, draft(20, { lateMs: 86_400_000 }), draft(40, { lateMs: null })])).toEqual([
      "sms-0 stale",
      "sms-20 pending",
      "sms-40 pending",
    ]);
    expect(guardedSms([late], [], { templates, staleAfterMs: null })[0]!.status).toBe("pending");
  });
});

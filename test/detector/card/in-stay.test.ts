/** In-stay exemption and in-patient kinds of visit (rules.md section 1). */

import { describe, expect, test } from "@jest/globals";
import type { RecordFields } from "../raw-records.js";
import { metBy } from "./given.js";

const STAY = { at: "-9d", fact: "inpatient", institutionId: "hospital-1" };
const LOST = { at: "-5d", action: "report-loss", channel: "app" };
const BILL = {
  at: "+0m",
  institutionId: "hospital-1",
  institutionKind: "hospital",
  visitKind: "21",
} satisfies RecordFields;
const IN_PATIENT = ["21", "24", "26", "28", "52", "2101", "2102", "2103", "2104", "2105", "2106", "2107"];

describe("the bill of a stay that began before the block", () => {
  test.each(IN_PATIENT)("is reviewed as visit kind %s", (visitKind) => {
    expect(metBy([STAY, LOST], { ...BILL, visitKind })).toBe("review R01");
  });

  test.each(["11", "13", "22", "41", "2108", "210"])("is rejected as visit kind %s", (visitKind) => {
    expect(metBy([STAY, LOST], { ...BILL, visitKind })).toBe("reject R01");
  });

  test("is rejected without a visit kind", () => {
    expect(metBy([STAY, LOST], { ...BILL, visitKind: null })).toBe("reject R01");
  });

  test("is rejected before the stay began", () => {
    const stay = { ...STAY, from: "-5d-1h" };
    const lost = { ...LOST, at: "-5d" };
    expect(metBy([{ ...stay, from: "+1ms" }, lost], BILL)).toBe("reject R01");
    expect(metBy([stay, lost], BILL)).toBe("review R01");
  });

  test("is rejected where the stay names no institution", () => {
    expect(metBy([{ ...STAY, institutionId: null }, LOST], BILL)).toBe("reject R01");
  });

  test("only the latest stay counts", () => {
    const other = { at: "-8d", fact: "inpatient", institutionId: "hospital-2" };
    expect(metBy([STAY, other, LOST], BILL)).toBe("reject R01 R19");
  });

  test("began before the effect, not only before the report", () => {
    const lost = { at: "-5d", action: "report-loss", channel: "phone" };
    const stay = { ...STAY, at: "-4d-1h" };
    expect(metBy([lost, stay], BILL)).toBe("review R01");
  });

  test.each([
    ["a replaced card", { at: "-5d", action: "replace", newCardNumber: "card-2" }, "review R04"],
    ["a cancelled card", { at: "-5d", action: "cancel" }, "review R04"],
    ["a deceased person", { at: "-5d", action: "deceased" }, "review R07"],
    ["a suspended person", { at: "-5d", action: "suspend" }, "review R07"],
    ["a frozen account", { at: "-5d", action: "freeze" }, "review R07"],
    [
      "a pending report",
      { at: "-5d", action: "report-loss", channel: "app", effectiveAt: "+1d" },
      "challenge R02",
    ],
    ["a card not active", { at: "-5d", action: "issue" }, "reject R05"],
  ])("with %s: %s", (_name, block, then) => {
    expect(metBy([STAY, block], BILL)).toBe(then);
  });
});

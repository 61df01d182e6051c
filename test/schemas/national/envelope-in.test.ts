/** Requests of the national platform → raw records, and why some become none. */

import { describe, expect, test } from "@jest/globals";
import { opened } from "../../../schemas/national/envelope-in.js";
import { MessagesSeen } from "../../../schemas/national/messages-seen.js";
import { INFNOS, NOT_TAKEN } from "../../../schemas/national/transactions.js";
import { isUntaken } from "../../../schemas/national/untaken.js";
import {
  type Fields,
  HOSPITAL,
  mapped,
  nationalSamples,
  PERSON,
  purchase,
  request,
} from "../../support/national.js";

describe("samples", () => {
  test.each(nationalSamples.map((sample) => [`${sample.name}: ${sample.about}`, sample] as const))(
    "%s",
    (_, { envelope, register, record }) => expect(mapped(envelope, register)).toEqual(record),
  );

  test("there is one of every transaction that is taken", () => {
    const sampled = new Set(nationalSamples.map(({ envelope }) => envelope.infno));
    expect(INFNOS.filter((infno) => !sampled.has(infno))).toEqual([]);
  });

  test("are the same with their input as text", () => {
    for (const { envelope, register, record } of nationalSamples)
      expect(mapped({ ...envelope, input: JSON.stringify(envelope.input) }, register)).toEqual(record);
  });
});

/** `CODE path`, or "taken". */
function came(envelope: Record<string, unknown>): string {
  const result = mapped(envelope);
  return isUntaken(result) ? `${result.untaken} ${result.field}` : "taken";
}

describe("a request is refused by its path", () => {
  const stay = (fields: object) => request("2401", { mdtrtinfo: { psn_no: PERSON, ...fields } });
  const cases: [string, Record<string, unknown>, string][] = [
    ["with half a number for its transaction", request("2102", {}, { infno: 2102.5 }), "FIELD_INVALID infno"],
    ["with an unknown transaction", request("9999", {}), "TRANSACTION_UNKNOWN infno"],
    ["named like a property", request("constructor", {}), "TRANSACTION_UNKNOWN infno"],
    ["without a msgid", purchase("2101", {}, { msgid: "" }), "FIELD_INVALID msgid"],
    ["with a msgid of 31 characters", purchase("2101", {}, { msgid: "m".repeat(31) }), "FIELD_INVALID msgid"],
    [
      "with a time of another kind",
      purchase("2101", {}, { inf_time: "20260302091500" }),
      "FIELD_INVALID inf_time",
    ],
    [
      "on a day that is none",
      purchase("2101", {}, { inf_time: "2026-02-30 09:15:00" }),
      "FIELD_INVALID inf_time",
    ],
    [
      "with a place of 4 digits",
      purchase("2101", {}, { mdtrtarea_admvs: "3301" }),
      "FIELD_INVALID mdtrtarea_admvs",
    ],
    [
      "with the place spelled with a d",
      purchase("2101", {}, { mdtrtarea_admvs: undefined, mdtrtarea_admdvs: "330106" }),
      "FIELD_INVALID mdtrtarea_admvs",
    ],
    [
      "without the place of insurance",
      purchase("2101", {}, { insuplc_admdvs: "" }),
      "FIELD_INVALID insuplc_admdvs",
    ],
    [
      "without an institution",
      purchase("2101", {}, { fixmedins_code: null }),
      "FIELD_INVALID fixmedins_code",
    ],
    [
      "of an institution nobody knows",
      purchase("2101", {}, { fixmedins_code: "X1" }),
      "INSTITUTION_UNKNOWN fixmedins_code",
    ],
    ["without input", request("2101", undefined), "FIELD_INVALID input"],
    ["with input that is no JSON", request("2101", "{"), "FIELD_INVALID input"],
    ["with another node", request("2101", { data: {} }), "FIELD_INVALID input.druginfo"],
    ["without a person", purchase("2101", { psn_no: "" }), "FIELD_INVALID input.druginfo.psn_no"],
    [
      "without an amount",
      purchase("2101", { medfee_sumamt: null }),
      "FIELD_INVALID input.druginfo.medfee_sumamt",
    ],
    [
      "with thousandths",
      purchase("2101", { medfee_sumamt: "1.005" }),
      "FIELD_INVALID input.druginfo.medfee_sumamt",
    ],
    [
      "with a negative amount",
      purchase("2101", { medfee_sumamt: -1 }),
      "FIELD_INVALID input.druginfo.medfee_sumamt",
    ],
    [
      "with an unknown credential",
      purchase("2101", { mdtrt_cert_type: "08" }),
      "FIELD_INVALID input.druginfo.mdtrt_cert_type",
    ],
    [
      "with an item's amount as a word",
      request("2101", {
        ...(purchase("2101").input as object),
        drugdetail: [{}, { det_item_fee_sumamt: "ten" }],
      }),
      "FIELD_INVALID input.drugdetail.1.det_item_fee_sumamt",
    ],
    [
      "with another word of Kadun's",
      request("2101", { ...(purchase("2101").input as object), kadun: { pin: "forgotten" } }),
      "FIELD_INVALID input.kadun.pin",
    ],
    ["that the platform refused", purchase("2102", {}, { infcode: -1 }), "TRANSACTION_FAILED infcode"],
    [
      "that cancels what nobody saw",
      request("2103", { data: { psn_no: PERSON, setl_id: "S" } }),
      "ORIGINAL_MISSING input.data.omsgid",
    ],
    [
      "that reverses a cancel",
      request("2601", { data: { psn_no: PERSON, omsgid: "m", oinfno: "2103" } }),
      "FIELD_INVALID input.data.oinfno",
    ],
    ["that admits without a time", stay({}), "FIELD_INVALID input.mdtrtinfo.begntime"],
    ["that admits on a date", stay({ begntime: "2026-03-04" }), "FIELD_INVALID input.mdtrtinfo.begntime"],
    [
      "that files no city",
      request("2501", { refmedin: { psn_no: PERSON } }),
      "FIELD_INVALID input.refmedin.mdtrtarea_admdvs",
    ],
    ["that checks the PIN of nobody", request("1602", { idcard: "1" }), "FIELD_INVALID input.psn_no"],
  ];
  test.each(cases)("%s", (_, envelope, expected) => expect(came(envelope)).toBe(expected));

  test.each([
    [
      "a place in letters",
      purchase("2101", {}, { mdtrtarea_admvs: "33A100" }),
      "a division code of 6 digits",
    ],
    [
      "a reversal of a cancel",
      request("2601", { data: { psn_no: PERSON, omsgid: "m", oinfno: "2103" } }),
      "one of 2102, 2207, 2304, 2401",
    ],
  ])("%s is told in plain words what was expected", (_, envelope, expected) => {
    expect(mapped(envelope)).toMatchObject({ expected });
  });

  test.each(Object.keys(NOT_TAKEN))("%s becomes no record, and its refusal says why", (infno) => {
    expect(mapped(request(infno, {}))).toEqual({
      untaken: "TRANSACTION_NOT_TAKEN",
      field: "infno",
      expected: NOT_TAKEN[infno],
    });
  });
});

describe("a request is taken", () => {
  test.each([
    ["infver", { infver: 1.0 }],
    ["opter_type", { opter_type: 1 }],
    ["dev_safe_info", { dev_safe_info: "x".repeat(5000) }],
    ["opter_name", { opter_name: ["a"] }],
    ["sign_no", { sign_no: {} }],
    ["err_msg", { err_msg: 7 }],
    ["output", { output: "none" }],
    ["output.setlinfo", { output: { setlinfo: [] } }],
    ["output.setlinfo.balc", { output: { setlinfo: { balc: "x" } } }],
  ])("as if %s were not there, where it is unread or a reply's that cannot be read", (_, fields) => {
    expect(mapped(purchase("2102", {}, fields))).toEqual(mapped(purchase("2102")));
  });

  test("with numbers for codes", () => {
    const numbers = { mdtrtarea_admvs: 330106, insuplc_admdvs: 330100, opter: 42, infno: 2102 };
    expect(mapped(purchase("2102", { mdtrt_cert_type: 3, med_type: 41 }, numbers))).toEqual(
      mapped(purchase("2102", { mdtrt_cert_type: "03", med_type: "41" }, { opter: "42" })),
    );
  });

  test("with a number for the transaction that it reverses", () => {
    const reversal = (oinfno: unknown) =>
      mapped(request("2601", { data: { psn_no: PERSON, omsgid: "m", oinfno } }));
    expect(reversal(2102)).toEqual(reversal("2102"));
    expect(reversal(2102)).toMatchObject({ kind: "reverse", originalEventId: "m" });
  });

  test("with one line of its bill that stands without a list, and a number for its flag", () => {
    const input = purchase("2102").input as object;
    const line = { med_list_codg: "XB01", rx_circ_flag: 1 };
    expect(mapped(request("2102", { ...input, drugdetail: line }))).toMatchObject({
      externalPrescription: true,
      items: [{ code: "XB01" }],
    });
  });

  test("with fields that nobody knows, which are dropped", () => {
    const known = purchase("2101");
    const more = { ...purchase("2101", { some_new_field: { deep: 1 } }), another: [] };
    expect(mapped(more)).toEqual(mapped(known));
  });

  test("an authorize that the platform refused is still an attempt", () => {
    expect(came(purchase("2101", {}, { infcode: -1, err_msg: "余额不足" }))).toBe("taken");
  });

  test("the register's word on an institution wins over its letter", () => {
    const entry = { institutionId: "P1", name: "医院", kind: "hospital", region: "310101" } as const;
    expect(mapped(purchase("2101"), entry)).toMatchObject({
      institutionKind: "hospital",
      careRegion: "330106",
    });
    expect(mapped(purchase("2101", {}, { mdtrtarea_admvs: "" }), entry)).toMatchObject({
      careRegion: "310101",
    });
  });

  test("a refund's negative amounts say nothing about a payment", () => {
    const record = mapped(purchase("2102", {}, { output: { setlinfo: { acct_pay: -5, balc: "7.00" } } }));
    expect(record).toMatchObject({ balanceAfterFen: 700 });
    expect(record).not.toHaveProperty("accountFen");
    expect(record).not.toHaveProperty("balanceBeforeFen");
  });

  test("a pre-settlement's balance is not taken for one before it", () => {
    const record = mapped(purchase("2101", {}, { output: { setlinfo: { acct_pay: 5, balc: 7 } } }));
    expect(record).not.toHaveProperty("balanceBeforeFen");
  });

  test.each([
    ["身份证密码不正确", "wrong"],
    ["卡密码错误次数超限，已锁定", "locked"],
    ["中心连接超时", "unknown"],
    [undefined, "unknown"],
  ])("a PIN check that failed with %s was %s", (err_msg, pin) => {
    expect(mapped(request("1602", { psn_no: PERSON }, { infcode: "-1", err_msg }))).toMatchObject({ pin });
  });

  test("text that is an object's text is opened, anything else stays for the shape to refuse", () => {
    expect(opened({ input: '{"a":1}' }).input).toEqual({ a: 1 });
    expect(opened({ input: "no" }).input).toBe("no");
  });
});

describe("what was seen before", () => {
  test("a cancel finds the settlement that its setl_id names, where the reply was sent on", () => {
    const seen = new MessagesSeen();
    const settle = purchase("2102", {}, { output: { setlinfo: { setl_id: "S-1" } } });
    mapped(settle, undefined, seen);
    const cancel = request("2103", { data: { psn_no: PERSON, setl_id: "S-1" } }, { msgid: "c" });
    expect(mapped(cancel, undefined, seen)).toMatchObject({ kind: "cancel", originalEventId: settle.msgid });
  });

  test("a discharge takes its stay's beginning from the admission at the same institution", () => {
    const seen = new MessagesSeen();
    const at = { fixmedins_code: HOSPITAL };
    mapped(
      request("2401", { mdtrtinfo: { psn_no: PERSON, begntime: "2026-03-01 08:00:00" } }, at),
      undefined,
      seen,
    );
    const discharge = (fields: Fields) =>
      mapped(
        request("2402", { dscginfo: { psn_no: PERSON, endtime: "2026-03-02 09:00:00" } }, fields),
        undefined,
        seen,
      );
    expect(discharge(at)).toMatchObject({
      from: "2026-03-01T08:00:00+08:00",
      to: "2026-03-02T09:00:00+08:00",
    });
    expect(discharge({ fixmedins_code: "H2" })).not.toHaveProperty("from");
  });

  test("an undone admission empties the latest stay only, and none that nobody saw", () => {
    const seen = new MessagesSeen();
    const send = (infno: string, input: unknown, msgid: string, fixmedins_code = HOSPITAL) => {
      const result = mapped(request(infno, input, { msgid, fixmedins_code }), undefined, seen);
      return isUntaken(result) ? `${result.untaken} ${result.field}` : "taken";
    };
    const admission = { mdtrtinfo: { psn_no: PERSON, begntime: "2026-03-01 08:00:00" } };
    const undone = { data: { psn_no: PERSON } };
    const reversal = (omsgid: string) => ({ data: { psn_no: PERSON, omsgid, oinfno: "2401" } });
    expect(send("2404", undone, "u-0")).toBe("STAY_UNKNOWN input.data.begntime");
    send("2401", admission, "old");
    expect(send("2601", reversal("old"), "u-1")).toBe("taken");
    send("2401", admission, "new", "H2");
    expect(send("2601", reversal("old"), "u-2")).toBe("STAY_UNKNOWN input.data.omsgid");
    expect(send("2404", undone, "u-3")).toBe("STAY_UNKNOWN fixmedins_code");
    expect(send("2404", { data: { ...undone.data, begntime: "2026-03-01 08:00:00" } }, "u-4")).toBe(
      "STAY_UNKNOWN fixmedins_code",
    );
    expect(send("2404", undone, "u-5", "H2")).toBe("taken");
  });

  test("a withdrawal ends the filing whose serial number came with its reply, for its person only", () => {
    const seen = new MessagesSeen();
    const refmedin = { psn_no: PERSON, mdtrtarea_admdvs: "310101", begndate: "2026-03-01" };
    const filed = request("2501", { refmedin }, { output: { result: { trt_dcla_detl_sn: "F-1" } } });
    mapped(filed, undefined, seen);
    const withdraw = (data: Fields) =>
      mapped(
        request("2502", { data: { psn_no: PERSON, trt_dcla_detl_sn: "F-1", ...data } }),
        undefined,
        seen,
      );
    const ends = {
      fact: "filing",
      region: "310101",
      from: "2026-03-01T00:00:00+08:00",
      to: "2026-03-02T09:15:00+08:00",
    };
    expect(withdraw({})).toMatchObject(ends);
    for (const unknown of [{ psn_no: "another" }, { trt_dcla_detl_sn: "F-2" }, { trt_dcla_detl_sn: "" }])
      expect(withdraw(unknown)).toMatchObject({
        untaken: "TRANSACTION_NOT_TAKEN",
        field: "input.data.trt_dcla_detl_sn",
      });
    expect(withdraw({ begndate: "2026-04-01" })).toMatchObject({
      from: "2026-04-01T00:00:00+08:00",
      to: "2026-04-01T00:00:00+08:00",
    });
  });

  test("is bounded: the older half is forgotten first", () => {
    const seen = new MessagesSeen(2);
    for (const id of ["a", "b", "c", "d", "e"]) seen.settled(id, `m-${id}`);
    expect(["a", "b", "c", "d", "e"].map((id) => seen.settlement(id))).toEqual([
      undefined,
      undefined,
      "m-c",
      "m-d",
      "m-e",
    ]);
  });
});

/** Requests of the national platform → canonical records, and refusals by the paths of the envelope. */

import { describe, expect, test } from "@jest/globals";
import { acceptRecord, isRefusal } from "../../../services/ingest/accept.js";
import { DrugList } from "../../../services/ingest/drug-list.js";
import { NationalReader } from "../../../services/ingest/national/national-reader.js";
import { ALL_ZERO_KEY, Tokeniser } from "../../../services/ingest/tokens.js";
import { mapped, nationalSamples, PERSON, purchase, request } from "../../support/national.js";

const context = {
  tokens: new Tokeniser(ALL_ZERO_KEY),
  drugs: new DrugList({ codes: [], names: ["片仔癀"] }),
};
const bytes = (value: unknown) => Buffer.from(typeof value === "string" ? value : JSON.stringify(value));

function reader(
  register: readonly { institutionId: string; name: string; kind: "pharmacy" | "hospital" }[] = [],
) {
  const institutions = { find: (id: string) => register.find(({ institutionId }) => institutionId === id) };
  return new NationalReader({ ...context, institutions });
}

/** `CODE path`, or "taken". */
function came(message: unknown): string {
  const result = reader().read(bytes(message)).result;
  return isRefusal(result) ? `${result.code} ${result.field}`.trim() : "taken";
}

describe("a sample", () => {
  test.each(nationalSamples.map((sample) => [sample.name, sample] as const))(
    "%s becomes the same journal record as its raw record",
    (_, { envelope, register, record }) => {
      const accepted = reader(register === undefined ? [] : [register]).read(bytes(envelope)).result;
      expect(accepted).toEqual(acceptRecord(record, context));
      expect(isRefusal(accepted)).toBe(false);
    },
  );

  test("leaves nothing of names and numbers in the journal", () => {
    for (const { envelope, register } of nationalSamples) {
      const accepted = reader(register === undefined ? [] : [register]).read(bytes(envelope)).result;
      for (const secret of [
        PERSON,
        "A02117358",
        "330102199001011237",
        "收银员",
        "33000001ohhhdq0ubd3a8c0e00007a2f",
      ])
        expect(JSON.stringify(accepted)).not.toContain(secret);
    }
  });
});

describe("a message is refused by its path in the envelope", () => {
  const cases: [string, unknown, string][] = [
    ["that is no JSON", "{", "JSON_INVALID"],
    ["that is a list", [], "FIELD_INVALID infno"],
    ["of Kadun's own kind", { type: "swipe" }, "FIELD_INVALID infno"],
    [
      "with a password",
      request("1602", { psn_no: PERSON, inputPassword: "x" }),
      "FIELD_FORBIDDEN input.inputPassword",
    ],
    ["with a password in text", request("1602", '{"psn_no":"1","密码":"x"}'), "FIELD_FORBIDDEN input.密码"],
    ...["oldpwd", "new_pwd", "usrpwd", "psnPwd", "pswd", "paswd", "mima"].map(
      (name): [string, unknown, string] => [
        `with a field named ${name}`,
        purchase("2101", { [name]: "x" }),
        `FIELD_FORBIDDEN input.druginfo.${name}`,
      ],
    ),
    [
      "with a PIN outside Kadun's node",
      purchase("2101", { pin: "ok" }),
      "FIELD_FORBIDDEN input.druginfo.pin",
    ],
    [
      "with a PIN in Kadun's node",
      request("1602", { psn_no: PERSON, kadun: { pin: "ok", pinCode: "1" } }),
      "FIELD_FORBIDDEN input.kadun.pinCode",
    ],
    [
      "of a clock that never was set",
      purchase("2101", {}, { inf_time: "1970-01-01 08:00:00" }),
      "TIME_OUT_OF_RANGE inf_time",
    ],
    [
      "of a stay before there were any",
      request("2401", { mdtrtinfo: { psn_no: PERSON, begntime: "1899-12-31 00:00:00" } }),
      "TIME_OUT_OF_RANGE input.mdtrtinfo.begntime",
    ],
    ["with half a character in its msgid", purchase("2101", {}, { msgid: "a\ud800" }), "FIELD_INVALID msgid"],
    [
      "with half a character in its person",
      purchase("2101", { psn_no: "a\ud800" }),
      "FIELD_INVALID input.druginfo.psn_no",
    ],
  ];
  test.each(cases)("%s", (_, message, expected) => expect(came(message)).toBe(expected));

  test("and its reason has nothing that was sent but the msgid", () => {
    const result = reader().read(bytes(purchase("2101", { medfee_sumamt: "987654x" }))).result;
    expect(result).toMatchObject({ refused: true, eventId: purchase("2101").msgid });
    expect(JSON.stringify(result)).not.toContain("987654");
    expect(JSON.stringify(result)).not.toContain(PERSON);
  });
});

test("Kadun's own word for a PIN check's result is taken in its own node", () => {
  const message = request("1602", { psn_no: PERSON, kadun: { pin: "wrong" } });
  expect(came(message)).toBe("taken");
  expect(mapped(message)).toMatchObject({ kind: "pin-check", pin: "wrong" });
});

test("what a message names for its reply is read even where it is refused", () => {
  const read = reader().read(bytes(purchase("2102", { psn_no: "" })));
  expect(read).toMatchObject({ infno: "2102", msgid: purchase("2102").msgid, division: "330106" });
  expect(isRefusal(read.result)).toBe(true);
});

describe("the number of an ID card", () => {
  /** Of nobody: GB 11643's own example. */
  const NUMBER = "11010519491231002X";

  test("of an operator is kept as a token, the same each time", () => {
    const operators = [NUMBER, ` ${NUMBER} `, "0042"].map((opter) => {
      const record = reader().read(bytes(purchase("2102", {}, { opter }))).result;
      expect(JSON.stringify(record)).not.toContain(NUMBER);
      return "operatorId" in record ? record.operatorId : undefined;
    });
    expect(operators).toEqual([context.tokens.token(NUMBER), context.tokens.token(NUMBER), "0042"]);
  });

  test("as a msgid is refused, and told nowhere", () => {
    const read = reader().read(bytes(purchase("2102", {}, { msgid: NUMBER })));
    expect(read.result).toMatchObject({ code: "FIELD_INVALID", field: "msgid", eventId: null });
    expect(JSON.stringify(read)).not.toContain(NUMBER);
    const cancel = request("2103", { data: { psn_no: PERSON, omsgid: NUMBER } });
    expect(came(cancel)).toBe("FIELD_INVALID input.data.omsgid");
  });
});

/** Raw records refused with a named reason, and odd ones that are accepted. */

import { describe, expect, test } from "@jest/globals";
import {
  acceptBytes,
  acceptRecord,
  acceptText,
  isRefusal,
  LINE_BYTES_MAX,
} from "../../services/ingest/accept.js";
import type { CanonicalContext } from "../../services/ingest/canonicalise.js";
import { DrugList } from "../../services/ingest/drug-list.js";
import { ALL_ZERO_KEY, Tokeniser } from "../../services/ingest/tokens.js";
import { at, type RawFields, rawFact, rawStatus, rawSwipe, START_MS } from "../support/records.js";

const context: CanonicalContext = {
  tokens: new Tokeniser(ALL_ZERO_KEY),
  drugs: new DrugList({ codes: ["XB01"], names: ["片仔癀"] }),
};

/** `CODE field`, or "accepted". */
function came(record: unknown): string {
  const result = acceptRecord(record, context);
  return isRefusal(result) ? `${result.code} ${result.field}`.trim() : "accepted";
}

describe("a swipe is refused", () => {
  const cases: [string, RawFields, string][] = [
    ["with a word for an amount", { totalFen: "1000" }, "FIELD_INVALID totalFen"],
    ["with negative money", { totalFen: -1 }, "FIELD_INVALID totalFen"],
    ["with negative account money", { accountFen: -5 }, "FIELD_INVALID accountFen"],
    ["with half a fen", { totalFen: 0.5 }, "FIELD_INVALID totalFen"],
    ["with more money than there is", { totalFen: 2 ** 48 }, "FIELD_INVALID totalFen"],
    ["with an unsafe number", { fundFen: 1e300 }, "FIELD_INVALID fundFen"],
    ["without an amount", { totalFen: undefined }, "FIELD_INVALID totalFen"],
    ["with null for an amount", { totalFen: null }, "FIELD_INVALID totalFen"],
    ["with an empty eventId", { eventId: "" }, "FIELD_INVALID eventId"],
    ["with a number as eventId", { eventId: 7 }, "FIELD_INVALID eventId"],
    ["with an eventId of 65 characters", { eventId: "e".repeat(65) }, "FIELD_INVALID eventId"],
    ["with half a character in the eventId", { eventId: "a\ud800" }, "FIELD_INVALID eventId"],
    ["with half a character in the personId", { personId: "\udc00" }, "FIELD_INVALID personId"],
    ["with half a character in the cardNumber", { cardNumber: "\ud83d" }, "FIELD_INVALID cardNumber"],
    ["of an unknown kind", { kind: "pay" }, "FIELD_INVALID kind"],
    ["with an unknown credential", { credential: "Card" }, "FIELD_INVALID credential"],
    ["with a region of five digits", { careRegion: "33010" }, "FIELD_INVALID careRegion"],
    ["with a region in words", { careRegion: "杭州" }, "FIELD_INVALID careRegion"],
    ["with a number as region", { insuredRegion: 330100 }, "FIELD_INVALID insuredRegion"],
    ["without an offset of time", { occurredAt: "2026-03-01T10:00:00" }, "FIELD_INVALID occurredAt"],
    ["with a date only", { occurredAt: "2026-03-01" }, "FIELD_INVALID occurredAt"],
    ["with milliseconds as time", { occurredAt: 1_772_330_400_000 }, "FIELD_INVALID occurredAt"],
    ["on a day that does not exist", { occurredAt: "2026-02-29T10:00:00+08:00" }, "FIELD_INVALID occurredAt"],
    ["received on such a day", { receivedAt: "2026-04-31T10:00:00+08:00" }, "FIELD_INVALID receivedAt"],
    ["in 1970", { occurredAt: "1970-01-01T08:00:00+08:00" }, "TIME_OUT_OF_RANGE occurredAt"],
    ["in the last hour of 1999", { occurredAt: "1999-12-31T23:59:59.999Z" }, "TIME_OUT_OF_RANGE occurredAt"],
    ["in 2101", { occurredAt: "2101-01-01T00:00:00Z" }, "TIME_OUT_OF_RANGE occurredAt"],
    ["received in 1970", { receivedAt: "1970-01-01T08:00:00+08:00" }, "TIME_OUT_OF_RANGE receivedAt"],
    ["beyond the pole", { longitude: 120, latitude: 90.1 }, "FIELD_INVALID latitude"],
    ["with an item's negative amount", { items: [{ amountFen: -1 }] }, "FIELD_INVALID items.0.amountFen"],
    ["with items that are no list", { items: { code: "A" } }, "FIELD_INVALID items"],
    ["with 501 items", { items: Array(501).fill({}) }, "FIELD_INVALID items"],
    ["of a cancel of nothing", { kind: "cancel" }, "ORIGINAL_MISSING originalEventId"],
    ["of a reverse of null", { kind: "reverse", originalEventId: null }, "ORIGINAL_MISSING originalEventId"],
  ];

  test.each(cases)("%s", (_, fields, expected) => {
    expect(came(rawSwipe(fields))).toBe(expected);
  });

  test("without repeating the offending value, which may be personal", () => {
    const result = acceptRecord(rawSwipe({ credential: "330102199001011234" }), context);
    expect(JSON.stringify(result)).not.toContain("330102199001011234");
  });
});

describe("a swipe is accepted", () => {
  const cases: [string, RawFields][] = [
    ["with unknown regions", { insuredRegion: "999999", careRegion: "00" }],
    ["with an eventId of 64 characters", { eventId: "卡".repeat(64) }],
    ["with a whole character beyond 16 bits", { eventId: "💊", personId: "𠮷" }],
    ["with null where a field is not needed", { accountFen: null, items: null, pin: null, receivedAt: null }],
    ["with fields nobody knows", { somethingNew: { deep: [1, 2, 3] } }],
    ["with the largest amount", { totalFen: 2 ** 47 }],
    ["on a leap day", { occurredAt: "2028-02-29T10:00:00Z" }],
    [
      "at the ends of the range",
      { occurredAt: "2000-01-01T00:00:00Z", receivedAt: "2100-12-31T23:59:59.999Z" },
    ],
    ["with nine decimals of a second", { occurredAt: "2026-03-01T10:00:00.123456789+08:00" }],
    ["without seconds", { occurredAt: "2026-03-01T10:00+08:00" }],
    ["with an unknown kind of visit", { visitKind: "9999" }],
  ];

  test.each(cases)("%s", (_, fields) => {
    expect(came(rawSwipe(fields))).toBe("accepted");
  });

  test("and fields nobody knows are dropped", () => {
    const record = acceptRecord(
      rawSwipe({ somethingNew: 1, items: [{ code: "A", colour: "red" }] }),
      context,
    );
    expect(JSON.stringify(record)).not.toMatch(/somethingNew|colour/);
  });
});

describe("a field named like a PIN or password is refused", () => {
  const forbidden = [
    "pinCode",
    "PIN",
    "pinBlock",
    "cardPin",
    "card_pin",
    "userPINNumber",
    "PINCODE",
    "newPin",
    "newpin",
    "userpassword",
    "pin1",
    "password",
    "Password",
    "userPassword",
    "passwd",
    "pwd",
    "密码",
    "卡密码",
    "口令",
    "交易口令",
  ];

  test.each(forbidden)("%s, at the top, in items and below", (name) => {
    expect(came(rawSwipe({ [name]: "123456" }))).toBe(`FIELD_FORBIDDEN ${name}`);
    expect(came(rawSwipe({ items: [{}, { [name]: "1" }] }))).toBe(`FIELD_FORBIDDEN items.1.${name}`);
    expect(came(rawSwipe({ extra: { more: [{ [name]: 1 }] } }))).toBe(`FIELD_FORBIDDEN extra.more.0.${name}`);
    expect(came(rawStatus({ [name]: "123456" }))).toBe(`FIELD_FORBIDDEN ${name}`);
    expect(came(rawFact({ [name]: "123456" }))).toBe(`FIELD_FORBIDDEN ${name}`);
  });

  test("also in a record that is wrong otherwise", () => {
    expect(came(rawSwipe({ totalFen: "?", pinCode: "1" }))).toBe("FIELD_FORBIDDEN pinCode");
  });

  test("also where `pin` itself is not at the top", () => {
    expect(came(rawSwipe({ items: [{ pin: "123456" }] }))).toBe("FIELD_FORBIDDEN items.0.pin");
  });

  test("also where `pin` holds digits instead of the verifier's result", () => {
    expect(came(rawSwipe({ pin: "123456" }))).toBe("FIELD_INVALID pin");
  });

  test.each(["shipping", "opinion", "pinyin", "spinach", "typing", "compass", "opinIon", "bypass", "拼音"])(
    "but not %s",
    (name) => {
      expect(came(rawSwipe({ [name]: "x" }))).toBe("accepted");
    },
  );
});

describe("a line is refused", () => {
  const accepted = JSON.stringify(rawSwipe());
  const code = (line: Uint8Array | string) => {
    const result = typeof line === "string" ? acceptText(line, context) : acceptBytes(line, context);
    return isRefusal(result) ? result.code : "accepted";
  };

  test("cut anywhere", () => {
    for (let length = 1; length < accepted.length; length++)
      expect(code(accepted.slice(0, length))).toBe("JSON_INVALID");
    expect(code(accepted)).toBe("accepted");
  });

  test.each(["[]", "null", "7", '"swipe"', "true", "{", "NaN", "{}{}", "{'type':'swipe'}"])("%s", (line) => {
    expect(code(line)).toBe("JSON_INVALID");
  });

  test.each([
    "{}",
    '{"type":null}',
    '{"type":"Swipe"}',
    '{"type":["swipe"]}',
    '{"type":"toString"}',
    '{"type":"__proto__"}',
  ])("of no known type: %s", (line) => {
    expect(code(line)).toBe("TYPE_UNKNOWN");
  });

  test("that is not UTF-8", () => {
    expect(code(Buffer.from(accepted.replace("PERSON-1", "张三"), "utf16le"))).not.toBe("accepted");
    // 张 in GB 18030
    const gb = Buffer.concat([Buffer.from('{"type":"'), Buffer.from([0xd5, 0xc5]), Buffer.from('"}')]);
    expect(code(gb)).toBe("UTF8_INVALID");
  });

  test("longer than a record may be, and accepted when just as long", () => {
    const padded = (bytes: number) => Buffer.from(accepted.padEnd(bytes, " "));
    expect(code(padded(LINE_BYTES_MAX))).toBe("accepted");
    expect(code(padded(LINE_BYTES_MAX + 1))).toBe("LINE_TOO_LONG");
  });

  test("nested deeper than anything sensible, without a crash", () => {
    const depth = 100_000;
    const nested = accepted.replace("{", `{"x":${"[".repeat(depth)}${"]".repeat(depth)},`);
    expect(code(nested)).toBe("FIELD_INVALID");
  });

  test("whose keys are tricky, without an effect on others", () => {
    expect(code(accepted.replace("{", '{"__proto__":{"totalFen":1},"constructor":1,'))).toBe("accepted");
    expect(({} as Record<string, unknown>).totalFen).toBeUndefined();
  });
});

test("of a card number four ASCII characters are shown at most", () => {
  const tailOf = (cardNumber: string) => {
    const record = acceptRecord(rawSwipe({ cardNumber }), context);
    return "cardTail" in record ? record.cardTail : null;
  };
  expect(["330102199001011234", "12X", "社保卡", "A💊", "1 2 3"].map(tailOf)).toEqual([
    "1234",
    "12X",
    "***",
    "A**",
    "*2*3",
  ]);
});

test("feedback needs a person", () => {
  const feedback = {
    type: "feedback",
    eventId: "b",
    occurredAt: at(START_MS),
    rule: "R14",
    verdict: "honest",
  };
  expect(came(feedback)).toBe("PERSON_MISSING personKey");
  expect(came({ ...feedback, personId: "P" })).toBe("accepted");
  expect(came({ ...feedback, personKey: "ab".repeat(16) })).toBe("accepted");
  expect(came({ ...feedback, personKey: "AB".repeat(16) })).toBe("FIELD_INVALID personKey");
});

/** Raw records → requests of the national platform, and back. */

import { describe, expect, test } from "@jest/globals";
import { CREDENTIALS, INSTITUTION_KINDS, PIN_RESULTS } from "../../../schemas/fields.js";
import { envelopeOf, isUnsayable } from "../../../schemas/national/envelope-out.js";
import { REQUESTS } from "../../../schemas/national/requests.js";
import { isInfno } from "../../../schemas/national/transactions.js";
import { rawCardStatus, rawPersonFact, rawSwipe } from "../../../schemas/raw.js";
import { mapped, nationalSamples } from "../../support/national.js";
import fc from "../../support/properties.js";
import * as records from "../../support/records.js";

const WITH = { withExtension: true };
const WITHOUT = { withExtension: false };

/** Sent out and read in again, through JSON as on a wire. */
function back(record: Parameters<typeof envelopeOf>[0], options = WITH): unknown {
  const envelope = envelopeOf(record, options);
  if (isUnsayable(envelope)) return envelope;
  if (!isInfno(envelope.infno)) throw new Error(`no transaction: ${envelope.infno}`);
  expect(REQUESTS[envelope.infno].safeParse(envelope).error).toBeUndefined();
  return mapped(JSON.parse(JSON.stringify(envelope)));
}

const recordShape = { swipe: rawSwipe, "person-fact": rawPersonFact } as const;

describe("in, out and in again", () => {
  const samples = nationalSamples.filter(({ register }) => register === undefined);
  test.each(samples.map((sample) => [sample.name, sample] as const))(
    "%s gives the same record",
    (_, { record }) => {
      const raw = recordShape[record.type as keyof typeof recordShape].parse(record);
      const options = { withExtension: true, sender: { fixmedins_code: "H33010600345" } };
      const again = back(raw, options);
      expect(again).toEqual(instants(record));
    },
  );
});

/** The platform's times have no fractions of a second. */
function instants(record: Record<string, unknown>): Record<string, unknown> {
  return JSON.parse(JSON.stringify(record).replaceAll(".000+08:00", "+08:00")) as Record<string, unknown>;
}

const fen = fc.integer({ min: 0, max: 10_000_000_00 });
const word = fc.stringMatching(/^[A-Z0-9]{1,20}$/);
const msgid = fc.stringMatching(/^[HP]\d{11}2026\d{10}\d{4}$/);
const second = fc
  .integer({ min: Date.UTC(2026, 0, 1) / 1000, max: Date.UTC(2026, 11, 31) / 1000 })
  .map((s) => records.at(s * 1000).replace(".000", ""));
const region = fc.stringMatching(/^(33|31|11)\d{4}$/);
const optional = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });

const item = fc.record(
  {
    code: word,
    name: word,
    count: fc.integer({ min: 0, max: 100 }),
    amountFen: fen,
    days: fc.integer({ min: 0, max: 90 }),
    traceCodes: fc.array(word, { minLength: 1, maxLength: 3 }),
  },
  { requiredKeys: [] },
);

const money = fc.record({
  accountFen: optional(fen),
  fundFen: optional(fen),
  cashFen: optional(fen),
  sharedAccountFen: optional(fen),
  balanceAfterFen: optional(fen),
});

/** Every swipe that has a transaction and whose fields the platform's message and `input.kadun` can hold. */
const payment = fc
  .record({
    kind: fc.constantFrom("authorize", "settle"),
    eventId: msgid,
    occurredAt: second,
    personId: word,
    credential: fc.constantFrom(...CREDENTIALS),
    cardNumber: word,
    insuredRegion: region,
    careRegion: region,
    kindOf: fc.constantFrom(...INSTITUTION_KINDS),
    institutionName: optional(word),
    terminalId: optional(word),
    operatorId: optional(word),
    chainId: optional(word),
    visitKind: fc.constantFrom("11", "13", "21", "41", "52", "2106", "9929"),
    totalFen: fen,
    money,
    pin: optional(fc.constantFrom(...PIN_RESULTS)),
    flags: fc.record({
      pinIsDefault: optional(fc.boolean()),
      emergency: optional(fc.boolean()),
      agentPurchase: optional(fc.boolean()),
      externalPrescription: optional(fc.boolean()),
    }),
    originalEventId: optional(msgid),
    challenge: optional(msgid),
    items: optional(fc.array(item, { minLength: 1, maxLength: 4 })),
  })
  .map(({ kindOf, money, flags, challenge, cardNumber, ...rest }) => {
    const isCard = rest.credential === "card" || rest.credential === "temporary-card";
    const { accountFen, balanceAfterFen } = money;
    const balanceBeforeFen =
      rest.kind === "settle" && accountFen !== undefined && balanceAfterFen !== undefined
        ? { balanceBeforeFen: accountFen + balanceAfterFen }
        : {};
    return withoutUndefined({
      type: "swipe",
      ...rest,
      institutionKind: kindOf,
      institutionId: `${kindOf === "pharmacy" ? "P" : "H"}33010600012`,
      ...(isCard ? { cardNumber } : {}),
      ...money,
      ...balanceBeforeFen,
      ...flags,
      ...(challenge === undefined ? {} : { challengeOf: challenge, challengeResult: "passed" }),
    });
  });

function withoutUndefined(value: object): Record<string, unknown> {
  return JSON.parse(JSON.stringify(value)) as Record<string, unknown>;
}

describe("out and in again", () => {
  test("a payment comes back whole", () => {
    fc.assert(
      fc.property(payment, (raw) => {
        const first = back(rawSwipe.parse(raw));
        // An external prescription is written on each line too.
        const expected = rawSwipe.parse(raw);
        expect(first).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });

  test("without Kadun's own words only what the table of losses names is lost", () => {
    const lost = new Set([
      "credential",
      "cardNumber",
      "chainId",
      "pin",
      "pinIsDefault",
      "emergency",
      "agentPurchase",
      "externalPrescription",
      "challengeOf",
      "challengeResult",
    ]);
    fc.assert(
      fc.property(payment, (raw) => {
        const again = back(rawSwipe.parse(raw), WITHOUT) as Record<string, unknown>;
        const fields = new Set([...Object.keys(raw), ...Object.keys(again)]);
        for (const field of fields)
          if (!lost.has(field)) expect([field, again[field]]).toEqual([field, raw[field]]);
      }),
    );
  });

  test("a temporary card and an interim certificate need Kadun's own words", () => {
    const sent = (credential: string) =>
      back(rawSwipe.parse(records.rawSwipe({ credential })), WITHOUT) as { credential: string };
    expect(sent("temporary-card").credential).toBe("card");
    expect(sent("interim-certificate").credential).toBe("identity-document");
  });

  test("fractions of a second are cut and short codes of a division are filled", () => {
    const raw = rawSwipe.parse(
      records.rawSwipe({ occurredAt: "2026-03-01T10:00:00.250+08:00", careRegion: "3301" }),
    );
    expect(back(raw)).toMatchObject({ occurredAt: "2026-03-01T10:00:00+08:00", careRegion: "330100" });
  });
});

describe("no request of the platform says", () => {
  const unsayable = (record: Parameters<typeof envelopeOf>[0]) =>
    isUnsayable(envelopeOf(record, WITH) as never);
  test("the state of a card", () => {
    expect(unsayable(rawCardStatus.parse(records.rawStatus()))).toBe(true);
  });

  test("a question, a long eventId, a long code", () => {
    expect(unsayable(rawSwipe.parse(records.rawSwipe({ kind: "query" })))).toBe(true);
    expect(unsayable(rawSwipe.parse(records.rawSwipe({ eventId: "e".repeat(31) })))).toBe(true);
    expect(unsayable(rawSwipe.parse(records.rawSwipe({ institutionId: "P".repeat(31) })))).toBe(true);
  });

  test.each([
    { fact: "home-region" },
    { fact: "mutual-aid" },
    { fact: "limits", noNight: true },
    { fact: "filing", filingKind: "long-term" },
    { fact: "filing", filingKind: "temporary", region: null },
  ])("%p", (fields) => {
    const fact = rawPersonFact.parse(records.rawFact({ institutionId: "H1", ...fields }));
    expect(unsayable(fact)).toBe(true);
  });

  test("a fact of nobody's institution", () => {
    expect(unsayable(rawPersonFact.parse(records.rawFact({ fact: "inpatient" })))).toBe(true);
  });
});

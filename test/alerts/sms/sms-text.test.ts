import { describe, expect, it } from "@jest/globals";
import { CREDENTIALS } from "../../../schemas/fields.js";
import {
  SMS_LENGTH_MAX,
  SMS_SITUATIONS,
  type SmsSituation,
  smsTemplatesFile,
} from "../../../schemas/sms-templates.js";
import { PLACE_UNKNOWN, placeName } from "../../../services/alerts/place-name.js";
import {
  amountWords,
  beginWords,
  cardWords,
  cut,
  endWords,
  smsText,
  timeWords,
} from "../../../services/alerts/sms/sms-text.js";
import fc from "../../support/properties.js";
import { regions, templates } from "../alerts-desk.js";

const situations = Object.keys(SMS_SITUATIONS) as SmsSituation[];
const MS_MIN = Date.UTC(2000, 0, 1);
const MS_MAX = Date.UTC(2100, 0, 1);
const time = fc.integer({ min: MS_MIN, max: MS_MAX });

const values = fc.record({
  card: fc
    .tuple(fc.constantFrom(...CREDENTIALS), fc.option(fc.string({ maxLength: 4, unit: "binary" })))
    .map(([credential, tail]) => cardWords(credential, tail)),
  time: time.map(timeWords),
  amount: fc.integer({ min: 0, max: 2 ** 47 }).map(amountWords),
  place: fc.oneof(
    fc.constantFrom(...Object.keys(regions.regions)).map((code) => placeName(regions.regions, code)),
    fc.string({ unit: "grapheme", maxLength: 40 }),
  ),
  expires: time.map(endWords),
  effective: time.map(beginWords),
});

describe("a filled SMS", () => {
  it("is one piece of Chinese without a link, whatever fills it", () => {
    fc.assert(
      fc.property(fc.constantFrom(...situations), values, (situation, given) => {
        const text = smsText(templates, situation, given);
        expect(text.length).toBeLessThanOrEqual(SMS_LENGTH_MAX);
        expect(text).not.toMatch(/\p{Surrogate}/u);
        expect(text).not.toMatch(/[{}]|https?:/);
        expect(text).toMatch(/^【医保卡盾】您.*[\u4e00-\u9fff0-9]$/);
      }),
      { numRuns: 2_000 },
    );
  });

  it("names every city of the register in full, at a usual amount", () => {
    const cities = Object.keys(regions.regions).filter((code) => code.length === 4);
    const shortened = cities.filter((code) => {
      const place = placeName(regions.regions, code);
      const text = smsText(templates, "challenge", {
        card: "尾号1234的医保卡",
        time: "12月31日23:59",
        amount: "4800.00",
        place,
      });
      return !text.includes(place);
    });
    expect(cities.length).toBeGreaterThan(300);
    expect(shortened).toEqual([]);
  });

  it("keeps dollar signs of a value as they are", () => {
    expect(smsText(templates, "loss-reported", { card: "$&$1" })).toContain("$&$1");
  });

  it("without a value for a placeholder is an error that names both", () => {
    expect(() => smsText(templates, "challenge", { card: "医保卡", time: "1月1日00:00" })).toThrow(
      "SMS template 'challenge': no value for {amount}",
    );
  });
});

describe("words of values", () => {
  it.each([
    ["card", "1234", "尾号1234的医保卡"],
    ["card", null, "医保卡"],
    ["card", "王小明", "医保卡"],
    ["card", "12 4", "医保卡"],
    ["e-credential", "12AX", "尾号12AX的医保电子凭证"],
    ["identity-document", "123X", "身份证件"],
  ] as const)("%s %s is %s", (credential, tail, words) => {
    expect(cardWords(credential, tail)).toBe(words);
  });

  it.each([
    ["2026-03-11T00:00:00.000+08:00", "2026年3月10日24时"],
    ["2026-03-11T09:30:00.000+08:00", "2026年3月11日09:30"],
    ["2027-01-01T00:00:00.000+08:00", "2026年12月31日24时"],
  ])("what ends at %s ends %s", (instant, words) => {
    expect(endWords(Date.parse(instant))).toBe(words);
  });

  it.each([
    [0, "0.00"],
    [5, "0.05"],
    [48_000, "480.00"],
  ])("%d fen are %s", (fen, words) => {
    expect(amountWords(fen)).toBe(words);
  });

  it.each([
    ["330106", "杭州市"],
    ["110105", "北京市"],
    ["33", "浙江省"],
    ["429004", "仙桃市"],
    ["339900", "浙江省"],
    ["999999", PLACE_UNKNOWN],
  ])("the place of %s is %s", (code, name) => {
    expect(placeName(regions.regions, code)).toBe(name);
  });

  it.each([
    ["杭州市", 3, "杭州市"],
    ["杭州市", 2, "杭…"],
    ["𠮷野家", 2, "…"],
    ["𠮷野家", 3, "𠮷…"],
    ["杭州市", 0, ""],
  ])("%s in %d characters is %s", (text, units, kept) => {
    expect(cut(text, units)).toBe(kept);
  });
});

describe("the file of templates", () => {
  const withText = (text: string, situation: SmsSituation = "challenge") => {
    const file = structuredClone(templates);
    file.templates[situation].text = text;
    const { success, error } = smsTemplatesFile.safeParse(file);
    return success ? [] : error!.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  };

  it.each([
    ["您{card}{time}需核验", "has no {amount}: the holder must be told it; add it to the text"],
    ["您{card}{time}刷{amount}元{name}", "{name} is not known here; known: {card} {time} {amount} {place}"],
    ["您{card}{card}{time}刷{amount}元", "uses a placeholder twice: gateways refuse that"],
    ["您{card}{time}刷{amount}元}", "has a brace that opens or closes nothing"],
    ["您{card}{time}刷{amount}元 https://a.b", "contains 'https:', which gateways refuse: leave it out"],
    [
      `您{card}{time}刷{amount}元${"请".repeat(30)}`,
      "is up to 79 characters long when filled, at most 70: shorten it",
    ],
  ])("%s is refused", (text, message) => {
    expect(withText(text)).toEqual([`templates.challenge.text: ${message}`]);
  });

  it("lacking a situation is refused", () => {
    const { challenge: _, ...others } = templates.templates;
    expect(smsTemplatesFile.safeParse({ ...templates, templates: others }).success).toBe(false);
  });
});

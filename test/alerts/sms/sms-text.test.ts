import { describe, expect, it } from "@jest/globals";
import { PROVIDER_LIMITS, type ProviderLimits } from "../../../platform/sms-gateway/provider-limits.js";
import { CREDENTIALS } from "../../../schemas/fields.js";
import { providerTemplateOf, SMS_PROVIDERS } from "../../../schemas/sms-provider-template.js";
import {
  piecesOf,
  SMS_LENGTH_MAX,
  SMS_SITUATION_NAMES,
  SMS_VALUE_LENGTH_MAX,
  type SmsPlaceholder,
  type SmsSituation,
  smsTemplatesFile,
} from "../../../schemas/sms-templates.js";
import { PLACE_UNKNOWN, placeName, shortPlace } from "../../../services/alerts/place-name.js";
import {
  amountWords,
  cardWords,
  codeWords,
  endWords,
  momentWords,
  orderedValues,
  type SmsValues,
  smsText,
} from "../../../services/alerts/sms/sms-text.js";
import fc from "../../support/properties.js";
import { regions, templates } from "../alerts-desk.js";

const MS_MIN = Date.UTC(2000, 0, 1);
const MS_MAX = Date.UTC(2100, 0, 1);
const time = fc.integer({ min: MS_MIN, max: MS_MAX });

/** What the code makes of whatever it is given. */
const values: fc.Arbitrary<SmsValues> = fc
  .record({
    card: fc
      .tuple(fc.constantFrom(...CREDENTIALS), fc.option(fc.string({ maxLength: 4, unit: "binary" })))
      .map(([credential, tail]) => cardWords(credential, tail)),
    moment: fc.oneof(
      time.map((ms) => ({ ...endWords(ms), ...momentWords(ms) })),
      time.map(endWords),
    ),
    amount: fc.integer({ min: 0, max: 2 ** 47 }).map(amountWords),
    place: fc
      .oneof(
        fc.constantFrom(...Object.keys(regions.regions)).map((code) => placeName(regions.regions, code)),
        fc.string({ unit: "grapheme", maxLength: 40 }),
      )
      .map(shortPlace),
    code: fc.integer({ min: 0, max: 999_999 }).map((number) => String(number).padStart(6, "0")),
  })
  .map(({ moment, ...others }) => ({ ...others, ...moment, ...codeWords("K7M2-Q9XW") }));

const filled = (situation: SmsSituation, given: SmsValues) =>
  smsText(templates, situation, orderedValues(templates, situation, given));

describe("a filled SMS", () => {
  it("is one piece of Chinese without a link, whatever fills it", () => {
    fc.assert(
      fc.property(fc.constantFrom(...SMS_SITUATION_NAMES), values, (situation, given) => {
        const text = filled(situation, given);
        expect(text.length).toBeLessThanOrEqual(SMS_LENGTH_MAX);
        expect(text).not.toMatch(/[{}]|https?:/);
        expect(text.slice(1).replace("】", "")).not.toMatch(PROVIDER_LIMITS.aliyun.forbiddenCharacters);
        expect(text).toMatch(/^【医保卡盾】[您验].*[\u4e00-\u9fff0-9A-Z]$/);
      }),
      { numRuns: 2_000 },
    );
  });

  it("keeps dollar signs of a value as they are", () => {
    expect(filled("loss-reported", { card: "$&$1" })).toContain("$&$1");
  });

  it("without a value for a placeholder is an error that names both", () => {
    expect(() => filled("loss-pending", { card: "医保卡", month: "1", day: "1" })).toThrow(
      "SMS of 'loss-pending': no value for {clock}",
    );
  });

  it.each(["", "1234567"])("with the value '%s', which no operator takes, is an error", (card) => {
    expect(() => filled("loss-reported", { card })).toThrow(
      `SMS of 'loss-reported': the value of {card} has ${card.length} characters, expected 1 to 6`,
    );
  });
});

const PLACE = { aliyun: /\$\{[a-zA-Z]+\}/g, tencent: /\{\d+\}/g } as const;

const everyTemplate = SMS_PROVIDERS.flatMap((provider) =>
  SMS_SITUATION_NAMES.map((situation) => ({ provider, situation })),
);

describe("a template as an operator registers it", () => {
  it.each(everyTemplate)("$provider takes $situation with the longest values", ({ provider, situation }) => {
    const limits: ProviderLimits = PROVIDER_LIMITS[provider];
    const { signature, text, names } = providerTemplateOf(templates, provider, situation);
    const places = text.match(PLACE[provider]) ?? [];
    expect(places).toHaveLength(names.length);
    expect(new Set(places).size).toBe(places.length);
    if (provider === "tencent") expect(places).toEqual(names.map((_, i) => `{${i + 1}}`));
    const longest = names.map((name) => "宽".repeat(SMS_VALUE_LENGTH_MAX[name as SmsPlaceholder]));
    for (const value of longest) expect(value.length).toBeLessThanOrEqual(limits.valueLengthMax);
    // None beside another, and something around them.
    for (const between of text.split(PLACE[provider]).slice(1, -1)) expect(between).not.toBe("");
    const fixed = text.replace(PLACE[provider], "");
    expect(fixed).toMatch(/\p{Script=Han}/u);
    expect(fixed).not.toMatch(limits.forbiddenCharacters);
    expect(fixed).not.toMatch(limits.forbiddenInValues);
    for (const word of limits.forbiddenWords) expect(fixed).not.toContain(word);
    const numbers = fixed.match(/\d{5,}/g) ?? [];
    expect(numbers.length).toBeLessThanOrEqual(limits.phoneNumbersMax);
    expect(numbers.filter((number) => number !== "12393")).toEqual([]);
    const whole = longest.reduce(
      (filling, value, i) => filling.replace(places[i]!, () => value),
      `【${signature}】${text}`,
    );
    const { piecesMax, perDayMax } = templates.templates[situation];
    expect(whole.length).toBeLessThanOrEqual(
      piecesMax === 1 ? limits.onePieceLengthMax : piecesMax * limits.pieceLengthMax,
    );
    expect(perDayMax).toBeLessThanOrEqual(limits.noticesPerDayMax ?? perDayMax);
    if (situation === "login-code")
      expect(perDayMax).toBeLessThanOrEqual(limits.codes?.perDayMax ?? perDayMax);
    expect(signature.length).toBeGreaterThanOrEqual(limits.signatureLengthMin);
    expect(signature.length).toBeLessThanOrEqual(limits.signatureLengthMax);
  });

  it("names the same places in the same order for both", () => {
    for (const situation of SMS_SITUATION_NAMES)
      expect(providerTemplateOf(templates, "aliyun", situation).names).toEqual(
        providerTemplateOf(templates, "tencent", situation).names,
      );
    expect(providerTemplateOf(templates, "aliyun", "login-code").text).toMatch(/^验证码\$\{code\}，/);
    expect(providerTemplateOf(templates, "tencent", "login-code").text).toMatch(/^验证码\{1\}，/);
  });

  it.each([
    [70, 1],
    [71, 2],
    [134, 2],
    [135, 3],
  ])("of %d characters is %d pieces", (length, pieces) => {
    expect(piecesOf("宽".repeat(length))).toBe(pieces);
  });
});

describe("words of values", () => {
  it.each([
    ["card", "1234", "尾号1234"],
    ["card", null, "医保卡"],
    ["card", "王小明", "医保卡"],
    ["card", "12 4", "医保卡"],
    ["temporary-card", "1234", "尾号1234"],
    ["e-credential", "12AX", "医保电子凭证"],
    ["identity-document", "123X", "身份证件"],
  ] as const)("%s %s is %s", (credential, tail, words) => {
    expect(cardWords(credential, tail)).toBe(words);
  });

  it.each([
    ["2026-03-11T00:00:00.000+08:00", "2026-3-10 24:00"],
    ["2026-03-11T09:30:00.000+08:00", "2026-3-11 09:30"],
    ["2027-01-01T00:00:00.000+08:00", "2026-12-31 24:00"],
  ])("what ends at %s ends %s", (instant, words) => {
    const { year, month, day, clock } = endWords(Date.parse(instant));
    expect(`${year}-${month}-${day} ${clock}`).toBe(words);
  });

  it.each([
    [0, "0.00"],
    [5, "0.05"],
    [48_000, "480.00"],
    [99_999, "999.99"],
    [100_000, "1000"],
    [480_099, "4800"],
    [99_999_999, "999999"],
    [100_000_000, "100万"],
    [2 ** 47, "99999万"],
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
    ["5223", "黔西南州"],
    ["2224", "延边州"],
    ["6530", "克孜勒苏州"],
    ["6328", "海西州"],
    ["45", "广西"],
    ["81", "香港"],
    ["469029", "保亭县"],
    ["4190", "河南省"],
  ])("the place of %s is %s", (code, name) => {
    expect(shortPlace(placeName(regions.regions, code))).toBe(name);
  });

  it("names every city of the register without cutting it", () => {
    const names = Object.keys(regions.regions).map((code) => placeName(regions.regions, code));
    const cut = [...new Set(names)].filter((name) => {
      const short = shortPlace(name);
      return short.length > 6 || (name.length > 6 && !/[州县]$|^(广西|宁夏|新疆|香港|澳门)$/.test(short));
    });
    expect(names.length).toBeGreaterThan(300);
    expect(cut).toEqual([]);
  });

  it.each([
    ["", PLACE_UNKNOWN],
    ["一二三四五六七", "一二三四五六"],
    ["一二三四五𠮷七", "一二三四五"],
  ])("a place '%s' of no register is %s", (name, short) => {
    expect(shortPlace(name)).toBe(short);
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
    ["您{name}的卡{card}", "{name} is not known here; known: {card}"],
    ["您的卡", "has no {card}: the holder must be told it; add it to the text"],
    ["您{card}和{card}", "uses a placeholder twice: gateways refuse that"],
    ["您{card}元}", "has a brace that opens or closes nothing"],
    ["{card}", "has placeholders only: gateways refuse that; add words"],
    ["您{card} https://a.b", "contains 'https:', which gateways refuse: leave it out"],
    ["您{card}贷款", "contains '贷款', which gateways refuse: leave it out"],
    ["您{card}请拨13812341234", "contains a person's number, 13812341234: leave it out"],
    ["您{card}请拨12393、12333或400-1234567", "names 3 numbers, at most 2"],
    [`您{card}${"请".repeat(60)}`, "is up to 73 characters long when filled, at most 70: shorten it"],
  ])("%s is refused", (text, message) => {
    expect(withText(text, "loss-reported")).toEqual([`templates.loss-reported.text: ${message}`]);
  });

  it("with two places side by side is refused", () => {
    expect(withText("您{codeA}{codeB}的申诉已有决定", "appeal-decided")).toEqual([
      "templates.appeal-decided.text: has two placeholders side by side: gateways refuse that; put a word between them",
    ]);
  });

  it("takes a longer text where two pieces are paid for", () => {
    const file = structuredClone(templates);
    file.templates["loss-reported"] = { text: `您{card}${"请".repeat(60)}`, piecesMax: 2, perDayMax: 1 };
    expect(smsTemplatesFile.safeParse(file).success).toBe(true);
  });

  it("lacking a situation is refused", () => {
    const { challenge: _, ...others } = templates.templates;
    expect(smsTemplatesFile.safeParse({ ...templates, templates: others }).success).toBe(false);
  });
});

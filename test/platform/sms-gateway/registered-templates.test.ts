import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { PROVIDER_LIMITS, type ProviderLimits } from "../../../platform/sms-gateway/provider-limits.js";
import { providerTemplateOf, SMS_PROVIDERS } from "../../../schemas/sms-provider-template.js";
import {
  SMS_SITUATION_NAMES,
  SMS_VALUE_LENGTH_MAX,
  type SmsPlaceholder,
  smsTemplatesFile,
} from "../../../schemas/sms-templates.js";

const file = smsTemplatesFile.parse(JSON.parse(readFileSync("rulesets/sms-templates.json", "utf8")));
const ROWS = SMS_PROVIDERS.flatMap((provider) =>
  SMS_SITUATION_NAMES.map((name) => [provider, name] as const),
);
const PLACE = /\$\{\w+\}|\{\d+\}/g;

/** Independent of schemas/sms-templates.ts: what the operator sees, held against the operator's own limits. */
describe("templates as operators get them, filled with the longest values", () => {
  it.each(ROWS)("%s takes %s", (provider, situation) => {
    const limits: ProviderLimits = PROVIDER_LIMITS[provider];
    const { signature, text, names } = providerTemplateOf(file, provider, situation);
    const widths = names.map((name) => SMS_VALUE_LENGTH_MAX[name as SmsPlaceholder]);
    const fixed = text.replace(PLACE, "");
    const length = `【${signature}】`.length + fixed.length + widths.reduce((sum, width) => sum + width, 0);

    expect(length).toBeLessThanOrEqual(
      file.templates[situation].piecesMax === 1 ? limits.onePieceLengthMax : limits.textLengthMax,
    );
    for (const width of widths) expect(width).toBeLessThanOrEqual(limits.valueLengthMax);
    expect(text.match(PLACE) ?? []).toHaveLength(names.length);
    expect(new Set(names).size).toBe(names.length);
    expect(text).not.toMatch(/\}\$?\{/);
    expect(fixed).toMatch(/\p{Script=Han}/u);
    expect(fixed).not.toMatch(limits.forbiddenCharacters);
    expect(fixed).not.toMatch(limits.forbiddenInValues);
    for (const word of limits.forbiddenWords) expect(fixed).not.toContain(word);
    expect((fixed.match(/\d{5,}/g) ?? []).length).toBeLessThanOrEqual(limits.phoneNumbersMax);
    expect(signature.length).toBeGreaterThanOrEqual(limits.signatureLengthMin);
    expect(signature.length).toBeLessThanOrEqual(limits.signatureLengthMax);
  });
});

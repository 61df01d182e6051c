/** Texts of SMS: values in words that fit every operator's variables, templates filled. Pure. */

import type { SmsValue } from "../../../platform/sms-gateway/sms-gateway.js";
import type { Credential } from "../../../schemas/fields.js";
import { formatInstant } from "../../../schemas/instant.js";
import {
  placeholdersOf,
  SMS_VALUE_LENGTH_MAX,
  type SmsPlaceholder,
  type SmsSituation,
  type SmsTemplatesFile,
} from "../../../schemas/sms-templates.js";

export type SmsValues = Readonly<Partial<Record<SmsPlaceholder, string>>>;

const CREDENTIAL_NAMES: Readonly<Record<Credential, string>> = {
  card: "医保卡",
  "temporary-card": "临时医保卡",
  "e-credential": "医保电子凭证",
  "identity-document": "身份证件",
  "interim-certificate": "领卡证明",
};

/** Known by their number's end. That of an identity document is part of an ID number and is never sent. */
const TAILED: readonly Credential[] = ["card", "temporary-card"];

/** 尾号1234; where there is none, what it is. */
export function cardWords(credential: Credential, cardTail: string | null): string {
  const tail = cardTail !== null && /^[0-9A-Za-z]{4}$/.test(cardTail) ? cardTail : null;
  return tail === null || !TAILED.includes(credential) ? CREDENTIAL_NAMES[credential] : `尾号${tail}`;
}

/** A moment in Shanghai: month 3, day 1, clock 10:09. */
export function momentWords(ms: number): Required<Pick<SmsValues, "month" | "day" | "clock">> {
  const { month, day, clock } = partsOf(ms);
  return { month, day, clock };
}

/** A moment at which something ends; midnight belongs to the day before, as 24:00. */
export function endWords(ms: number): Required<Pick<SmsValues, "year" | "month" | "day" | "clock">> {
  const parts = partsOf(ms);
  return parts.clock === "00:00" ? { ...partsOf(ms - 1), clock: "24:00" } : parts;
}

const WHOLE_YUAN_FROM_FEN = 100_000;
const TEN_THOUSANDS_FROM_FEN = 100_000_000;
const FEN_PER_TEN_THOUSAND = 1_000_000;
const TEN_THOUSANDS_MAX = 99_999;

/**
 * Six signs: 480.00; from 1,000 yuan whole yuan (4800), from a million in ten thousands (140万), at most 99999万: a sum
 * beyond is none of a swipe. Rounded down.
 */
export function amountWords(fen: number): string {
  if (fen < WHOLE_YUAN_FROM_FEN) return `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, "0")}`;
  if (fen < TEN_THOUSANDS_FROM_FEN) return String(Math.floor(fen / 100));
  return `${Math.min(TEN_THOUSANDS_MAX, Math.floor(fen / FEN_PER_TEN_THOUSAND))}万`;
}

/** @param code K7M2-Q9XW. */
export function codeWords(code: string): Required<Pick<SmsValues, "codeA" | "codeB">> {
  const [codeA = "", codeB = ""] = code.split("-");
  return { codeA, codeB };
}

/** @throws Error where a value is missing or does not fit an operator's variable: a mistake of the program. */
export function orderedValues(
  templates: SmsTemplatesFile,
  situation: SmsSituation,
  values: SmsValues,
): readonly SmsValue[] {
  const widths: Readonly<Record<string, number>> = SMS_VALUE_LENGTH_MAX;
  const given: Readonly<Record<string, string | undefined>> = values;
  return placeholdersOf(templates.templates[situation].text).map((name) => {
    const value = given[name];
    if (value === undefined)
      throw new Error(`SMS of '${situation}': no value for {${name}}; correct rulesets/sms-templates.json`);
    if (value === "" || value.length > widths[name]!)
      throw new Error(
        `SMS of '${situation}': the value of {${name}} has ${value.length} characters, expected 1 to ${widths[name]}`,
      );
    return { name, value };
  });
}

/** As the phone shows it. */
export function smsText(
  templates: SmsTemplatesFile,
  situation: SmsSituation,
  values: readonly SmsValue[],
): string {
  const { text } = templates.templates[situation];
  const filled = values.reduce((whole, { name, value }) => whole.replace(`{${name}}`, () => value), text);
  return `【${templates.signature}】${filled}`;
}

function partsOf(ms: number) {
  const written = formatInstant(ms);
  return {
    year: written.slice(0, 4),
    month: String(Number(written.slice(5, 7))),
    day: String(Number(written.slice(8, 10))),
    clock: written.slice(11, 16),
  };
}

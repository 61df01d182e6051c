/** Texts of SMS: values in words, templates filled, never longer than one piece. Pure. */

import type { Credential } from "../../../schemas/fields.js";
import { formatInstant } from "../../../schemas/instant.js";
import {
  placeholdersOf,
  SMS_LENGTH_MAX,
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

/** The end of an identity document's number is part of an ID number: it is never sent. */
const TAILLESS: readonly Credential[] = ["identity-document"];

/** 尾号1234的医保卡, or without its tail where that is none. */
export function cardWords(credential: Credential, cardTail: string | null): string {
  const name = CREDENTIAL_NAMES[credential];
  const tail = cardTail !== null && /^[0-9A-Za-z]{4}$/.test(cardTail) ? cardTail : null;
  return tail === null || TAILLESS.includes(credential) ? name : `尾号${tail}的${name}`;
}

/** 3月1日10:09 in Shanghai. */
export function timeWords(ms: number): string {
  const { month, day, clock } = partsOf(ms);
  return `${month}月${day}日${clock}`;
}

/** 2026年3月10日24时: a moment at which something ends; midnight belongs to the day before. */
export function endWords(ms: number): string {
  const { clock } = partsOf(ms);
  const atMidnight = clock === "00:00";
  const { year, month, day } = partsOf(atMidnight ? ms - 1 : ms);
  return `${year}年${month}月${day}日${atMidnight ? "24时" : clock}`;
}

/** 2026年3月2日09:00 */
export function beginWords(ms: number): string {
  return `${partsOf(ms).year}年${timeWords(ms)}`;
}

export function amountWords(fen: number): string {
  return `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, "0")}`;
}

/**
 * At most SMS_LENGTH_MAX characters with the signature: `place` is cut to what the others leave.
 * @throws Error where a value is missing: the template and the situation do not fit.
 */
export function smsText(templates: SmsTemplatesFile, situation: SmsSituation, values: SmsValues): string {
  const { text } = templates.templates[situation];
  const head = `【${templates.signature}】`;
  const withoutPlace = filled(text, situation, { ...values, place: "" });
  const room = Math.max(0, SMS_LENGTH_MAX - head.length - withoutPlace.length);
  return head + filled(text, situation, { ...values, place: cut(values.place ?? "", room) });
}

function filled(text: string, situation: SmsSituation, values: SmsValues): string {
  const given: Readonly<Record<string, string | undefined>> = values;
  return placeholdersOf(text).reduce((whole, name) => {
    const value = given[name];
    if (value === undefined)
      throw new Error(
        `SMS template '${situation}': no value for {${name}}; correct rulesets/sms-templates.json`,
      );
    return whole.replace(`{${name}}`, () => value);
  }, text);
}

/** At most so many UTF-16 units, whole characters, marked where something is missing. */
export function cut(text: string, units: number): string {
  if (text.length <= units) return text;
  let kept = "";
  for (const character of text) {
    if (kept.length + character.length > units - 1) break;
    kept += character;
  }
  return units === 0 ? "" : `${kept}…`;
}

function partsOf(ms: number) {
  const written = formatInstant(ms);
  return {
    year: Number(written.slice(0, 4)),
    month: Number(written.slice(5, 7)),
    day: Number(written.slice(8, 10)),
    clock: written.slice(11, 16),
  };
}

/**
 * What operators let through, as data. Sources: Aliyun "短信模板规范", "变量规范" and "发送频率限制", Tencent "正文模板审核标准"
 * (382/39023) and error codes (382/59177); where an operator's own pages differ, the stricter one is here.
 * Lengths are of characters (UTF-16 units, as operators count a letter or a Chinese character as one).
 */

import type { SmsMessage } from "./sms-gateway.js";

export interface ProviderLimits {
  /** Of the filled text with its signature in 【】: one piece up to here, else pieces of `pieceLengthMax`. */
  readonly onePieceLengthMax: number;
  readonly pieceLengthMax: number;
  readonly textLengthMax: number;
  /** Of one value. */
  readonly valueLengthMin: number;
  readonly valueLengthMax: number;
  readonly areAdjacentVariablesAllowed: boolean;
  /** How often one variable may stand in a template. */
  readonly variableUsesMax: number;
  /** Not in template or value; the operator sets the brackets of the signature itself. */
  readonly forbiddenCharacters: RegExp;
  readonly forbiddenWords: readonly string[];
  /** Links may be fixed text of a template at best, never a value. */
  readonly forbiddenInValues: RegExp;
  /** Landline, 400 and 95 numbers; numbers of mobile phones are not allowed at all. */
  readonly phoneNumbersMax: number;
  readonly signatureLengthMin: number;
  readonly signatureLengthMax: number;
  readonly noticesPerDayMax: number | null;
  readonly codes: {
    readonly perMinuteMax: number;
    readonly perHourMax: number;
    readonly perDayMax: number;
  } | null;
}

/** Of every operator: a split message loses three characters a piece to its joining header. */
const PIECES = { onePieceLengthMax: 70, pieceLengthMax: 67, textLengthMax: 500 } as const;
const FORBIDDEN = {
  forbiddenCharacters: /[【】★※→①-⑳]/u,
  forbiddenWords: ["POS机", "法律维权", "贷款", "投资"],
  forbiddenInValues: /https?:|www\.|\w\.(?:cn|com|net)\b/iu,
} as const;

export const PROVIDER_LIMITS = {
  aliyun: {
    ...PIECES,
    ...FORBIDDEN,
    valueLengthMin: 1,
    valueLengthMax: 35,
    areAdjacentVariablesAllowed: false,
    variableUsesMax: 1,
    phoneNumbersMax: 2,
    signatureLengthMin: 2,
    signatureLengthMax: 12,
    /** Per signature, template and number, over 24 hours back from each. */
    noticesPerDayMax: 50,
    codes: { perMinuteMax: 1, perHourMax: 5, perDayMax: 10 },
  },
  tencent: {
    ...PIECES,
    ...FORBIDDEN,
    valueLengthMin: 1,
    /** One page says 6 for notices, the error code says 12, an enterprise has no limit: 6 passes them all. */
    valueLengthMax: 6,
    areAdjacentVariablesAllowed: false,
    variableUsesMax: 1,
    phoneNumbersMax: 2,
    signatureLengthMin: 2,
    signatureLengthMax: 12,
    /** Set in the operator's console. */
    noticesPerDayMax: null,
    codes: null,
  },
} as const satisfies Readonly<Record<string, ProviderLimits>>;

export type LimitedProvider = keyof typeof PROVIDER_LIMITS;

/** Refused by the operator for certain: it is not asked. Its longest value depends on the account, so that is not judged here. */
export function isBeyond(
  { textLengthMax, valueLengthMin }: ProviderLimits,
  { text, values }: Pick<SmsMessage, "text" | "values">,
): boolean {
  return text.length > textLengthMax || values.some(({ value }) => value.length < valueLengthMin);
}

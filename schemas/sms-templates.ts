/**
 * rulesets/sms-templates.json: what cardholders are told by SMS (zh-CN), by situation.
 *
 * The same text is registered with every operator, so it keeps to the strictest of their limits (docs/sms.md): a variable is
 * 1 to 6 characters, each once, none beside another, fixed text between them. The length counts after filling.
 */
import * as z from "zod";

/** One piece, with the signature and its brackets; longer texts are split, each piece paid for. */
export const SMS_LENGTH_MAX = 70;
/** Of each piece of a longer text: the rest of a piece says how they belong together. */
const PIECE_LENGTH = 67;
const PIECES_MAX = 2;
/** The longest text that a template may give. */
export const SMS_TEXT_LENGTH_MAX = PIECES_MAX * PIECE_LENGTH;
/** Tencent Cloud at its strictest; Aliyun takes 35. */
export const SMS_VARIABLE_LENGTH_MAX = 6;
const SIGNATURE_LENGTH_MAX = 12;
/** The operators' own limit of notices of one template to one number is 50 in 24 hours. */
const PER_DAY_MAX = 20;
/** Service numbers in one text: operators take two. */
const NUMBERS_MAX = 2;

const MOMENT = ["month", "day", "clock"] as const;
const CODE = ["codeA", "codeB"] as const;
const SWIPE = { required: ["card", ...MOMENT, "amount", ...CODE], optional: ["place"] } as const;

/** Each situation with the placeholders that its text must have, and those it may have. */
export const SMS_SITUATIONS = {
  /** A swipe of a card that is reported lost, lapsed or replaced was rejected (R01, R03, R04). */
  "lost-card-rejected": SWIPE,
  /** A swipe was rejected for another reason. */
  rejected: SWIPE,
  /** A swipe waits for the holder's identity check. */
  challenge: SWIPE,
  /** Wrong PINs without a purchase. */
  "pin-failures": { required: ["card", ...MOMENT, ...CODE], optional: ["place"] },
  /** A purchase that was let through turned out to lie after the loss. */
  "late-hit": SWIPE,
  /** Nobody has said yet whether a swipe was the holder's own. */
  unconfirmed: { required: ["card", "month", "day", ...CODE], optional: ["place"] },
  /** A report of loss was accepted and takes effect later: until then purchases go through after a check. */
  "loss-pending": { required: ["card", ...MOMENT], optional: [] },
  /** A report of loss is in effect and lapses at a known time. */
  "loss-reported-until": { required: ["card", ...MOMENT], optional: ["year"] },
  /** A report of loss is in effect; no end is known. */
  "loss-reported": { required: ["card"], optional: [] },
  /** A purchase with the initial PIN: once a month. */
  "default-pin": { required: ["card"], optional: [] },
  /** A one-time code for the cardholder's page. */
  "login-code": { required: ["code"], optional: [] },
  /** A provisional report ends soon. */
  "loss-report-lapsing": { required: ["card", ...MOMENT], optional: [] },
  "loss-report-lapsed": { required: ["card", ...MOMENT], optional: [] },
  /** A formal report of loss, and no new card since; the day is that of the report. */
  "replacement-due": { required: ["card", "month", "day"], optional: [] },
  "rebind-e-credential": { required: [], optional: ["card"] },
  /** The card named is the new one. */
  "old-card-void": { required: ["card"], optional: [] },
  /** The day by which the holder is answered. */
  "appeal-received": { required: [...CODE, "month", "day"], optional: [] },
  /** The day by which the holder has to bring what is missing. */
  "appeal-needs-more": { required: [...CODE, "month", "day"], optional: [] },
  /** The day on which something ends that the holder has to do. */
  "appeal-deadline": { required: [...CODE, "month", "day"], optional: [] },
  /** The day by which the bureau was to be done. */
  "appeal-delayed": { required: [...CODE, "month", "day"], optional: [] },
  "appeal-decided": { required: [...CODE], optional: [] },
} as const satisfies Record<
  string,
  { required: readonly SmsPlaceholder[]; optional: readonly SmsPlaceholder[] }
>;
export type SmsSituation = keyof typeof SMS_SITUATIONS;
export const SMS_SITUATION_NAMES = Object.keys(SMS_SITUATIONS) as readonly SmsSituation[];

/** The widest a value gets. */
export const SMS_VALUE_LENGTH_MAX = {
  /** 尾号1234, else what it is: 医保电子凭证 */
  card: 6,
  /** 西双版纳州 */
  place: 6,
  /** 999.99, 999999, 99999万 */
  amount: 6,
  year: 4,
  month: 2,
  day: 2,
  /** 23:59 */
  clock: 5,
  /** Halves of a case's code. */
  codeA: 4,
  codeB: 4,
  /** Six digits. */
  code: 6,
} as const;
export type SmsPlaceholder = keyof typeof SMS_VALUE_LENGTH_MAX;

/** Operators refuse these words and signs in notices; links are never sent, so that nobody learns to trust one. */
const FORBIDDEN = /https?:|www\.|\.(com|cn|net)|[【】★※→①]|POS机|法律维权|贷款|投资/i;
const MOBILE_NUMBER = /(?<!\d)1[3-9]\d{9}(?!\d)/;
const SERVICE_NUMBER = /\d[\d-]{3,}\d/g;
const PLACEHOLDER = /\{([^{}]*)\}/g;

const template = z.strictObject({
  text: z.string().min(1).max(SMS_TEXT_LENGTH_MAX),
  /** Pieces that a filled text may take. */
  piecesMax: z.number().int().min(1).max(PIECES_MAX),
  /** To one person in 24 hours. */
  perDayMax: z.number().int().min(1).max(PER_DAY_MAX),
});

export const smsTemplatesFile = z
  .strictObject({
    comment: z.string().optional(),
    /** Registered with the operators; stands in brackets before the text. */
    signature: z.string().min(2).max(SIGNATURE_LENGTH_MAX),
    templates: z.record(z.enum(SMS_SITUATION_NAMES), template),
  })
  .superRefine((file, context) => {
    for (const situation of SMS_SITUATION_NAMES)
      for (const message of faultsOf(situation, file.templates[situation], file.signature))
        context.addIssue({ code: "custom", path: ["templates", situation, "text"], message });
  });

export type SmsTemplatesFile = z.infer<typeof smsTemplatesFile>;
export type SmsTemplate = z.infer<typeof template>;

/** The names between braces, in order. */
export function placeholdersOf(text: string): readonly string[] {
  return [...text.matchAll(PLACEHOLDER)].map(([, name]) => name!);
}

/** Pieces that operators make, and charge for, of a text with its signature. */
export function piecesOf(text: string): number {
  return text.length <= SMS_LENGTH_MAX ? 1 : Math.ceil(text.length / PIECE_LENGTH);
}

function faultsOf(situation: SmsSituation, { text, piecesMax }: SmsTemplate, signature: string): string[] {
  const faults = [...namesFaults(situation, text), ...placesFaults(text), ...wordsFaults(text)];
  if (faults.length > 0) return faults;
  const widest = widestOf(text, signature);
  const lengthMax = piecesMax === 1 ? SMS_LENGTH_MAX : piecesMax * PIECE_LENGTH;
  if (widest <= lengthMax) return [];
  return [`is up to ${widest} characters long when filled, at most ${lengthMax}: shorten it`];
}

function namesFaults(situation: SmsSituation, text: string): readonly string[] {
  const { required, optional } = SMS_SITUATIONS[situation];
  const allowed: readonly string[] = [...required, ...optional];
  const used = placeholdersOf(text);
  return [
    ...required
      .filter((name) => !used.includes(name))
      .map((name) => `has no {${name}}: the holder must be told it; add it to the text`),
    ...used
      .filter((name) => !allowed.includes(name))
      .map((name) => `{${name}} is not known here; known: ${allowed.map((known) => `{${known}}`).join(" ")}`),
  ];
}

/** How variables may stand in a text. */
function placesFaults(text: string): readonly string[] {
  const used = placeholdersOf(text);
  const fixed = text.replace(PLACEHOLDER, "");
  const adjacent = /\}\{/.test(text);
  return [
    ...(new Set(used).size < used.length ? ["uses a placeholder twice: gateways refuse that"] : []),
    ...(/[{}]/.test(fixed) ? ["has a brace that opens or closes nothing"] : []),
    ...(adjacent ? ["has two placeholders side by side: gateways refuse that; put a word between them"] : []),
    ...(/\p{Script=Han}/u.test(fixed) ? [] : ["has placeholders only: gateways refuse that; add words"]),
  ];
}

function wordsFaults(text: string): readonly string[] {
  const fixed = text.replace(PLACEHOLDER, "");
  const forbidden = FORBIDDEN.exec(fixed)?.[0];
  const mobile = MOBILE_NUMBER.exec(fixed)?.[0];
  const numbers = fixed.match(SERVICE_NUMBER) ?? [];
  return [
    ...(forbidden === undefined ? [] : [`contains '${forbidden}', which gateways refuse: leave it out`]),
    ...(mobile === undefined ? [] : [`contains a person's number, ${mobile}: leave it out`]),
    ...(numbers.length > NUMBERS_MAX ? [`names ${numbers.length} numbers, at most ${NUMBERS_MAX}`] : []),
  ];
}

function widestOf(text: string, signature: string): number {
  const widths: Readonly<Record<string, number>> = SMS_VALUE_LENGTH_MAX;
  const filled = placeholdersOf(text).reduce((sum, name) => sum + (widths[name] ?? 0), 0);
  return signature.length + 2 + text.replace(PLACEHOLDER, "").length + filled;
}

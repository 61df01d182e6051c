/** rulesets/sms-templates.json: what cardholders are told by SMS (zh-CN), by situation. */
import * as z from "zod";

/** One piece: longer texts are split and paid twice. Signature and its brackets count. */
export const SMS_LENGTH_MAX = 70;
const SIGNATURE_LENGTH_MAX = 12;
/** The gateways' own limit of notices to one number is 50 a day. */
const PER_DAY_MAX = 20;
const QUIET_MINUTES_MAX = 1440;

/** Each situation with the placeholders that its text must have, and those it may have. */
export const SMS_SITUATIONS = {
  /** A swipe of a card that is reported lost, lapsed or replaced was rejected (R01, R03, R04). */
  "lost-card-rejected": { required: ["card", "time", "amount"], optional: ["place"] },
  /** A swipe was rejected for another reason. */
  rejected: { required: ["card", "time", "amount"], optional: ["place"] },
  /** A swipe waits for the holder's identity check. */
  challenge: { required: ["card", "time", "amount"], optional: ["place"] },
  /** Wrong PINs without a purchase. */
  "pin-failures": { required: ["card", "time"], optional: ["place"] },
  /** A purchase that was let through turned out to lie after the loss. */
  "late-hit": { required: ["card", "time", "amount"], optional: ["place"] },
  /** A report of loss was accepted and takes effect later: until then purchases go through after a check. */
  "loss-pending": { required: ["card", "effective"], optional: [] },
  /** A report of loss is in effect and lapses at a known time. */
  "loss-reported-until": { required: ["card", "expires"], optional: [] },
  /** A report of loss is in effect; no end is known. */
  "loss-reported": { required: ["card"], optional: [] },
  /** A purchase with the initial PIN: once a month. */
  "default-pin": { required: ["card"], optional: [] },
} as const;
export type SmsSituation = keyof typeof SMS_SITUATIONS;

export const SMS_PLACEHOLDERS = ["card", "time", "amount", "place", "expires", "effective"] as const;
export type SmsPlaceholder = (typeof SMS_PLACEHOLDERS)[number];

/** The widest a value gets; `place` takes what the others leave and is cut to it. */
export const SMS_VALUE_LENGTH_MAX: Readonly<Record<SmsPlaceholder, number>> = {
  /** 尾号1234的医保电子凭证 */
  card: 13,
  /** 12月31日23:59 */
  time: 11,
  /** 1407374883553.28: what a record can hold */
  amount: 16,
  /** 宁夏回… still names a place. */
  place: 4,
  /** 2026年12月31日23:59 */
  expires: 16,
  effective: 16,
};

/** Gateways refuse these words and signs in notices; links are never sent, so that nobody learns to trust one. */
const FORBIDDEN = /https?:|www\.|\.(com|cn|net)|[【】★※→①]|POS机|法律维权|贷款|投资/i;
const PLACEHOLDER = /\{([^{}]*)\}/g;

const template = z.strictObject({
  text: z.string().min(1).max(SMS_LENGTH_MAX),
  /** To one person on one day (Asia/Shanghai, by the event's time). */
  perDayMax: z.number().int().min(1).max(PER_DAY_MAX),
  /** None again to the same person for so long after one: an authorize and its settle are one purchase. */
  quietMinutes: z.number().int().min(0).max(QUIET_MINUTES_MAX),
});

const situations = Object.keys(SMS_SITUATIONS) as SmsSituation[];

export const smsTemplatesFile = z
  .strictObject({
    comment: z.string().optional(),
    /** Registered with the operators; stands in brackets before the text. */
    signature: z.string().min(2).max(SIGNATURE_LENGTH_MAX),
    templates: z.record(z.enum(situations), template),
  })
  .superRefine((file, context) => {
    for (const situation of situations) {
      for (const message of faultsOf(situation, file.templates[situation].text, file.signature))
        context.addIssue({ code: "custom", path: ["templates", situation, "text"], message });
    }
  });

/** The names between braces, in order. */
export function placeholdersOf(text: string): readonly string[] {
  return [...text.matchAll(PLACEHOLDER)].map(([, name]) => name!);
}

function faultsOf(situation: SmsSituation, text: string, signature: string): string[] {
  const { required, optional } = SMS_SITUATIONS[situation];
  const allowed: readonly string[] = [...required, ...optional];
  const used = placeholdersOf(text);
  const faults: string[] = [];
  for (const name of required)
    if (!used.includes(name)) faults.push(`has no {${name}}: the holder must be told it; add it to the text`);
  for (const name of used)
    if (!allowed.includes(name))
      faults.push(`{${name}} is not known here; known: ${allowed.map((known) => `{${known}}`).join(" ")}`);
  if (new Set(used).size < used.length) faults.push("uses a placeholder twice: gateways refuse that");
  if (/[{}]/.test(text.replace(PLACEHOLDER, ""))) faults.push("has a brace that opens or closes nothing");
  const forbidden = FORBIDDEN.exec(text)?.[0];
  if (forbidden !== undefined) faults.push(`contains '${forbidden}', which gateways refuse: leave it out`);
  const widest = widestOf(text, signature);
  if (faults.length === 0 && widest > SMS_LENGTH_MAX)
    faults.push(`is up to ${widest} characters long when filled, at most ${SMS_LENGTH_MAX}: shorten it`);
  return faults;
}

function widestOf(text: string, signature: string): number {
  const values: Readonly<Record<string, number>> = SMS_VALUE_LENGTH_MAX;
  const filled = placeholdersOf(text).reduce((sum, name) => sum + (values[name] ?? 0), 0);
  return signature.length + 2 + text.replace(PLACEHOLDER, "").length + filled;
}

export type SmsTemplatesFile = z.infer<typeof smsTemplatesFile>;
export type SmsTemplate = z.infer<typeof template>;

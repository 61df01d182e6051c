/** rulesets/advice.json: what the cardholder can still do, by rule id or R00 code. */
import * as z from "zod";

/** Two short messages: what fits a terminal's display and a slip. */
const ADVICE_LENGTH_MAX_ZH = 120;
const ADVICE_LENGTH_MAX_EN = 300;

const adviceText = z.strictObject({
  "zh-CN": z.string().min(1).max(ADVICE_LENGTH_MAX_ZH),
  en: z.string().min(1).max(ADVICE_LENGTH_MAX_EN),
});
const adviceKey = z
  .string()
  .regex(/^(R\d{2}|[A-Z]{2,}(_[A-Z]+)*)$/, "a rule id such as R01 or a code such as FEED_STALE");

export const adviceFile = z.record(adviceKey, adviceText);

export type AdviceText = z.infer<typeof adviceText>;
export type AdviceFile = z.infer<typeof adviceFile>;

/** `/v1/sms` of the office. */
import * as z from "zod";
import { instant, SEVERITIES } from "../fields.js";

export const smsSummary = z.object({
  smsId: z.string(),
  personKey: z.string(),
  situation: z.string(),
  text: z.string().describe("as the phone shows it; of a one-time code that is settled: that it was wiped"),
  severity: z.enum(SEVERITIES),
  status: z.string().describe("queued, sending, sent, delivered, failed, unknown, no-contact, suppressed"),
  reason: z.string().nullable(),
  attempts: z.number().int(),
  asks: z.number().int().describe("how often the operator was asked what became of it"),
  createdAt: instant,
  notBefore: instant.nullable(),
  handedOverAt: instant.nullable(),
  sentAt: instant.nullable(),
  askedNextAt: instant.nullable(),
  providerId: z.string().nullable(),
  providerCode: z.string().nullable(),
});
export const smsPageAnswer = z.object({ sms: z.array(smsSummary), after: z.string().nullable() });
export const smsAnswer = z.object({ sms: smsSummary.nullable() });
export const smsResolvedAnswer = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("resolved") }),
  z.object({ kind: z.literal("refused"), code: z.string(), message: z.string() }),
]);

export type SmsSummary = z.infer<typeof smsSummary>;
export type SmsResolvedAnswer = z.infer<typeof smsResolvedAnswer>;

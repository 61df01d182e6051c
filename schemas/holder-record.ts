/**
 * What a cardholder does on Kadun's own pages, as the office sends it: persons and cards by their tokens, which is all that
 * the office knows of them. Strict: whatever a holder may not say is refused, not dropped.
 */
import * as z from "zod";
import {
  amountFen,
  credential,
  eventId,
  instant,
  label,
  region,
  token,
  VERIFICATION_METHODS_MAX,
} from "./fields.js";

/** Release, replacement and binding again are the bureau's: a thief who has the telephone has the pages too. */
export const HOLDER_ACTIONS = ["report-loss"] as const;
export const HOLDER_FACTS = ["limits"] as const;

export const holderCardStatus = z.strictObject({
  type: z.literal("card-status"),
  eventId,
  occurredAt: instant,
  receivedAt: instant.nullish(),
  personKey: token,
  cardKey: token.nullish().describe("all of the person's cards of the credential where it is missing"),
  cardTail: z.string().max(4).nullish().describe("last four characters of the card's number; with cardKey"),
  credential: credential.nullish(),
  action: z.enum(HOLDER_ACTIONS),
  channel: z.literal("web"),
  region,
  reportedAt: instant.nullish(),
  verification: z
    .strictObject({ complete: z.boolean(), methods: z.array(label).max(VERIFICATION_METHODS_MAX).nullish() })
    .nullish(),
});

export const holderLimits = z.strictObject({
  type: z.literal("person-fact"),
  eventId,
  occurredAt: instant,
  receivedAt: instant.nullish(),
  personKey: token,
  fact: z.enum(HOLDER_FACTS),
  from: instant.nullish(),
  to: instant.nullish(),
  homeOnly: z.boolean().nullish(),
  dailyFen: amountFen.nullish(),
  noNight: z.boolean().nullish(),
});

export const holderRecord = z.discriminatedUnion("type", [holderCardStatus, holderLimits]);

export type HolderCardStatus = z.infer<typeof holderCardStatus>;
export type HolderLimitsFact = z.infer<typeof holderLimits>;
export type HolderRecord = z.infer<typeof holderRecord>;

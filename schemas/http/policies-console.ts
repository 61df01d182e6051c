/** `/v1/console/policies`: what a loss report does where, in force and as the sources say. */
import * as z from "zod";
import { LOSS_KINDS, lossPoliciesFile } from "../bundle/loss-policies.js";
import { ACTIONS, CHANNELS, CREDENTIALS } from "../fields.js";
import { lossFactsFile } from "../loss-facts.js";

const time = z.string().describe("ISO 8601, +08:00");
const policyRow = lossPoliciesFile.shape.rows.element;

export const policiesAnswer = z.object({
  version: z.number().int().min(1).nullable(),
  bundleHash: z.string(),
  rows: z.array(policyRow),
  settings: lossPoliciesFile.shape.regions,
  /** Of the sources, kept beside what is in force. */
  facts: lossFactsFile,
});

/** A report that is accepted at this instant, by each way there is. */
export const policyLookup = z.object({
  region: z.string(),
  /** Nearest first; `*` is the nation. */
  levels: z.array(z.string()),
  credential: z.enum(CREDENTIALS),
  acceptedAt: time,
  settings: z.object({
    pinLockLimit: z.number().int(),
    pinUnlock: z.string(),
    activationDelayCd: z.number().int().nullable(),
    blockECredential: z.boolean(),
  }),
  reports: z.array(
    z.object({
      channel: z.enum(CHANNELS),
      action: z.enum(["report-loss", "confirm-loss"]),
      /** null: no row fits at any level; effective at once, no lapse. */
      policyId: z.string().nullable(),
      level: z.string().nullable(),
      kind: z.enum(LOSS_KINDS),
      pendingAction: z.enum(ACTIONS),
      effectiveAt: time,
      expiresAtMin: time.nullable(),
      expiresAtMax: time.nullable(),
      calendarUncertain: z.boolean(),
    }),
  ),
});

export type PoliciesAnswer = z.infer<typeof policiesAnswer>;
export type PolicyLookup = z.infer<typeof policyLookup>;

/**
 * The custody log of a case: who did what with its evidence. Each entry names the SHA-256 of the one before it.
 */
import * as z from "zod";
import { instant } from "../fields.js";
import { sha256 } from "../journal.js";
import { NO_DIGEST } from "./day-proof.js";

export const CUSTODY_ACTIONS = [
  /** Somebody wants the package unmasked, with a reason. */
  "unmasked-requested",
  /** Another person agrees. */
  "unmasked-approved",
  /** A package was made. */
  "package-made",
] as const;

/** `previousSha256` of the first entry. */
export const NO_ENTRY = NO_DIGEST;

/** A line: JSON without spaces, fields in this order; hashed without its line feed. */
export const custodyEntry = z.strictObject({
  seq: z.number().int().min(1),
  caseId: z.string(),
  at: instant,
  /** Name of the person; `local` for whoever runs the machine. */
  actor: z.string(),
  action: z.enum(CUSTODY_ACTIONS),
  /** What for; empty where nobody was asked. */
  reason: z.string(),
  /** Of `package-made`: what of; of the others: the request. */
  subject: z.string(),
  previousSha256: sha256,
});

export type CustodyAction = (typeof CUSTODY_ACTIONS)[number];
export type CustodyEntry = z.infer<typeof custodyEntry>;

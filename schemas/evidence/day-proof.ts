/**
 * Day proofs: what the office publishes of each journal partition and day, so that nothing can be left out of an evidence
 * package unseen. docs/evidence.md says how the hashes are made.
 *
 * 1. The proofs of a partition lie one behind the other without a gap: from one's `endOffset` the next one begins, and
 *    each names the SHA-256 of the line before it.
 * 2. A proof lies within one day of Shanghai by the running maximum of append times. A day has one, or several parts where
 *    somebody asked for a package before the day was over.
 */
import * as z from "zod";
import { sha256 } from "../journal.js";

export const DAY_PROOF_FORMAT = 1;
/** `previousSha256` of a partition's first line, and a person's digest before the first line of a stretch. */
export const NO_DIGEST = "0".repeat(64);

const offset = z.number().int().min(0);
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, "a day such as 2026-11-27");

/** Fields in the order in which they are signed: a JSON text without spaces, everything but `signature`. */
export const dayProof = z.strictObject({
  type: z.literal("day-proof"),
  format: z.literal(DAY_PROOF_FORMAT),
  partition: offset,
  day,
  /** 1 for the day's first. */
  part: z.number().int().min(1),
  /** Nothing of this day can follow. */
  isDayClosed: z.boolean(),
  /** Journal offsets [fromOffset, endOffset); none where both are the same. */
  fromOffset: offset,
  endOffset: offset,
  /** With a record in it: leaves of the tree. */
  persons: offset,
  root: sha256,
  /** SHA-256 of the line before it of this partition, without its line feed. */
  previousSha256: sha256,
  /** Of the key that signed (schemas/evidence/keys.ts). */
  keyId: z.string(),
  /** Ed25519, base64. */
  signature: z.base64(),
});

/** Siblings from the leaf up (RFC 6962 section 2.1.1). */
const path = z.array(sha256).max(64);

/** A leaf with its way to the root. */
export const provenLeaf = z.strictObject({
  index: offset,
  /** What leaves are sorted by. */
  leafKey: sha256,
  digest: sha256,
  path,
});

/** A person in a stretch, or that there was nothing of the person: the leaves between which it would stand. */
export const personProof = z.discriminatedUnion("found", [
  z.strictObject({ found: z.literal("present"), leaf: provenLeaf }),
  z.strictObject({
    found: z.literal("absent"),
    /** null where it would stand before the first, behind the last. */
    left: provenLeaf.nullable(),
    right: provenLeaf.nullable(),
  }),
]);

export type DayProof = z.infer<typeof dayProof>;
export type ProvenLeaf = z.infer<typeof provenLeaf>;
export type PersonProof = z.infer<typeof personProof>;

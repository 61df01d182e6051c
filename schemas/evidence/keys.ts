/** The office's keys for evidence: what is published of them, and their history. */
import * as z from "zod";
import { instant } from "../fields.js";

export const KEYS_FORMAT = 1;

/** One pair of keys; both sign every package, the Ed25519 key signs day proofs. */
export const publishedKey = z.object({
  /** First 16 hex digits of the SHA-256 of the Ed25519 public key (SPKI, DER). */
  keyId: z.string().regex(/^[0-9a-f]{16}$/),
  createdAt: instant,
  /** From then on it signs nothing; null for the one in use. */
  retiredAt: instant.nullable(),
  /** SPKI, PEM. */
  ed25519: z.string(),
  /** SPKI (curve SM2), PEM. */
  sm2: z.string(),
  /**
   * The key before says that this one follows: Ed25519 over the JSON text of {keyId, createdAt, ed25519, sm2}, base64; null
   * for the first.
   */
  previous: z.object({ keyId: z.string(), signature: z.base64() }).nullable(),
});

/** `kadun evidence keys export`: oldest first, the last one is in use. */
export const publishedKeys = z.object({
  product: z.literal("kadun-evidence-keys"),
  format: z.literal(KEYS_FORMAT),
  keys: z.array(publishedKey).min(1),
});

export type PublishedKey = z.infer<typeof publishedKey>;
export type PublishedKeys = z.infer<typeof publishedKeys>;

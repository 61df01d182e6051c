/** What a leaf of a day proof is made of (docs/evidence.md, "Day proofs"). Pure. */

import { hash } from "node:crypto";
import { HASH_BYTES } from "./merkle-tree.js";

export const PERSON_KEY_BYTES = 16;
const PREFIX = Buffer.from("kadun-leaf\0", "latin1");
const LEAF = 0x00;

/** A digest before the first line. */
export function noDigest(): Buffer {
  return Buffer.alloc(HASH_BYTES);
}

const linked = Buffer.alloc(2 * HASH_BYTES);

/** The digest after one more line; `digest` may lie in the target. */
export function digestAfter(digest: Buffer, line: string): Buffer {
  digest.copy(linked, 0);
  hash("sha256", line, "buffer").copy(linked, HASH_BYTES);
  return hash("sha256", linked, "buffer");
}

/** The digest over lines in order, without their line feeds. */
export function digestOf(lines: Iterable<string>): Buffer {
  let digest = noDigest();
  for (const line of lines) digest = digestAfter(digest, line);
  return digest;
}

/** What leaves are sorted by. @param day such as 2026-11-27. @param personKey 16 bytes. */
export function leafKeyOf(day: string, personKey: Buffer): Buffer {
  return hash("sha256", Buffer.concat([PREFIX, Buffer.from(day, "latin1"), personKey]), "buffer");
}

const leaf = Buffer.alloc(1 + 2 * HASH_BYTES);
leaf[0] = LEAF;

export function leafHashOf(leafKey: Buffer, digest: Buffer): Buffer {
  leafKey.copy(leaf, 1);
  digest.copy(leaf, 1 + HASH_BYTES);
  return hash("sha256", leaf, "buffer");
}

/** @throws RangeError where it is no personKey (32 hexadecimal digits). */
export function personKeyBytes(personKey: string): Buffer {
  const bytes = Buffer.from(personKey, "hex");
  if (bytes.length !== PERSON_KEY_BYTES || personKey.length !== 2 * PERSON_KEY_BYTES)
    throw new RangeError(`personKey '${personKey}': expected 32 hexadecimal digits`);
  return bytes;
}

/** An entry of the institution register as it is kept in the store: JSON in UTF-8 under `institution/<id>`. */

import { createHash } from "node:crypto";
import { IDENTIFIER_LENGTH_MAX } from "../../schemas/fields.js";
import { type Institution, institution } from "../../schemas/institution.js";

export const INSTITUTION_PREFIX = "institution/";

/** What the entry lacks, in words that repeat nothing of it. */
export interface DamagedEntry {
  readonly expected: string;
}

/** @param key of the store. */
export function institutionOfKey(key: string): string {
  return key.slice(INSTITUTION_PREFIX.length);
}

export function institutionKey(institutionId: string): string {
  return `${INSTITUTION_PREFIX}${institutionId}`;
}

export function institutionBytes(entry: Institution): Buffer {
  return Buffer.from(JSON.stringify(entry), "utf8");
}

const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** null where the bytes are no UTF-8: they would become a name that nobody gave. */
export function institutionText(value: Uint8Array): string | null {
  try {
    return strictUtf8.decode(value);
  } catch {
    return null;
  }
}

/** @param text null where the bytes were none. */
export function readInstitution(key: string, text: string | null): Institution | DamagedEntry {
  const json = text === null ? undefined : parsed(text);
  if (json === undefined) return { expected: `JSON in UTF-8${text === null ? ", found other bytes" : ""}` };
  const read = institution.safeParse(json);
  if (!read.success) {
    const { path, message } = read.error.issues[0]!;
    return { expected: `an institution; ${path.join(".") || "the whole"}: ${message}` };
  }
  if (read.data.institutionId !== institutionOfKey(key))
    return { expected: "the institution of its key, found another's" };
  return read.data;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What a key has at most that `PUT /v1/institutions` wrote; a damaged one may be longer. */
const KEY_SHOWN_MAX = INSTITUTION_PREFIX.length + IDENTIFIER_LENGTH_MAX;

/** An operating failure, so that a log line shows it (platform/logger). */
export class InstitutionEntryError extends Error {
  override readonly name = "InstitutionEntryError";
  readonly code = "ENTRY_INVALID";
  readonly retryable = false;

  constructor(key: string, { expected }: DamagedEntry) {
    // A log line blots long numbers out: the hash tells which one it was.
    const digest = createHash("sha256").update(institutionOfKey(key)).digest("hex").slice(0, 16);
    super(
      `${key.slice(0, KEY_SHOWN_MAX)} (SHA-256 of the id: ${digest}): damaged; expected ${expected}. Send it again (PUT /v1/institutions); ` +
        "until then its swipes get no name and chain",
    );
  }
}

/**
 * Bodies of journal and decisions records: 1 byte version, 4 bytes CRC32C (LE) of the rest, UTF-8 JSON.
 * The checksum belongs to the body, not to the log: it goes with a record through every copy and archive.
 */

import { crc32c } from "./crc32c.js";
import type { JournalRecord } from "./journal.js";
import { JOURNAL_SCHEMAS } from "./journal.js";
import { type LoggedOutcome, OUTCOME_SCHEMAS } from "./outcomes.js";

const BODY_VERSION = 1;
const OFFSET_CRC = 1;
const OFFSET_JSON = 5;

/** Bytes that were written by Kadun and are not what was written. */
export class LogBodyError extends Error {
  override readonly name = "LogBodyError";
  readonly retryable = false;
  constructor(
    readonly code: "CORRUPT" | "NEWER_VERSION",
    message: string,
  ) {
    super(message);
  }
}

/** CRC32C of a part; callers that reach the processor's instruction for it give theirs. */
export type Checksum = (bytes: Uint8Array, start: number, end?: number) => number;

/** What stands before the JSON of a body. */
export const BODY_HEAD_BYTES = OFFSET_JSON;

/** Seals a body whose JSON was written behind its head. */
export function sealBody(bytes: Buffer, start: number, end: number, checksum: Checksum): void {
  bytes[start] = BODY_VERSION;
  bytes.writeUInt32LE(checksum(bytes, start + OFFSET_JSON, end), start + OFFSET_CRC);
}

/** Is a body as it was sealed? Who is told that it is not learns why from those that throw. */
export function isSealedBody(
  { bytes, view }: { readonly bytes: Uint8Array; readonly view: DataView },
  start: number,
  end: number,
  checksum: Checksum,
): boolean {
  return (
    end - start > OFFSET_JSON &&
    view.getUint8(start) === BODY_VERSION &&
    view.getUint32(start + OFFSET_CRC, true) === checksum(bytes, start + OFFSET_JSON, end)
  );
}

/** Seals a record as it is written to a log. */
export function encodeBody(record: JournalRecord | LoggedOutcome, checksum?: Checksum): Uint8Array {
  return encodeJsonBody(JSON.stringify(record), checksum);
}

/** The same of a record's JSON text. */
export function encodeJsonBody(json: string, checksum: Checksum = crc32c): Uint8Array {
  // Three bytes are the most a UTF-16 unit can take.
  const bytes = Buffer.allocUnsafe(OFFSET_JSON + Buffer.byteLength(json));
  bytes.write(json, OFFSET_JSON, "utf8");
  sealBody(bytes, 0, bytes.length, checksum);
  return bytes;
}

/** Does the body hold a record of this type? Looks at its first bytes only, unchecked: every record begins with `type`. */
export function isBodyOfType(body: Uint8Array, type: LoggedOutcome["type"] | JournalRecord["type"]): boolean {
  const head = `{"type":"${type}"`;
  if (body.length < OFFSET_JSON + head.length) return false;
  for (let i = 0; i < head.length; i++) if (body[OFFSET_JSON + i] !== head.charCodeAt(i)) return false;
  return true;
}

/** The JSON text of a body, checked. @throws LogBodyError. */
export function jsonOfBody(body: Uint8Array, checksum: Checksum = crc32c): string {
  return jsonBytesOfBody(body, checksum).toString("utf8");
}

/** Its bytes, where they lie. @throws LogBodyError. */
export function jsonBytesOfBody(body: Uint8Array, checksum: Checksum = crc32c): Buffer {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.length);
  if (bytes.length <= OFFSET_JSON) throw new LogBodyError("CORRUPT", `a log record of ${bytes.length} bytes`);
  if (bytes[0] !== BODY_VERSION)
    throw new LogBodyError(
      "NEWER_VERSION",
      `a log record of version ${bytes[0]}; this program reads ${BODY_VERSION}: install the newer release`,
    );
  if (checksum(bytes, OFFSET_JSON) !== bytes.readUInt32LE(OFFSET_CRC))
    throw new LogBodyError("CORRUPT", "a log record fails its CRC32C: restore it from the archive");
  return bytes.subarray(OFFSET_JSON);
}

/** @throws LogBodyError. The checksum vouches for the shape: it was validated before it was sealed. */
export function decodeJournalBody(body: Uint8Array, checksum?: Checksum): JournalRecord {
  return decodeJournalJson(jsonOfBody(body, checksum));
}

/** The record of a body's JSON text. @throws LogBodyError; SyntaxError where the text is none. */
export function decodeJournalJson(json: string): JournalRecord {
  return known(JSON.parse(json), JOURNAL_SCHEMAS) as unknown as JournalRecord;
}

/** @throws LogBodyError. */
export function decodeOutcomeBody(body: Uint8Array, checksum?: Checksum): LoggedOutcome {
  return known(JSON.parse(jsonOfBody(body, checksum)), OUTCOME_SCHEMAS) as unknown as LoggedOutcome;
}

/** Another release may write types that this one does not know: a reason to stop, not to skip. */
function known(value: { readonly type?: unknown }, schemas: Readonly<Record<string, unknown>>) {
  if (typeof value.type !== "string" || !Object.hasOwn(schemas, value.type))
    throw new LogBodyError(
      "NEWER_VERSION",
      `a log record of unknown type ${JSON.stringify(value.type)}: install the newer release`,
    );
  return value;
}

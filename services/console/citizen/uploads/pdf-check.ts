/**
 * Is a PDF nothing but pages? Pure. Names are looked for in the whole file and in what its packed object streams hold;
 * nothing relies on how a reader finds its objects, so that no reader finds more than was looked at.
 *
 * 1. No more than UNPACKED_BYTES_MAX is ever unpacked.
 * 2. What cannot be unpacked by Flate alone and may hold objects is refused.
 */

import { inflateSync } from "node:zlib";
import type { DocumentRefusal } from "./document-check.js";

/** Object streams of a thousand pages stay below. */
const UNPACKED_BYTES_MAX = 32 << 20;
/** Readers look for the end within so much. */
const TAIL_BYTES = 1024;
const STREAMS_MAX = 20_000;
/** Each costs as much as unpacking, and gives nothing; a file that was cut has one. */
const BROKEN_MAX = 8;
/** What stands before `stream`: its dictionary. */
const DICTIONARY_BYTES_MAX = 8192;

/** Long enough that ten megabytes of image data do not hold them by chance. */
const ACTIVE =
  /\/(JavaScript|Launch|RichMedia|SubmitForm|ImportData|Rendition|GoToE|GoToR)\b|\/XFA\s*[[\d(<]/;
const EMBEDDED = /\/(EmbeddedFiles?|Filespec|FileAttachment|Collection)\b/;
const ENCRYPTED = /\/Encrypt\b/;

export function checkPdf(content: Buffer): DocumentRefusal | null {
  const raw = content.toString("latin1");
  if (!/^%PDF-[12]\.\d[\s%]/.test(raw)) return "damaged";
  const tail = raw.slice(-TAIL_BYTES);
  const end = tail.lastIndexOf("%%EOF");
  if (end < 0 || !tail.includes("startxref")) return "damaged";
  if (/[^\s\0]/.test(tail.slice(end + 5))) return "something-behind";
  const named = namesIn(raw);
  if (named !== null) return named;
  return streamsRefusal(content, raw);
}

function namesIn(text: string): DocumentRefusal | null {
  const plain = namesPlain(text);
  if (ENCRYPTED.test(plain)) return "pdf-encrypted";
  if (ACTIVE.test(plain)) return "pdf-active";
  return EMBEDDED.test(plain) ? "pdf-embedded" : null;
}

function streamsRefusal(content: Buffer, raw: string): DocumentRefusal | null {
  let left = UNPACKED_BYTES_MAX;
  let count = 0;
  let broken = 0;
  for (const match of raw.matchAll(/stream\r?\n/g)) {
    if (raw.slice(match.index - 3, match.index) === "end") continue;
    if (++count > STREAMS_MAX) return "pdf-too-packed";
    const dictionary = dictionaryBefore(raw, match.index);
    if (isImage(dictionary) && !mayHoldObjects(windowBefore(raw, match.index))) continue;
    if (!isFlateAlone(dictionary)) {
      if (mayHoldObjects(dictionary) && /\/Filter/.test(dictionary)) return "pdf-too-packed";
      continue;
    }
    const unpacked = unpack(content.subarray(match.index + match[0].length), left);
    if (unpacked === "too-much") return "pdf-too-packed";
    // A font that is cut short shows wrong signs; objects that nobody can unpack hold nothing.
    if (unpacked === "broken") {
      if (++broken > BROKEN_MAX) return "damaged";
      continue;
    }
    left -= unpacked.length;
    // Whatever its dictionary says it is: where that begins can be hidden from whoever does not read as readers do.
    const named = namesIn(unpacked.toString("latin1"));
    if (named !== null) return named;
  }
  return null;
}

/** Where a dictionary begins can be hidden: what is near enough to be part of it. */
function windowBefore(raw: string, at: number): string {
  const before = raw.slice(Math.max(0, at - DICTIONARY_BYTES_MAX), at);
  return namesPlain(before.slice(before.lastIndexOf("endstream") + 1));
}

function dictionaryBefore(raw: string, at: number): string {
  const before = raw.slice(Math.max(0, at - DICTIONARY_BYTES_MAX), at);
  const begin = Math.max(before.lastIndexOf(" obj"), before.lastIndexOf("endobj"));
  return namesPlain(before.slice(Math.max(0, begin)));
}

/** Any sign of a name may be written as #xx. */
function namesPlain(text: string): string {
  return text.replace(/#([0-9A-Fa-f]{2})/g, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
}

/** Its pixels are not unpacked: whoever shows them does, and knows their size. */
function isImage(dictionary: string): boolean {
  return /\/Subtype\s*\/Image\b/.test(dictionary) && !mayHoldObjects(dictionary);
}

function mayHoldObjects(dictionary: string): boolean {
  return /\/ObjStm\b|\/First\b/.test(dictionary);
}

function isFlateAlone(dictionary: string): boolean {
  return /\/Filter\s*(\[\s*\/(FlateDecode|Fl)\s*\]|\/(FlateDecode|Fl)\b)/.test(dictionary);
}

function unpack(packed: Buffer, bytesMax: number): Buffer | "too-much" | "broken" {
  try {
    // What follows the data is not read; a stream that is cut short gives what there is, as readers do.
    return inflateSync(packed, { maxOutputLength: Math.max(1, bytesMax), finishFlush: SYNC_FLUSH });
  } catch (error) {
    const isTooLarge =
      error instanceof RangeError || (error as { code?: string }).code === "ERR_BUFFER_TOO_LARGE";
    return isTooLarge ? "too-much" : "broken";
  }
}

/** Z_SYNC_FLUSH */
const SYNC_FLUSH = 2;

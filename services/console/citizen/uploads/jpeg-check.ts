/** The structure of a JPEG, marker by marker to its end: pure. */

import type { DocumentRefusal } from "./document-check.js";
import { hasMarkup, hasTooManyPixels } from "./image-limits.js";

const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const COM = 0xfe;
/** The marker of Huffman tables and two more lie among those of frames. */
const NO_FRAME = new Set([0xc4, 0xc8, 0xcc]);
/** A telephone's photograph may be followed by its preview and depth map, each a whole JPEG. */
const IMAGES_MAX = 4;
/** Cameras fill up to a sector. */
const PADDING_BYTES_MAX = 4096;

export function checkJpeg(content: Buffer): DocumentRefusal | null {
  let at = 0;
  for (let image = 0; image < IMAGES_MAX; image++) {
    const end = imageEnd(content, at);
    if (typeof end !== "number") return end;
    at = end;
    const rest = content.subarray(at);
    if (rest.length <= PADDING_BYTES_MAX && rest.every((byte) => byte === 0)) return null;
    if (rest[0] !== 0xff || rest[1] !== SOI) return "something-behind";
  }
  return "something-behind";
}

/** Behind the end marker of the image that begins at `start`. */
function imageEnd(content: Buffer, start: number): number | DocumentRefusal {
  let at = start + 2;
  let hasFrame = false;
  for (;;) {
    while (content[at] === 0xff && content[at + 1] === 0xff) at++;
    if (content[at] !== 0xff) return "damaged";
    const marker = content[at + 1];
    if (marker === undefined) return "damaged";
    if (marker === EOI) return hasFrame ? at + 2 : "damaged";
    if (isBare(marker)) {
      at += 2;
      continue;
    }
    const segment = segmentAt(content, at);
    if (segment === null) return "damaged";
    const refusal = segmentRefusal(marker, segment);
    if (refusal !== null) return refusal;
    hasFrame ||= isFrame(marker);
    at += 4 + segment.length;
    if (marker === SOS) {
      if (!hasFrame) return "damaged";
      at = afterScan(content, at);
    }
  }
}

/** Behind the marker and length at `at`; null where it is cut short. */
function segmentAt(content: Buffer, at: number): Buffer | null {
  if (at + 4 > content.length) return null;
  const length = content.readUInt16BE(at + 2);
  const segment = content.subarray(at + 4, at + 2 + length);
  return length >= 2 && segment.length === length - 2 ? segment : null;
}

function segmentRefusal(marker: number, segment: Buffer): DocumentRefusal | null {
  if (isFrame(marker)) {
    if (segment.length < 6) return "damaged";
    return hasTooManyPixels(segment.readUInt16BE(3), segment.readUInt16BE(1)) ? "too-many-pixels" : null;
  }
  const isText = marker === COM || (marker >= 0xe0 && marker <= 0xef);
  return isText && hasMarkup(segment) ? "something-inside" : null;
}

/** Scan data run to the next marker that is none of theirs. */
function afterScan(content: Buffer, start: number): number {
  let at = content.indexOf(0xff, start);
  while (at >= 0) {
    const next = content[at + 1];
    const isOfScan = next === 0 || (next !== undefined && next >= 0xd0 && next <= 0xd7);
    if (!isOfScan) return at;
    at = content.indexOf(0xff, at + 2);
  }
  return content.length;
}

function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && !NO_FRAME.has(marker);
}

function isBare(marker: number): boolean {
  return marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7);
}

/**
 * Values that are not read, in JSON as `JSON.stringify` wrote it (whoever loads it has checked its checksum): where they end,
 * or FAILED.
 */

import { Byte, FAILED, type ValueScanner } from "../../platform/json/value-scanner.js";

/** `null` as a little-endian word. */
const NULL = 0x6c6c756e;

export function stepOverNull(values: ValueScanner, at: number): number {
  return values.view.getInt32(at, true) === NULL ? at + 4 : FAILED;
}

export function stepOverEmptyList(values: ValueScanner, at: number): number {
  return values.byteAt(at) === Byte.LIST && values.byteAt(at + 1) === Byte.LIST_END ? at + 2 : FAILED;
}

/** A value of any kind; texts in it have no escapes. */
export function stepOver(values: ValueScanner, at: number): number {
  const first = values.byteAt(at);
  if (first === Byte.QUOTE) return values.textAt(at);
  if (first === Byte.OBJECT || first === Byte.LIST) return stepOverNest(values, at);
  let end = at;
  while (end < values.limit && !endsValue(values.byteAt(end))) end++;
  return end;
}

function stepOverNest(values: ValueScanner, at: number): number {
  let depth = 0;
  for (let p = at; p !== FAILED && p < values.limit; ) {
    const byte = values.byteAt(p);
    if (byte === Byte.QUOTE) {
      p = values.textAt(p);
      continue;
    }
    if (byte === Byte.OBJECT || byte === Byte.LIST) depth++;
    if (byte === Byte.OBJECT_END || byte === Byte.LIST_END) depth--;
    p++;
    if (depth === 0) return p;
  }
  return FAILED;
}

function endsValue(byte: number): boolean {
  return byte === Byte.COMMA || byte === Byte.OBJECT_END || byte === Byte.LIST_END;
}

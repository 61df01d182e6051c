/** A put's entries as arguments of its script. */

import { PUT_BYTES_MAX, PUT_RECORDS_MAX, type StateEntry } from "../state-store.js";
import { fieldOf } from "./state-keys.js";

/**
 * Fields and values in turn, copied: they may wait or be sent again while the caller goes on.
 * @throws RangeError for larger puts and other keys: mistakes of the caller, not of the store.
 */
export function putPayload(entries: readonly StateEntry[]): readonly Buffer[] {
  const bytes = entries.reduce((total, { value }) => total + value.length, 0);
  if (entries.length > PUT_RECORDS_MAX || bytes > PUT_BYTES_MAX)
    throw new RangeError(
      `a put of ${entries.length} records and ${bytes} bytes; at most ${PUT_RECORDS_MAX} and ${PUT_BYTES_MAX} are taken: send it in parts`,
    );
  const memory = Buffer.allocUnsafeSlow(bytes);
  let begin = 0;
  return entries.flatMap(({ key, value }) => {
    memory.set(value, begin);
    begin += value.length;
    return [fieldOf(key), memory.subarray(begin - value.length, begin)];
  });
}

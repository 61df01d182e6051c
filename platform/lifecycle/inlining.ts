/**
 * Longer code for detectors.
 *
 * V8 takes the functions that a hot one calls into its code, up to 920 bytes of bytecode in all. A swipe goes through many
 * small functions of the judge, the person record and the rules: with that limit many of them are left as calls. What more
 * of it costs is compiling, which takes longer, on another thread: a process is slower at first and faster for good.
 */

import { setFlagsFromString } from "node:v8";

const INLINED_BYTECODE_MAX = 7000;
/** Small functions, which V8 takes in beyond that, included. */
const INLINED_BYTECODE_ABSOLUTE_MAX = 12_000;

/** For the whole process, from the next function on that is compiled for speed. */
export function inlineMore(): void {
  setFlagsFromString(`--max-inlined-bytecode-size-cumulative=${INLINED_BYTECODE_MAX}`);
  setFlagsFromString(`--max-inlined-bytecode-size-absolute=${INLINED_BYTECODE_ABSOLUTE_MAX}`);
}

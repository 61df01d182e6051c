/**
 * Commands with thousands of arguments, written as the bytes that go to the server. The library looks at every argument
 * several times: a put of 1,000 records took it 2 µs a record, its bytes are written in 0.3.
 */

import { Command } from "ioredis";
import { PUT_BYTES_MAX, PUT_RECORDS_MAX, type StateEntry } from "../state-store.js";
import { KEY_BYTES, writeField } from "./state-keys.js";

/** One whole command in the server's protocol. */
export interface EncodedCommand {
  readonly command: string;
  readonly encoded: Buffer;
}

/** `$16`, the key and `$524288`, each with its line ends. */
const RECORD_OVERHEAD_BYTES = 5 + KEY_BYTES + 2 + 9 + 2;
/** Names, counts and the hash's key. */
const HEAD_BYTES = 256;
const [CR, LF, DOLLAR, ZERO] = [13, 10, 36, 48];

/**
 * HSET of the entries, copied: they may wait or be sent again while the caller goes on.
 * @param spare memory of an earlier one that was answered; used again where it is large enough.
 * @throws RangeError for larger puts and other keys: mistakes of the caller, not of the store.
 */
export function encodeHset(
  hash: string,
  entries: readonly StateEntry[],
  spare: Buffer | null,
): EncodedCommand {
  let bytes = 0;
  for (const { value } of entries) bytes += value.length;
  if (entries.length > PUT_RECORDS_MAX || bytes > PUT_BYTES_MAX)
    throw new RangeError(
      `a put of ${entries.length} records and ${bytes} bytes; at most ${PUT_RECORDS_MAX} and ${PUT_BYTES_MAX} are taken: send it in parts`,
    );
  const size = HEAD_BYTES + hash.length + entries.length * RECORD_OVERHEAD_BYTES + bytes;
  const memory = spare !== null && spare.length >= size ? spare : Buffer.allocUnsafeSlow(size);
  let at = writeHead(memory, "HSET", hash, 2 * entries.length);
  for (const { key, value } of entries) {
    at = writeKey(memory, at, key);
    at = writeLength(memory, at, value.length);
    memory.set(value, at);
    at = writeLineEnd(memory, at + value.length);
  }
  return { command: "HSET", encoded: memory.subarray(0, at) };
}

/** @throws RangeError for other keys. */
export function encodeHmget(hash: string, keys: readonly string[]): EncodedCommand {
  const memory = Buffer.allocUnsafeSlow(HEAD_BYTES + hash.length + keys.length * RECORD_OVERHEAD_BYTES);
  let at = writeHead(memory, "HMGET", hash, keys.length);
  for (const key of keys) at = writeKey(memory, at, key);
  return { command: "HMGET", encoded: memory.subarray(0, at) };
}

/** What the library sends in place of arguments. */
export class LibraryCommand extends Command {
  constructor(private readonly own: EncodedCommand) {
    super(own.command, [], { replyEncoding: null });
  }

  override toWritable(): Buffer {
    return this.own.encoded;
  }
}

function writeHead(memory: Buffer, command: string, hash: string, count: number): number {
  const hashBytes = Buffer.byteLength(hash);
  return memory.write(
    `*${2 + count}\r\n$${command.length}\r\n${command}\r\n$${hashBytes}\r\n${hash}\r\n`,
    "utf8",
  );
}

function writeKey(memory: Buffer, begin: number, key: string): number {
  const at = writeLength(memory, begin, KEY_BYTES);
  writeField(memory, at, key);
  return writeLineEnd(memory, at + KEY_BYTES);
}

/** `$<length>` and a line end. */
function writeLength(memory: Buffer, begin: number, length: number): number {
  let digits = 1;
  for (let rest = length; rest >= 10; rest = Math.trunc(rest / 10)) digits++;
  memory[begin] = DOLLAR;
  let rest = length;
  for (let at = begin + digits; at > begin; at--) {
    memory[at] = ZERO + (rest % 10);
    rest = Math.trunc(rest / 10);
  }
  return writeLineEnd(memory, begin + 1 + digits);
}

function writeLineEnd(memory: Buffer, begin: number): number {
  memory[begin] = CR;
  memory[begin + 1] = LF;
  return begin + 2;
}

/**
 * Where the state lies in Redis. All keys of a partition have one hash tag and so one slot of a cluster: scripts may use
 * them together.
 *
 * `{kadun:7}:owner`      hash: epoch, owner, acquisition (of whom), writes (number of the owner's last write)
 * `{kadun:7}:partition`  string: the partition record
 * `{kadun:7}:values`     hash: key (16 raw bytes) -> value
 * `{kadun:7}:writing`    of no meaning: the hash goes by this name inside the transaction of a put (state-scripts.ts)
 *
 * Values are one hash, not a key each: entries of one partition are read by HSCAN alone, where SCAN walks over
 * everything the server holds; a partition is removed by one UNLINK of milliseconds, where 50,000 keys take 60; a script
 * names two keys, not a thousand; what is taken away from outside (DEL, an eviction) is a whole partition, never some
 * persons of it. Reading, writing and memory are the same within 3 %. The price: moving a slot of a cluster before
 * Redis 8.4 moves the hash in one piece, which blocks for about a second per 100 MB; more partitions make it smaller.
 */

export interface StateKeys {
  readonly owner: string;
  readonly partition: string;
  readonly values: string;
  readonly writing: string;
}

export const KEY_BYTES = 16;
const NO_DIGIT = 16;
/** By character code. */
const DIGITS = Uint8Array.from({ length: 128 }, (_, code) => digitOf(String.fromCharCode(code)));
const PARTITIONS_MAX = 65_536;

export function stateKeys(prefix: string, partition: number): StateKeys {
  const tag = `{${prefix}:${partition}}`;
  return {
    owner: `${tag}:owner`,
    partition: `${tag}:partition`,
    values: `${tag}:values`,
    writing: `${tag}:writing`,
  };
}

/** @throws RangeError. */
export function checkPartition(partition: number): void {
  if (Number.isInteger(partition) && partition >= 0 && partition < PARTITIONS_MAX) return;
  throw new RangeError(`partition ${partition}: expected a whole number from 0 to ${PARTITIONS_MAX - 1}`);
}

/** Writes the key's bytes. @param key 32 hexadecimal digits. @throws RangeError. */
export function writeField(memory: Buffer, begin: number, key: string): void {
  let isKey = key.length === 2 * KEY_BYTES;
  for (let i = 0; isKey && i < KEY_BYTES; i++) {
    const [high, low] = [DIGITS[key.charCodeAt(2 * i)], DIGITS[key.charCodeAt(2 * i + 1)]];
    isKey = high !== undefined && low !== undefined && high < NO_DIGIT && low < NO_DIGIT;
    memory[begin + i] = (high! << 4) | low!;
  }
  if (!isKey) throw new RangeError(`key ${key}: expected 32 hexadecimal digits`);
}

export function keyOf(field: Buffer): string {
  return field.toString("hex");
}

function digitOf(character: string): number {
  const digit = "0123456789abcdef".indexOf(character);
  return digit < 0 ? NO_DIGIT : digit;
}

/** Keys of the state store, and who owns a partition, in bytes. */

import { createHash } from "node:crypto";

export interface Owner {
  readonly epoch: number;
  readonly owner: string;
}

const PARTITION_BYTES = 2;

export function partitionKey(partition: number): Buffer {
  const key = Buffer.allocUnsafe(PARTITION_BYTES);
  key.writeUInt16BE(partition, 0);
  return key;
}

/** @param key 32 hexadecimal digits. */
export function valueKey(partition: number, key: string): Buffer {
  const bytes = Buffer.allocUnsafe(PARTITION_BYTES + key.length / 2);
  bytes.writeUInt16BE(partition, 0);
  bytes.write(key, PARTITION_BYTES, "hex");
  return bytes;
}

export function keyOfValue(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex", PARTITION_BYTES);
}

export function encodeOwner({ epoch, owner }: Owner): Buffer {
  const bytes = Buffer.allocUnsafeSlow(8 + Buffer.byteLength(owner));
  bytes.writeDoubleBE(epoch, 0);
  bytes.write(owner, 8, "utf8");
  return bytes;
}

export function decodeOwner(bytes: Buffer | undefined): Owner | null {
  if (bytes === undefined) return null;
  return { epoch: Buffer.from(bytes).readDoubleBE(0), owner: Buffer.from(bytes).toString("utf8", 8) };
}

/**
 * The version LMDB compares before a write: one number for epoch and owner together, 48 bits of a hash. Two owners that
 * hold the same epoch (a copy was restored) have the same number once in 10^14 times.
 */
export function fenceOf({ epoch, owner }: Owner): number {
  return createHash("sha256").update(`${epoch} ${owner}`).digest().readUIntBE(0, 6);
}

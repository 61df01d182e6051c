/**
 * Kafka's default partitioner: the partition of a key as Java's clients compute it, so that a record another program
 * wrote for a key and one of ours meet in one partition.
 * Source: org.apache.kafka.common.utils.Utils.murmur2, BuiltInPartitioner.partitionForKey.
 */

const SEED = 0x9747b28c;
const MIX = 0x5bd1e995;
const MIX_SHIFT = 24;
const BLOCK_BYTES = 4;

/** The hash of the bytes as a signed 32-bit number, as Java's `int`. */
export function murmur2(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const tailBegin = bytes.length - (bytes.length % BLOCK_BYTES);
  let hash = SEED ^ bytes.length;
  for (let at = 0; at < tailBegin; at += BLOCK_BYTES) {
    let block = Math.imul(view.getInt32(at, true), MIX);
    block = Math.imul(block ^ (block >>> MIX_SHIFT), MIX);
    hash = Math.imul(hash, MIX) ^ block;
  }
  if (tailBegin < bytes.length) hash = Math.imul(hash ^ tailOf(bytes, tailBegin), MIX);
  hash = Math.imul(hash ^ (hash >>> 13), MIX);
  return hash ^ (hash >>> 15);
}

/** The last one to three bytes, little-endian. */
function tailOf(bytes: Uint8Array, begin: number): number {
  let tail = 0;
  for (let at = bytes.length - 1; at >= begin; at--) tail = (tail << 8) | bytes[at]!;
  return tail;
}

const encoder = new TextEncoder();

/** Partition of a key (its UTF-8 bytes) among `partitionCount`. */
export function murmur2PartitionOf(key: string, partitionCount: number): number {
  return (murmur2(encoder.encode(key)) & 0x7fffffff) % partitionCount;
}

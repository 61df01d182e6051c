/**
 * Kafka's 64-bit integers as numbers: offsets, times and producer ids stay below 2^53 (an offset at 1,000,000 records a
 * second for 285 years). -1 stands for "none" in many fields.
 */

const HIGH = 2 ** 32;

export function readInt64(bytes: Buffer, at: number): number {
  return bytes.readInt32BE(at) * HIGH + bytes.readUInt32BE(at + 4);
}

export function writeInt64(bytes: Buffer, value: number, at: number): number {
  bytes.writeInt32BE(Math.floor(value / HIGH), at);
  return bytes.writeUInt32BE(value - Math.floor(value / HIGH) * HIGH, at + 4);
}

/**
 * Where the answer to a waiting call goes: the header of its journal record and of the record in `kadun.answers`.
 *
 * 4 bytes process that waits (random for each start), 2 bytes partition of `kadun.answers` that it reads (uint16 LE),
 * 8 bytes number of the call (float64 LE).
 */

export const ADDRESS_BYTES = 14;
export const INSTANCE_BYTES = 4;
export const ANSWERS_PARTITIONS_MAX = 65_536;
const OFFSET_PARTITION = 4;
const OFFSET_CALL = 6;

export interface AnswerAddress {
  readonly instance: Uint8Array;
  readonly partition: number;
  readonly call: number;
}

export function encodeAddress({ instance, partition, call }: AnswerAddress): Uint8Array {
  if (instance.length !== INSTANCE_BYTES)
    throw new RangeError(`an instance id of ${instance.length} bytes, expected ${INSTANCE_BYTES}`);
  const header = new Uint8Array(ADDRESS_BYTES);
  header.set(instance);
  const view = new DataView(header.buffer);
  view.setUint16(OFFSET_PARTITION, partition, true);
  view.setFloat64(OFFSET_CALL, call, true);
  return header;
}

/** null where the header is none of ours. */
export function decodeAddress(header: Uint8Array): AnswerAddress | null {
  if (header.length !== ADDRESS_BYTES) return null;
  const view = new DataView(header.buffer, header.byteOffset, header.length);
  return {
    instance: header.subarray(0, INSTANCE_BYTES),
    partition: view.getUint16(OFFSET_PARTITION, true),
    call: view.getFloat64(OFFSET_CALL, true),
  };
}

/** A dead letter: what was sent and why it was refused. As bytes: 4 bytes length (LE), JSON, the original bytes. */

import * as z from "zod";
import { identifier, instant, label } from "../../schemas/fields.js";
import { RAW_SCHEMAS, type RawType } from "../../schemas/raw.js";

/** Sealed and with its JSON it must fit a log entry of 1,000,000 bytes; longer originals are cut. */
export const ORIGINAL_BYTES_MAX = 990_000;
const FIELD_LENGTH_MAX = 256;
const LENGTH_BYTES = 4;

const head = z.object({
  /** Record type of the address it was sent to. */
  expects: z.enum(Object.keys(RAW_SCHEMAS) as [RawType, ...RawType[]]),
  code: identifier,
  field: z.string(),
  reason: z.string(),
  /** Network it came from; of a raw topic `topic/partition/offset`. */
  source: label,
  /** Line in its message; 1 of a raw topic. */
  position: z.number().int().min(1),
  receivedAt: instant,
  isCut: z.boolean(),
});

export type DeadLetterHead = z.infer<typeof head>;
export interface DeadLetter extends DeadLetterHead {
  readonly original: Uint8Array;
}

export function encodeDeadLetter({ original, ...rest }: Omit<DeadLetter, "isCut">): Uint8Array {
  const isCut = original.length > ORIGINAL_BYTES_MAX;
  const json = Buffer.from(
    JSON.stringify({ ...rest, field: rest.field.slice(0, FIELD_LENGTH_MAX), isCut }),
    "utf8",
  );
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32LE(json.length);
  return Buffer.concat([length, json, original.subarray(0, ORIGINAL_BYTES_MAX)]);
}

/** @throws where the bytes are no dead letter. */
export function decodeDeadLetter(bytes: Uint8Array): DeadLetter {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const originalAt = LENGTH_BYTES + buffer.readUInt32LE(0);
  const json: unknown = JSON.parse(buffer.toString("utf8", LENGTH_BYTES, originalAt));
  return { ...head.parse(json), original: buffer.subarray(originalAt) };
}

/**
 * The partition record: what a checkpoint keeps of a partition besides its persons, as of one journal offset.
 * Stored as 1 byte version, 4 bytes CRC32C (LE) of the rest, UTF-8 JSON.
 */

import * as z from "zod";
import { crc32c } from "../../schemas/crc32c.js";

const STATE_VERSION = 2;
/** Without the draft in shadow and the engine: there was neither choice. */
const STATE_VERSION_BEFORE = 1;
/** The one engine of the programs that wrote version 1. */
const ENGINE_BEFORE = "2";
const OFFSET_CRC = 1;
const OFFSET_JSON = 5;

const partitionState = z.object({
  /** Offset of the last journal record whose effects all person records of the checkpoint include; −1 for none. */
  appliedOffset: z.number().int().min(-1),
  /** Running maximum of the log's append times up to there. */
  appendedAtMaxMs: z.number(),
  /** The last activation. */
  bundleHash: z.string(),
  activationSequence: z.number().int(),
  shadowBundleHash: z.string().nullable().default(null),
  engineVersion: z.string().default(ENGINE_BEFORE),
  publishedBy: z.array(z.string()).default([]),
  /** Has a snapshot of all known losses, or a cold start, been in the journal? */
  isBootstrapped: z.boolean(),
  /** Last heartbeat by feed (province), as append times. */
  heartbeats: z.array(z.tuple([z.number().int(), z.number()])),
});

export type PartitionState = z.infer<typeof partitionState>;

export class PartitionStateError extends Error {
  override readonly name = "PartitionStateError";
  readonly retryable = false;
  constructor(
    readonly code: "CORRUPT" | "NEWER_VERSION",
    message: string,
  ) {
    super(message);
  }
}

export function encodePartitionState(state: PartitionState): Uint8Array {
  const json = Buffer.from(JSON.stringify(state), "utf8");
  const bytes = Buffer.alloc(OFFSET_JSON + json.length);
  bytes[0] = STATE_VERSION;
  json.copy(bytes, OFFSET_JSON);
  bytes.writeUInt32LE(crc32c(bytes, OFFSET_JSON), OFFSET_CRC);
  return bytes;
}

/** @throws PartitionStateError. */
export function decodePartitionState(stored: Uint8Array): PartitionState {
  const bytes = Buffer.from(stored.buffer, stored.byteOffset, stored.length);
  if (bytes.length > 0 && bytes[0] !== STATE_VERSION && bytes[0] !== STATE_VERSION_BEFORE)
    throw new PartitionStateError(
      "NEWER_VERSION",
      `partition record of version ${bytes[0]}; this program reads up to ${STATE_VERSION}: install the newer release`,
    );
  const isSound = bytes.length > OFFSET_JSON && crc32c(bytes, OFFSET_JSON) === bytes.readUInt32LE(OFFSET_CRC);
  const parsed = isSound ? partitionState.safeParse(JSON.parse(bytes.toString("utf8", OFFSET_JSON))) : null;
  if (parsed?.success !== true)
    throw new PartitionStateError(
      "CORRUPT",
      "the partition record fails its checksum: remove the state folder, it is rebuilt from the journal",
    );
  return parsed.data;
}

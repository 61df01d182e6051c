/** Records of `kadun.answers`: the outcomes of one journal record, for the process whose call waits. */

import { decodeOutcomeBody, encodeBody } from "./log-body.js";
import type { LoggedOutcome } from "./outcomes.js";

const LENGTH_BYTES = 4;
const FLAGS_BYTES = 1;
const BOOTSTRAPPED = 1;

export interface AnswerMessage {
  readonly outcomes: readonly LoggedOutcome[];
  /** Does the judge know the state of all cards (a snapshot was imported, or a cold start was wanted)? */
  readonly isBootstrapped: boolean;
}

/** 1 byte flags, then each outcome's body behind its length (uint32 LE). */
export function encodeAnswerMessage({ outcomes, isBootstrapped }: AnswerMessage): Uint8Array {
  const bodies = outcomes.map((outcome) => encodeBody(outcome));
  const length = bodies.reduce((sum, body) => sum + LENGTH_BYTES + body.length, FLAGS_BYTES);
  const bytes = Buffer.allocUnsafe(length);
  bytes[0] = isBootstrapped ? BOOTSTRAPPED : 0;
  let at = FLAGS_BYTES;
  for (const body of bodies) {
    at = bytes.writeUInt32LE(body.length, at);
    bytes.set(body, at);
    at += body.length;
  }
  return bytes;
}

/** @throws LogBodyError, RangeError where it is none of ours. */
export function decodeAnswerMessage(value: Uint8Array): AnswerMessage {
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.length);
  const outcomes: LoggedOutcome[] = [];
  let at = FLAGS_BYTES;
  while (at < bytes.length) {
    const end = at + LENGTH_BYTES + bytes.readUInt32LE(at);
    if (end > bytes.length) throw new RangeError(`an answer of ${bytes.length} bytes ends early`);
    outcomes.push(decodeOutcomeBody(bytes.subarray(at + LENGTH_BYTES, end)));
    at = end;
  }
  return { outcomes, isBootstrapped: bytes.readUInt8(0) === BOOTSTRAPPED };
}

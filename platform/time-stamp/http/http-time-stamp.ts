/** Asks an authority over HTTP (RFC 3161 section 3.4). */

import { randomBytes } from "node:crypto";
import { type TimeStampAuthority, TimeStampError } from "../time-stamp.js";
import { readTimeStamp, timeStampRequest } from "../time-stamp-token.js";

const TIME_LIMIT_MS = 30_000;
/** A response with a chain of certificates is some kilobytes. */
const RESPONSE_BYTES_MAX = 256 << 10;
const NONCE_BYTES = 8;

/** @param url of the authority, `https://…` or `http://…`. */
export function httpTimeStamp(url: string, timeLimitMs: number = TIME_LIMIT_MS): TimeStampAuthority {
  return {
    async stamp(sha256) {
      const nonce = BigInt(`0x${randomBytes(NONCE_BYTES).toString("hex")}`);
      const response = await post(url, timeStampRequest(sha256, nonce), timeLimitMs);
      const stamp = readTimeStamp(response, { sha256, authorities: [] });
      if (stamp.nonce !== nonce)
        throw new TimeStampError("INVALID", `${url}: answered another request (its nonce differs)`, true);
      return response;
    },
  };
}

async function post(url: string, body: Buffer, timeLimitMs: number): Promise<Buffer> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/timestamp-query" },
      body,
      signal: AbortSignal.timeout(timeLimitMs),
    });
    if (response.status !== 200) throw new Error(`status ${response.status}`);
    return await bodyOf(response);
  } catch (error) {
    const { message, cause } = error as Error;
    const why = cause instanceof Error ? `${message}: ${cause.message}` : message;
    throw new TimeStampError("NOT_AVAILABLE", `${url}: no time stamp (${why})`, true, { cause: error });
  }
}

async function bodyOf(response: Response): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of response.body ?? []) {
    bytes += piece.length;
    if (bytes > RESPONSE_BYTES_MAX) throw new Error(`more than ${RESPONSE_BYTES_MAX} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

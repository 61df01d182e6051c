/** How a web-hook's request proves where it comes from and when it was made: HMAC-SHA256 over both. Pure. */

import { createHmac, timingSafeEqual } from "node:crypto";

export const TIMESTAMP_HEADER = "x-kadun-timestamp";
export const SIGNATURE_HEADER = "x-kadun-signature";
/** 256 bits; less is guessed by whoever has one request. */
export const SECRET_BYTES_MIN = 32;
/** What a receiver should take: clocks differ, and an old request is one that somebody kept. */
export const AGE_SECONDS_MAX = 300;

/** @param timestamp seconds since 1970, as the header has them. */
export function signatureOf(secret: Uint8Array, timestamp: string, body: string): string {
  return `v1=${createHmac("sha256", secret).update(`${timestamp}.${body}`, "utf8").digest("hex")}`;
}

/** What the other side checks, in the words of this one. */
export function isSignedBy(
  secret: Uint8Array,
  request: { readonly timestamp: string; readonly signature: string; readonly body: string },
  nowMs: number,
): boolean {
  if (!/^\d{1,12}$/.test(request.timestamp)) return false;
  if (Math.abs(nowMs / 1000 - Number(request.timestamp)) > AGE_SECONDS_MAX) return false;
  const [right, given] = [signatureOf(secret, request.timestamp, request.body), request.signature].map(
    (text) => Buffer.from(text, "utf8"),
  );
  return right!.length === given!.length && timingSafeEqual(right!, given!);
}

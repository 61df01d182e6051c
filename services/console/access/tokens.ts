/** Random tokens of sessions and links, and what is kept of them. */

import { createHmac, hash, randomBytes, timingSafeEqual } from "node:crypto";

const TOKEN_BYTES = 32;
const ID_BYTES = 8;
export const TOKEN_PATTERN = /^[A-Za-z0-9_-]{43}$/;

export function newToken(): string {
  return randomBytes(TOKEN_BYTES).toString("base64url");
}

/** By which people name a session; tells nothing of its token. */
export function newSessionId(): string {
  return randomBytes(ID_BYTES).toString("hex");
}

/** 256 random bits need no slow hash. */
export function sha256Of(token: string): string {
  return hash("sha256", token);
}

/** Of a session's token: whoever has it cannot tell the token, and no other session has it. */
export function csrfOf(token: string): string {
  return createHmac("sha256", token).update("kadun-csrf").digest("base64url");
}

/** In the same time whatever they are. */
export function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** The cookie of a session, on the wire. Pure. */

import { TOKEN_PATTERN } from "./tokens.js";

/** Browsers send a few; a long header is not searched. */
const HEADER_LENGTH_MAX = 8192;

/** With TLS no other site, and nobody on the wire, can set one of this name. */
const SECURE_NAME = "__Host-kadun";
const PLAIN_NAME = "kadun_console";

/** @param isSecure is the console opened with https? The names of the two worlds never stand for each other. */
export function sessionCookieName(isSecure: boolean): string {
  return isSecure ? SECURE_NAME : PLAIN_NAME;
}

/** The value of a cookie; null where there is none. */
export function cookieValue(header: string | undefined, name: string): string | null {
  if (header === undefined || header.length > HEADER_LENGTH_MAX) return null;
  const start = `${name}=`;
  const found = header
    .split(";")
    .map((pair) => pair.trim())
    .find((pair) => pair.startsWith(start));
  return found === undefined ? null : found.slice(start.length);
}

/** A token as we give them; null where there is none. */
export function sessionTokenOf(header: string | undefined, isSecure: boolean): string | null {
  const value = cookieValue(header, sessionCookieName(isSecure));
  return value !== null && TOKEN_PATTERN.test(value) ? value : null;
}

/** Until the browser closes; the server ends it earlier. @param token null: away with it. */
export function sessionCookie(token: string | null, isSecure: boolean): string {
  const age = token === null ? "; Max-Age=0" : "";
  const secure = isSecure ? "; Secure" : "";
  return `${sessionCookieName(isSecure)}=${token ?? ""}; Path=/; HttpOnly; SameSite=Strict${secure}${age}`;
}

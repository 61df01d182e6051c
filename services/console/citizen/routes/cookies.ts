/** The two cookies: of a visit before anybody is known, and of a session. Pure but for the reply's header. */

import type { FastifyReply, FastifyRequest } from "fastify";
import type { CitizenParts } from "../citizen-parts.js";
import { TOKEN_PATTERN } from "../door/sessions.js";

export type CookieName = "kadun-visit" | "kadun-in";
/** Browsers send a few; a long header is not searched. */
const HEADER_LENGTH_MAX = 8192;

/** What it is called on the wire. With TLS no other site, and nobody on the wire, can set one of this name. */
function wireName({ origin }: CitizenParts, name: CookieName): string {
  return isSecure(origin) ? `__Host-${name}` : name;
}

export function isSecure(origin: string | null): boolean {
  return origin?.startsWith("https://") === true;
}

/** A token as we give them; null where there is none. */
export function cookieOf(parts: CitizenParts, request: FastifyRequest, name: CookieName): string | null {
  const header = request.headers.cookie ?? "";
  if (header.length > HEADER_LENGTH_MAX) return null;
  const start = `${wireName(parts, name)}=`;
  const found = header
    .split(";")
    .map((pair) => pair.trim())
    .find((pair) => pair.startsWith(start));
  const value = found?.slice(start.length) ?? "";
  return TOKEN_PATTERN.test(value) ? value : null;
}

/** Until the browser closes; the server ends it earlier. @param value null: away with it. */
export function setCookie(
  parts: CitizenParts,
  reply: FastifyReply,
  name: CookieName,
  value: string | null,
): void {
  const secure = isSecure(parts.origin) ? "; Secure" : "";
  const age = value === null ? "; Max-Age=0" : "";
  const cookie = `${wireName(parts, name)}=${value ?? ""}; Path=/; HttpOnly; SameSite=Strict${secure}${age}`;
  const before = reply.getHeader("set-cookie");
  reply.header("set-cookie", [...(before === undefined ? [] : [before].flat().map(String)), cookie]);
}

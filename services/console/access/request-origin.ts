/** From which page a request comes, as the browser says; nobody's script can write these headers. Pure. */

import type { AskedRequest } from "../../../schemas/console/caller.js";

const READING: readonly string[] = ["GET", "HEAD"];
const LOOPBACK: readonly string[] = ["127.0.0.1", "[::1]", "localhost"];
/** Of whatever stands before the process. */
const PROXY_HEADERS = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip"] as const;

export function isReading({ method = "GET" }: AskedRequest): boolean {
  return READING.includes(method);
}

/**
 * What stands against a change by a browser; null for nothing. A request without these headers comes from no page.
 * @param origin how browsers name the console; null: as the request's own Host says.
 */
export function foreignPage({ headers }: AskedRequest, origin: string | null): string | null {
  const site = textOf(headers["sec-fetch-site"]);
  if (site !== undefined && site !== "same-origin")
    return `it was sent by another site's page (sec-fetch-site: ${site === "cross-site" || site === "same-site" ? site : "other"})`;
  const from = textOf(headers.origin);
  if (from === undefined) return null;
  const isOwn = origin === null ? hostOf(from) === textOf(headers.host)?.toLowerCase() : from === origin;
  if (isOwn) return null;
  return origin === null
    ? "its Origin is not the host that was asked; behind a proxy that changes the Host header set KADUN_CONSOLE_ORIGIN"
    : `its Origin is not ${origin}, which KADUN_CONSOLE_ORIGIN names`;
}

/** Asked under a name of this very machine, with nothing in between: a name that points here is not enough. */
export function isLoopbackRequest({ headers }: AskedRequest): boolean {
  if (PROXY_HEADERS.some((name) => headers[name] !== undefined)) return false;
  const host = textOf(headers.host)
    ?.toLowerCase()
    .replace(/:\d{1,5}$/, "");
  return host !== undefined && LOOPBACK.includes(host);
}

/** Of a setting: an address to listen on. */
export function isLoopbackHost(host: string): boolean {
  return [...LOOPBACK, "::1"].includes(host.toLowerCase());
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) && /^https?:/.test(origin) ? origin.slice(origin.indexOf("//") + 2) : undefined;
}

function textOf(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** Where a ClickHouse server is and how it is talked to: resolved once, wrong values fail at the start. */

import { X509Certificate } from "node:crypto";
import { createSecureContext } from "node:tls";
import { AnalyticsError } from "../analytics-database.js";

/** Contents in PEM, not paths. The server's certificate is always checked. */
export interface ClickhouseTls {
  /** Certificates of the authorities to trust; without them those that Node brings. */
  readonly ca?: string;
  /** Certificate and key of the user, which then stand for the password: it stays empty. */
  readonly client?: { readonly certificate: string; readonly key: string };
}

export interface ClickhouseOptions {
  /** `http://host:8123` or `https://host:8443`, with a path where a proxy needs one; no user, no password. */
  readonly url: string;
  readonly user: string;
  readonly password: string;
  /** Made where it is missing. */
  readonly database: string;
  readonly tls?: ClickhouseTls;
  /** How long an answer may take: of a write in all, of a query behind its own limit. */
  readonly requestTimeoutMs?: number;
  /** Blocks are sent with gzip. By default where the server is on another machine. */
  readonly compressBlocks?: boolean;
}

export interface ClickhouseAddress {
  readonly url: string;
  /** Behind a proxy. */
  readonly pathname: string | undefined;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  readonly tls: ClickhouseTls | undefined;
  readonly requestTimeoutMs: number;
  readonly compressBlocks: boolean;
}

/** The largest block takes a second; a migration over a large table some more. */
const REQUEST_TIMEOUT_MS = 60_000;
/** The name stands in statements as it is. */
const DATABASE_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;
/** Above 3 Gbit/s a block is sent faster than it is compressed: 2 MB of rows take 6 ms (level 1, measured). */
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** @throws AnalyticsError OPEN_FAILED. */
export function resolveAddress(options: ClickhouseOptions): ClickhouseAddress {
  const url = URL.canParse(options.url) ? new URL(options.url) : null;
  if (url === null || !["http:", "https:"].includes(url.protocol))
    throw failed(`'${withoutPassword(options.url)}' is no address; expected http://host:8123`);
  if (url.username !== "" || url.password !== "" || url.search !== "")
    throw failed(`${url.origin}: user, password and settings stand beside the address, not in it`);
  if (!DATABASE_NAME.test(options.database))
    throw failed(`database '${options.database}': expected letters, digits and underscores, at most 64`);
  if (options.tls !== undefined) checkTls(options.tls, url);
  return {
    url: url.origin,
    pathname: url.pathname === "/" ? undefined : url.pathname,
    user: options.user,
    password: options.password,
    database: options.database,
    tls: options.tls,
    requestTimeoutMs: options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS,
    compressBlocks: options.compressBlocks ?? !LOOPBACK.test(url.hostname),
  };
}

function checkTls({ ca, client }: ClickhouseTls, url: URL): void {
  if (url.protocol !== "https:") throw failed(`${url.origin} is without TLS; certificates need https://`);
  try {
    if (ca !== undefined) new X509Certificate(ca);
    if (client !== undefined) createSecureContext({ cert: client.certificate, key: client.key });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw failed(
      `the TLS settings cannot be used (${why}): CA, certificate and key must be PEM and belong together`,
    );
  }
}

function withoutPassword(text: string): string {
  return text.replace(/\/\/[^@/]*@/, "//…@");
}

function failed(problem: string): AnalyticsError {
  return new AnalyticsError("OPEN_FAILED", `ClickHouse server: ${problem}`);
}

/** How to reach a Redis and how long to wait for it. Nothing here is read from the environment. */

import type { Clock } from "../../clock/clock.js";
import type { Logger } from "../../logger/logger.js";

export type RedisStateStoreOptions = RedisLocation & RedisStateStoreSettings;

/** A URL redis://[[user]:password@]host[:port][/db], rediss:// for TLS; or the same in parts. Parts win over the URL. */
export interface RedisLocation {
  readonly url?: string;
  readonly host?: string;
  readonly port?: number;
  readonly db?: number;
  readonly username?: string;
  readonly password?: string;
  /** true: TLS with the authorities that Node brings. The server's certificate is always checked. */
  readonly tls?: boolean | RedisTls;
}

/** Contents in PEM, not paths. */
export interface RedisTls {
  readonly ca?: string;
  /** Where the server asks for a client's certificate. */
  readonly certificate?: string;
  readonly key?: string;
  /** Name that the server's certificate must carry, where it is not the host's. */
  readonly serverName?: string;
}

export interface RedisStateStoreSettings {
  /** Keys are `{<keyPrefix>:<partition>}:…`. */
  readonly keyPrefix?: string;
  /** A command that takes longer is stuck: its connection is given up. */
  readonly commandTimeoutMs?: number;
  readonly connectTimeoutMs?: number;
  /** So long the same command is sent again when the server is away; then the call fails with UNREACHABLE, retryable. */
  readonly retryForMs?: number;
  /** `close` waits so long for writes under way. */
  readonly closeDeadlineMs?: number;
  readonly clock?: Clock;
  readonly logger?: Logger;
}

export interface RedisAddress {
  readonly host: string;
  readonly port: number;
  readonly db: number;
  readonly username: string | null;
  readonly password: string | null;
  readonly tls: RedisTls | null;
}

const KEY_PREFIX_DEFAULT = "kadun";
const PORT_DEFAULT = 6379;
/** A put takes milliseconds; a server that forks to save, or waits for its disk, a second or two. */
export const COMMAND_TIMEOUT_DEFAULT_MS = 5_000;
/** A host that does not answer a connect in this time is down or behind a firewall. */
export const CONNECT_TIMEOUT_DEFAULT_MS = 3_000;
/** A restart or a failover that a sentinel decides on takes 5 to 10 s. */
export const RETRY_FOR_DEFAULT_MS = 15_000;
/** Below the 10 s that container engines give a process to end in. */
export const CLOSE_DEADLINE_DEFAULT_MS = 5_000;
/** Braces would be a second hash tag, or none. */
const KEY_PREFIX_SHAPE = /^[^{}\s]{1,64}$/;
const DB_MAX = 9_999;

/** @throws RangeError. Never with a password in its text. */
export function redisAddress(location: RedisLocation): RedisAddress {
  const fromUrl = location.url === undefined ? null : parseUrl(location.url);
  const host = location.host ?? fromUrl?.host;
  if (host === undefined || host === "")
    throw new RangeError("Redis: no address; give a URL such as redis://redis.example:6379, or a host");
  return {
    host,
    port: checked("port", location.port ?? fromUrl?.port ?? PORT_DEFAULT, 1, 65_535),
    db: checked("db", location.db ?? fromUrl?.db ?? 0, 0, DB_MAX),
    username: location.username ?? fromUrl?.username ?? null,
    password: location.password ?? fromUrl?.password ?? null,
    tls: tlsOf(location.tls, fromUrl?.tls ?? null),
  };
}

/** For messages: never user or password. */
export function describeAddress({ host, port, tls }: RedisAddress): string {
  return `${tls === null ? "redis" : "rediss"}://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** @throws RangeError. */
export function keyPrefixOf({ keyPrefix = KEY_PREFIX_DEFAULT }: RedisStateStoreSettings): string {
  if (KEY_PREFIX_SHAPE.test(keyPrefix)) return keyPrefix;
  throw new RangeError(
    `Redis key prefix ${JSON.stringify(keyPrefix)}: expected 1 to 64 characters without braces and spaces, such as kadun`,
  );
}

function parseUrl(text: string): RedisAddress {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== "redis:" && url.protocol !== "rediss:") || url.hostname === "")
    throw new RangeError(
      `Redis URL ${withoutLogin(text)}: expected redis://[[user]:password@]host[:port][/db], or rediss:// for TLS; special characters of the password percent-encoded`,
    );
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
    port: url.port === "" ? PORT_DEFAULT : Number(url.port),
    db: dbOf(url),
    username: decoded(url.username),
    password: decoded(url.password),
    tls: url.protocol === "rediss:" ? {} : null,
  };
}

function dbOf(url: URL): number {
  const path = url.pathname.replace(/^\//, "");
  return path === "" ? 0 : Number(path);
}

function decoded(part: string): string | null {
  if (part === "") return null;
  try {
    return decodeURIComponent(part);
  } catch {
    throw new RangeError("Redis URL: user or password is not percent-encoded; write % as %25");
  }
}

function withoutLogin(text: string): string {
  return JSON.stringify(text.replace(/\/\/.*@/, "//…@"));
}

function checked(name: string, value: number, min: number, max: number): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new RangeError(`Redis ${name} ${value}: expected a whole number from ${min} to ${max}`);
}

function tlsOf(given: boolean | RedisTls | undefined, fromUrl: RedisTls | null): RedisTls | null {
  if (given === undefined) return fromUrl;
  if (given === true) return fromUrl ?? {};
  return given === false ? null : given;
}

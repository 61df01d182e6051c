/** What a server must be before the first statement: reachable, of a release that will do, with the database there. */

import type { ClickHouseClient } from "@clickhouse/client";
import { AnalyticsError } from "../analytics-database.js";
import { engineNumberOf } from "../engine-errors.js";
import { clientOf, readAll, write } from "./clickhouse-dialect.js";
import { clickhouseErrorOf } from "./clickhouse-errors.js";
import type { ClickhouseAddress } from "./clickhouse-options.js";
import { within } from "./deadline.js";

/** Oldest release that the client is tested with, and the oldest long-term one that we name. */
export const RELEASE_MIN = { year: 24, month: 8 } as const;
/** Somebody waits for the program to start. */
const START_MS_MAX = 10_000;
/** Every database has it. */
const FIRST_DATABASE = "default";

/** @throws AnalyticsError UNREACHABLE, NOT_AUTHORIZED, OPEN_FAILED: one message with the next step. */
export async function prepareServer(address: ClickhouseAddress): Promise<void> {
  const silenceMs = Math.min(START_MS_MAX, address.requestTimeoutMs);
  const client = clientOf({ ...address, database: FIRST_DATABASE }, { connections: 1, silenceMs });
  try {
    const { release, hasDatabase } = await lookAt(client, address, silenceMs);
    checkRelease(release, address.url);
    if (!hasDatabase) await write(client, { query: `CREATE DATABASE IF NOT EXISTS ${address.database}` });
  } catch (cause) {
    throw startError(cause, address);
  } finally {
    await client.close();
  }
}

const LOOK = `SELECT version() AS release,
  (SELECT count() FROM system.databases WHERE name = {database:String}) > 0 AS hasDatabase`;

async function lookAt(client: ClickHouseClient, { database }: ClickhouseAddress, ms: number) {
  const text = await within(ms, (signal) =>
    readAll(client, { sql: LOOK, parameters: { database }, settings: {}, signal }),
  );
  return {
    release: /"release":"([^"]*)"/.exec(text)?.[1] ?? "",
    hasDatabase: /"hasDatabase":(1|true)/.test(text),
  };
}

/** @throws AnalyticsError OPEN_FAILED. */
export function checkRelease(release: string, url: string): void {
  const [, year, month] = /^(\d+)\.(\d+)\./.exec(release) ?? [];
  const wanted = `${RELEASE_MIN.year}.${RELEASE_MIN.month}`;
  if (year === undefined)
    throw new AnalyticsError(
      "OPEN_FAILED",
      `${url} answers, but not as a ClickHouse server (expected ${wanted} or later): check host and port; the HTTP port is 8123, with TLS 8443`,
    );
  const isOld = Number(year) * 12 + Number(month) < RELEASE_MIN.year * 12 + RELEASE_MIN.month;
  if (isOld)
    throw new AnalyticsError(
      "OPEN_FAILED",
      `${url} is ClickHouse ${release}; ${wanted} or later is needed: upgrade the server`,
    );
}

/** Some end a connection whose certificate they do not trust without a word. */
function brokenStep(url: string): string {
  if (!url.startsWith("https:")) return "check host and port";
  return "check host and port and, where the server asks for one, that it trusts this client's certificate";
}

const ACCESS_DENIED = 497;
const READONLY = 164;

function startError(cause: unknown, { url, user, database }: ClickhouseAddress): AnalyticsError {
  const error = clickhouseErrorOf(cause, "ClickHouse server", url);
  const number = engineNumberOf(cause);
  const as = (problem: string) =>
    new AnalyticsError(error.code, problem, { retryable: error.retryable, cause });
  if (number === ACCESS_DENIED || number === READONLY)
    return as(
      `${url}: user '${user}' may not make the database '${database}': as an administrator run CREATE DATABASE IF NOT EXISTS ${database}; GRANT ALL ON ${database}.* TO ${user}`,
    );
  if (error.code === "NOT_AUTHORIZED")
    return as(`${url}: user '${user}' is not let in (code ${number}): check user name and password`);
  if (error.code === "UNREACHABLE" && error.retryable)
    return as(`${error.message}: is the server running, are host and port right (HTTP is 8123, TLS 8443)?`);
  if (error.code === "TIMEOUT") return as(`${url} does not answer: check host, port and firewall`);
  if (error.code === "FAILED" && number === null) return as(`${error.message}: ${brokenStep(url)}`);
  return error;
}

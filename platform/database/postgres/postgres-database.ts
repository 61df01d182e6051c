/**
 * PostgreSQL on a server.
 *
 * Owns: the pool, the connections of `alone`, closing.
 * Does not own: tables (migrations.ts).
 *
 * 1. A database that was opened answered, is recent enough, keeps any text (UTF8) and takes writes.
 * 2. Commits are durable as the server is set; `synchronous_commit` is not touched.
 * 3. Between this and the server lies no pooler that gives away connections between transactions: `alone` needs its own.
 */

import { type Dialect, Kysely, PostgresDialect, sql } from "kysely";
import type pg from "pg";
import { DatabaseError, type OpenDatabase } from "../database.js";
import { AloneLocks } from "./alone-locks.js";
import { type PostgresAddress, type PostgresTls, postgresAddress, shownAddress } from "./postgres-address.js";
import { ServerPool } from "./server-pool.js";
import { serverTypes } from "./server-types.js";

export interface PostgresOptions {
  /** `postgres://USER:PASSWORD@HOST:PORT/DATABASE`, with `%` escapes; `sslmode=verify-full` asks for TLS. */
  readonly url: string;
  readonly tls?: PostgresTls;
  /** Connections at most; each `alone` has one more. */
  readonly poolMax?: number;
  readonly connectTimeoutMs?: number;
  /** The server ends a statement after it; 0: never. Migrations lift it for their transaction. */
  readonly statementTimeoutMs?: number;
}

/** A consumer for each of a dozen partitions, most of them waiting for the log; the server has 100 for all processes. */
const POOL_MAX = 10;
/** In one data centre a connection takes milliseconds; after five seconds the next try is worth more. */
const CONNECT_TIMEOUT_MS = 5_000;
/** A batch takes milliseconds; half a minute is a lock that nobody gives up. */
const STATEMENT_TIMEOUT_MS = 30_000;
/** A process that was paused inside a transaction: others wait for its locks no longer than this. */
const IDLE_TRANSACTION_TIMEOUT_MS = 30_000;
const KEEP_ALIVE_MS = 10_000;
/** The oldest that gets mended when this was written. */
const VERSION_MIN = 14;

/** @throws DatabaseError UNREACHABLE, NOT_AUTHORIZED, OPEN_FAILED: each says what to do. */
export async function openPostgresDatabase(options: PostgresOptions): Promise<OpenDatabase> {
  const address = postgresAddress(options.url, options.tls ?? null);
  const statementTimeoutMs = options.statementTimeoutMs ?? STATEMENT_TIMEOUT_MS;
  const client = clientOf(address, options);
  const pool = new ServerPool({
    address,
    client: {
      ...client,
      statement_timeout: statementTimeoutMs,
      idle_in_transaction_session_timeout: IDLE_TRANSACTION_TIMEOUT_MS,
    },
    poolMax: options.poolMax ?? POOL_MAX,
    statementTimeoutMs,
  });
  const dialect = new PostgresDialect({ pool });
  try {
    await checkServer(dialect, address);
  } catch (error) {
    await pool.close();
    throw error;
  }
  return opened(dialect, pool, new AloneLocks(client, address));
}

function opened(dialect: Dialect, pool: ServerPool, locks: AloneLocks): OpenDatabase {
  return {
    dialect,
    alone: (name, signal, run) => locks.run(name, signal, run),
    close: async () => {
      await locks.close();
      await pool.close();
    },
  };
}

function clientOf(address: PostgresAddress, { connectTimeoutMs }: PostgresOptions): pg.ClientConfig {
  const { host, port, user, password, database, tls, applicationName } = address;
  return {
    host,
    port,
    user,
    password,
    database,
    // `host`: the certificate must name it also where it is a number.
    ssl:
      tls === null ? false : { host, rejectUnauthorized: true, ...(tls.ca === null ? {} : { ca: tls.ca }) },
    application_name: applicationName,
    types: serverTypes,
    connectionTimeoutMillis: connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
  };
}

interface ServerFacts {
  readonly number: number;
  readonly version: string;
  readonly encoding: string;
  readonly standby: boolean;
}

async function checkServer(dialect: Dialect, address: PostgresAddress): Promise<void> {
  const { rows } = await sql<ServerFacts>`
    select current_setting('server_version_num')::integer as number, current_setting('server_version') as version,
      current_setting('server_encoding') as encoding, pg_is_in_recovery() as standby`.execute(
    new Kysely<unknown>({ dialect }),
  );
  const complaint = rows[0] === undefined ? "it answered nothing" : complaintOf(rows[0], address);
  if (complaint !== null) throw new DatabaseError("OPEN_FAILED", `${shownAddress(address)}: ${complaint}`);
}

function complaintOf(facts: ServerFacts, { database }: PostgresAddress): string | null {
  if (facts.number < VERSION_MIN * 10_000)
    return `the server is PostgreSQL ${facts.version}, ${VERSION_MIN} or later is needed: upgrade it`;
  if (facts.encoding !== "UTF8")
    return `the database's encoding is ${facts.encoding}, UTF8 is needed: make it anew with createdb --encoding UTF8 --template template0 ${database}`;
  if (facts.standby) return "the server is a standby, which takes no writes: give the address of the primary";
  return null;
}

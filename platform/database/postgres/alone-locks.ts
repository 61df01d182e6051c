/**
 * `OpenDatabase.alone` on a server: an advisory lock of a connection of its own for each run.
 *
 * 1. The server frees the lock with the connection: a process that died gives up its turn at once, one whose host is
 *    gone after SERVER_GIVES_UP.
 * 2. Who holds a lock asks the connection every few seconds, and learns of its loss before the server gives the lock
 *    away to another (CHECK_EVERY_MS + CHECK_WITHIN_MS < what SERVER_GIVES_UP sums up to).
 */

import { setTimeout as wait } from "node:timers/promises";
import type pg from "pg";
import { DatabaseError } from "../database.js";
import type { PostgresAddress } from "./postgres-address.js";
import { connectError, statementError } from "./postgres-errors.js";
import { ServerClient } from "./server-client.js";

/** How long a turn that came free stays unused at most. */
const TRY_EVERY_MS = 500;
const CHECK_EVERY_MS = 3_000;
const CHECK_WITHIN_MS = 5_000;
/** An orderly end of a connection is one packet each way. */
const GOODBYE_MS = 1_000;
/** 10 s + 3 × 5 s of silence. */
const SERVER_GIVES_UP =
  "set tcp_keepalives_idle = 10; set tcp_keepalives_interval = 5; set tcp_keepalives_count = 3; set statement_timeout = 0; set idle_session_timeout = 0";

type Run = (held: AbortSignal) => Promise<void>;

export class AloneLocks {
  private readonly running = new Set<Promise<void>>();
  private readonly closing = new AbortController();

  constructor(
    private readonly client: pg.ClientConfig,
    private readonly address: PostgresAddress,
  ) {}

  async run(name: string, signal: AbortSignal, run: Run): Promise<void> {
    if (this.closing.signal.aborted)
      throw new DatabaseError("CLOSED", "the database was closed: open it again");
    const running = this.inTurn(name, AbortSignal.any([signal, this.closing.signal]), run);
    const settled = running.catch(() => {}); // the caller has the error
    this.running.add(settled);
    await running.finally(() => this.running.delete(settled));
  }

  async close(): Promise<void> {
    this.closing.abort();
    await Promise.all(this.running);
  }

  private async inTurn(name: string, signal: AbortSignal, run: Run): Promise<void> {
    if (signal.aborted) return;
    const connection = await this.connected();
    try {
      if (await connection.locked(name, signal)) await connection.holding(signal, run);
    } finally {
      await connection.end();
    }
  }

  private async connected(): Promise<LockConnection> {
    const client = new ServerClient({ ...this.client, query_timeout: CHECK_WITHIN_MS });
    const connection = new LockConnection(client, this.address);
    try {
      await client.connect();
    } catch (error) {
      throw connectError(error, this.address);
    }
    return connection;
  }
}

class LockConnection {
  private readonly lost = new AbortController();

  constructor(
    private readonly client: pg.Client,
    private readonly address: PostgresAddress,
  ) {
    client.on("error", () => this.lost.abort());
    client.on("end", () => this.lost.abort());
  }

  /** @returns false where `signal` was aborted before the turn came. */
  async locked(name: string, signal: AbortSignal): Promise<boolean> {
    await this.ask(SERVER_GIVES_UP);
    while (!signal.aborted) {
      const rows = await this.ask("select pg_try_advisory_lock(hashtextextended($1, 0)) as got", [name]);
      if (rows[0]?.got === true) return true;
      await sleep(TRY_EVERY_MS, signal);
    }
    return false;
  }

  async holding(signal: AbortSignal, run: Run): Promise<void> {
    const done = new AbortController();
    const held = AbortSignal.any([signal, this.lost.signal]);
    const checking = this.check(AbortSignal.any([done.signal, this.lost.signal]));
    try {
      await run(held);
    } finally {
      done.abort();
      await checking;
    }
  }

  /** Closed at once, whatever state it is in; with it the lock is free. */
  async end(): Promise<void> {
    const ended = this.client.end().catch(() => {}); // it was lost
    await Promise.race([ended, wait(GOODBYE_MS, undefined, { ref: false })]);
    this.client.connection.stream.destroy();
  }

  private async check(until: AbortSignal): Promise<void> {
    while (!until.aborted) {
      await sleep(CHECK_EVERY_MS, until);
      if (until.aborted) return;
      try {
        await this.ask("select 1");
      } catch {
        this.lost.abort();
      }
    }
  }

  private async ask(text: string, values: readonly unknown[] = []): Promise<readonly pg.QueryResultRow[]> {
    try {
      const { rows } = await this.client.query(text, values.length === 0 ? undefined : [...values]);
      return rows;
    } catch (error) {
      throw statementError(error, this.address);
    }
  }
}

async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal }).catch(() => {}); // aborted: the caller looks
}

/** A database of its own for each suite, on the server that all suites share. */

import { randomBytes } from "node:crypto";
import pg from "pg";
import { addresses } from "../support/servers/addresses.js";

export interface TemporaryPostgres {
  readonly url: string;
  /** Ends sessions that are still open. */
  remove(): Promise<void>;
}

/** @param server postgres://, a superuser. @param options of `create database`, such as an encoding. */
export async function temporaryPostgres(
  server = addresses().postgres,
  options = "",
): Promise<TemporaryPostgres> {
  const name = `kadun_${randomBytes(6).toString("hex")}`;
  await runSql(server, `create database ${name} ${options}`);
  const url = new URL(server);
  url.pathname = name;
  return { url: url.href, remove: () => runSql(server, `drop database ${name} with (force)`) };
}

/** On a connection of its own. */
export async function runSql(url: string, text: string): Promise<void> {
  await askSql(url, text);
}

export async function askSql(url: string, text: string): Promise<readonly pg.QueryResultRow[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

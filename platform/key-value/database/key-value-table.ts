/** The statements over the table `key_values`, which the caller's migrations make. */

import { Kysely, sql } from "kysely";
import type { OpenDatabase } from "../../database/database.js";

/** One change under a key; the last one of a key counts. */
export interface KeyChange {
  readonly key: Buffer;
  /** null deletes. */
  readonly value: Uint8Array | null;
}

export interface StoredEntry {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** A page: a round trip is worth some hundred small entries, and a page of the largest is six megabytes. */
const PAGE_ENTRIES = 1_000;
const PAGE_BYTES = 5_000_000;

export class KeyValueTable {
  private readonly database: Kysely<unknown>;

  constructor(
    database: OpenDatabase,
    private readonly namespace: string,
  ) {
    this.database = new Kysely<unknown>({ dialect: database.dialect });
  }

  /** Of those of the keys that have one, in any order. */
  async values(keys: readonly Buffer[]): Promise<readonly StoredEntry[]> {
    const json = JSON.stringify(keys.map((key) => key.toString("base64")));
    const { rows } = await sql<StoredEntry>`
      select key, value from key_values
      where namespace = ${this.namespace}
        and key = any (array(select decode(key, 'base64') from json_array_elements_text(${json}::text::json) as given(key)))`.execute(
      this.database,
    );
    return rows;
  }

  /** In one transaction. @param changes of different keys. */
  async apply(changes: readonly KeyChange[]): Promise<void> {
    const gone = changes.filter(({ value }) => value === null);
    const given = changes.filter(({ value }) => value !== null);
    await this.database.transaction().execute(async (trx) => {
      // One writer a store: two with the same keys in different order would wait for each other.
      await sql`select pg_advisory_xact_lock(hashtextextended(${`key_values ${this.namespace}`}, 0))`.execute(
        trx,
      );
      if (given.length > 0)
        await sql`
          insert into key_values (namespace, key, value)
          select ${this.namespace}, decode(key, 'base64'), decode(value, 'base64')
          from jsonb_to_recordset(${jsonOf(given)}::text::jsonb) as given(key text, value text)
          on conflict (namespace, key) do update set value = excluded.value`.execute(trx);
      if (gone.length > 0)
        await sql`
          delete from key_values where namespace = ${this.namespace} and key in (
            select decode(key, 'base64') from jsonb_to_recordset(${jsonOf(gone)}::text::jsonb) as gone(key text))`.execute(
          trx,
        );
    });
  }

  /** Entries after a key, in the order of the keys; fewer than there are where they are large. Empty: no more. */
  async page(range: {
    readonly prefix: Buffer;
    readonly after: Uint8Array | null;
  }): Promise<readonly StoredEntry[]> {
    const { prefix, after } = range;
    const end = endOf(prefix);
    const { rows } = await sql<StoredEntry>`
      select key, value from (
        select key, value, sum(octet_length(value)) over (order by key) - octet_length(value) as bytes_before
        from (
          select key, value from key_values
          where namespace = ${this.namespace}
            and ${after === null ? sql`key >= ${prefix}` : sql`key > ${after}`}
            ${end === null ? sql`` : sql`and key < ${end}`}
          order by key limit ${PAGE_ENTRIES}
        ) next
      ) page
      where bytes_before < ${PAGE_BYTES}
      order by key`.execute(this.database);
    return rows;
  }
}

/** The first bytes after all that begin with the prefix; UTF-8 has no byte 0xff. */
function endOf(prefix: Buffer): Buffer | null {
  if (prefix.length === 0) return null;
  const end = Buffer.from(prefix);
  end[end.length - 1]! += 1;
  return end;
}

function jsonOf(changes: readonly KeyChange[]): string {
  return JSON.stringify(
    changes.map(({ key, value }) => ({
      key: key.toString("base64"),
      value: value === null ? null : Buffer.from(value).toString("base64"),
    })),
  );
}

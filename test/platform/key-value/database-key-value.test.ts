import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { Kysely, sql } from "kysely";
import { packageRoot } from "../../../cli/package-root.js";
import type { OpenDatabase } from "../../../platform/database/database.js";
import { migrate } from "../../../platform/database/migrations.js";
import { openPgliteDatabase } from "../../../platform/database/pglite/pglite-database.js";
import { openDatabaseKeyValue } from "../../../platform/key-value/database/database-key-value.js";
import { type KeyValue, VALUE_BYTES_MAX } from "../../../platform/key-value/key-value.js";
import { newDatabase } from "../../support/new-database.js";

const folder = mkdtempSync(join(tmpdir(), "kadun-key-value-"));
let database: OpenDatabase;
beforeAll(async () => {
  database = await openPgliteDatabase({ path: await newDatabase(join(folder, "postgres")) });
});
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("a store on a database", () => {
  it("says that the migrations are missing", async () => {
    const store = openDatabaseKeyValue({ database, namespace: "early" });
    const failure = { name: "KeyValueError", code: "FAILED", retryable: false };
    await expect(store.put("a", new Uint8Array(1))).rejects.toMatchObject(failure);
    await expect(store.get("a")).rejects.toMatchObject({
      ...failure,
      message: expect.stringContaining("apply the migrations first"),
    });
    await migrate(database.dialect, join(packageRoot, "schemas", "postgres"));
    await store.put("a", new Uint8Array(1));
    expect(await store.get("a")).toHaveLength(1);
    await store.close();
  });

  it("keeps its keys apart from those of other stores", async () => {
    const one = openDatabaseKeyValue({ database, namespace: "one" });
    const other = openDatabaseKeyValue({ database, namespace: "other" });
    await one.put("a", Buffer.from("1"));
    await other.put("a", Buffer.from("2"));
    await other.put("b", Buffer.from("3"));
    await one.delete("b");
    expect(Buffer.from((await one.get("a"))!).toString()).toBe("1");
    expect(await keysOf(one)).toEqual(["a"]);
    expect(await keysOf(other)).toEqual(["a", "b"]);
    await Promise.all([one.close(), other.close()]);
  });

  it("refuses writes where it was opened for reading", async () => {
    const store = openDatabaseKeyValue({ database, namespace: "one", readOnly: true });
    await expect(store.put("a", new Uint8Array(1))).rejects.toMatchObject({ code: "READ_ONLY" });
    await expect(store.delete("a")).rejects.toMatchObject({ code: "READ_ONLY" });
    expect(await keysOf(store)).toEqual(["a"]);
  });

  it("takes any text as a key", async () => {
    const store = openDatabaseKeyValue({ database, namespace: "odd" });
    const keys = ["\u0000", "a\u0000b", "a\u0000c", "ab", "%_\\'\"", "医", "\u{10ffff}"];
    for (const key of keys) await store.put(key, Buffer.from(key));
    expect(await keysOf(store, "a\u0000")).toEqual(["a\u0000b", "a\u0000c"]);
    expect(await keysOf(store, "\u{10ffff}")).toEqual(["\u{10ffff}"]);
    expect(await keysOf(store)).toHaveLength(keys.length);
    await store.close();
  });

  it("reads large values in pages of a few, in order, also what comes while it reads", async () => {
    const store = openDatabaseKeyValue({ database, namespace: "large" });
    const keys = Array.from({ length: 14 }, (_, index) => `key-${10 + index}`);
    await Promise.all(keys.map((key) => store.put(key, new Uint8Array(VALUE_BYTES_MAX).fill(7))));
    const found: string[] = [];
    for await (const { key, value } of store.entries("key-")) {
      if (found.length === 0) await store.put("key-99", new Uint8Array(1));
      found.push(`${key} ${value.length}`);
    }
    expect(found).toEqual([...keys.map((key) => `${key} ${VALUE_BYTES_MAX}`), "key-99 1"]);
    await store.close();
  });

  it("tells everybody whose write was in a transaction that failed, and takes the next", async () => {
    const store = openDatabaseKeyValue({ database, namespace: "failing" });
    const tables = new Kysely<unknown>({ dialect: database.dialect });
    await sql`alter table key_values add constraint small check (octet_length(value) < 10) not valid`.execute(
      tables,
    );
    const writes = ["a", "b", "c"].map((key) => store.put(key, new Uint8Array(key === "b" ? 10 : 1)));
    const outcomes = await Promise.allSettled(writes);
    // The first goes alone; what came meanwhile goes together.
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected"]);
    await store.put("c", new Uint8Array(1));
    expect(await keysOf(store)).toEqual(["a", "c"]);
    await sql`alter table key_values drop constraint small`.execute(tables);
    await store.close();
  });
});

async function keysOf(store: KeyValue, prefix = ""): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.entries(prefix)) keys.push(key);
  return keys;
}

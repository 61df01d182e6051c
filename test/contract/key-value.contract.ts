/** What every key-value store does (platform/key-value/key-value.ts), as tests. */

import { afterEach, beforeEach, describe, expect } from "@jest/globals";
import { KEY_BYTES_MAX, type KeyValue, VALUE_BYTES_MAX } from "../../platform/key-value/key-value.js";
import { Behaviours, type Deviations, type Lacking } from "./behaviours.js";
import type { TestProcess } from "./child-process.js";

/** One stored set of entries, empty at first. */
export interface StoredEntries {
  /** Opens what is stored; the one opened before is closed, or its process has ended. */
  open(): Promise<KeyValue>;
  readonly beside: Beside | Lacking;
  remove(): Promise<void>;
}

export interface Beside {
  /** Opens for reading what another process writes. */
  openBeside(): Promise<KeyValue>;
  /** A process that puts `entry-<n>` -> n, n = 0 to 1,000,000, and tells of each with `{type: "put", number}`. */
  write(hear: (news: { readonly number: number }) => void): TestProcess;
}

export interface KeyValueHarness {
  create(): Promise<StoredEntries>;
  readonly beside: { readonly has: true } | Lacking;
  readonly deviations?: Deviations;
}

export function describeKeyValue(name: string, harness: KeyValueHarness): void {
  describe(`${name} is a key-value store`, () => {
    const behaviours = new Behaviours(harness.deviations);
    const { behaviour } = behaviours;
    let stored: StoredEntries;
    let store: KeyValue;

    beforeEach(async () => {
      stored = await harness.create();
      store = await stored.open();
    });
    afterEach(async () => {
      await store.close();
      await stored.remove();
    });

    behaviour("a value comes back as it was put, the last one wins, an unknown key has none", async () => {
      await store.put("contact/1", Buffer.from("old"));
      await store.put("contact/1", Buffer.from("new"));
      await store.put("empty", new Uint8Array());
      expect(text(await store.get("contact/1"))).toBe("new");
      expect(text(await store.get("empty"))).toBe("");
      expect(await store.get("contact/2")).toBeNull();
    });

    behaviour("a hundred keys asked for at once give each its value, some of them twice", async () => {
      const keys = Array.from({ length: 100 }, (_, index) => `${index}/医`);
      await Promise.all(
        keys.filter((_, index) => index % 3 > 0).map((key) => store.put(key, Buffer.from(key))),
      );
      const asked = [...keys, ...keys.slice(0, 4)];
      const values = await Promise.all(asked.map((key) => store.get(key)));
      expect(values.map((value) => value && text(value))).toEqual(
        asked.map((key) => (Number.parseInt(key, 10) % 3 > 0 ? key : null)),
      );
      values[1]!.fill(0);
      expect(text(values[101]!)).toBe(keys[1]);
    });

    behaviour("a deleted value is gone; deleting what is not there does nothing", async () => {
      await store.put("a", Buffer.from("1"));
      await store.put("b", Buffer.from("2"));
      await store.delete("a");
      await store.delete("a");
      expect(await store.get("a")).toBeNull();
      expect(await allOf(store)).toEqual([["b", "2"]]);
    });

    behaviour("entries with a prefix come in the order of the keys' bytes, and no others", async () => {
      for (const key of ["b/2", "b/10", "b", "a/9", "b/医", "c/1", "b/\u{1F600}"])
        await store.put(key, Buffer.from(key));
      const keys = (await allOf(store, "b/")).map(([key]) => key);
      expect(keys).toEqual(["b/10", "b/2", "b/医", "b/\u{1F600}"]);
      expect((await allOf(store)).map(([key]) => key)).toEqual(["a/9", "b", ...keys, "c/1"]);
      expect(await allOf(store, "d")).toEqual([]);
    });

    behaviour("entries gives each of thousands once", async () => {
      const keys = Array.from({ length: 1700 }, (_, index) => `key-${String(index).padStart(5, "0")}`);
      await Promise.all(keys.map((key) => store.put(key, Buffer.from(key))));
      expect(await allOf(store)).toEqual(keys.map((key) => [key, key]));
    });

    behaviour("bytes put and bytes got are the caller's", async () => {
      const value = Buffer.from("mine");
      const put = store.put("a", value);
      value.fill(0);
      await put;
      (await store.get("a"))!.fill(0);
      expect(text(await store.get("a"))).toBe("mine");
    });

    behaviour("keys and values of the largest size are taken, others are the caller's mistake", async () => {
      const largest = "k".repeat(KEY_BYTES_MAX);
      await store.put(largest, new Uint8Array(VALUE_BYTES_MAX).fill(1));
      expect(await store.get(largest)).toHaveLength(VALUE_BYTES_MAX);
      for (const key of ["", `${largest}k`, "医".repeat(KEY_BYTES_MAX / 2)]) {
        await expect(store.put(key, new Uint8Array(1))).rejects.toThrow(RangeError);
        await expect(store.get(key)).rejects.toThrow(RangeError);
        await expect(store.delete(key)).rejects.toThrow(RangeError);
      }
      await expect(store.put("a", new Uint8Array(VALUE_BYTES_MAX + 1))).rejects.toThrow(RangeError);
      expect(await store.get("a")).toBeNull();
    });

    behaviour("everything is there after closing and opening again", async () => {
      await store.put("a", Buffer.from("1"));
      await store.close();
      store = await stored.open();
      expect(await allOf(store)).toEqual([["a", "1"]]);
    });

    behaviour("close waits for writes under way, which then hold", async () => {
      const writes = [store.put("a", Buffer.from("1")), store.put("b", Buffer.from("2")), store.delete("a")];
      await store.close();
      await Promise.all(writes);
      store = await stored.open();
      expect(await allOf(store)).toEqual([["b", "2"]]);
    });

    behaviour("close may be called twice; every other call after it fails with CLOSED", async () => {
      await store.close();
      await store.close();
      const closed = { code: "CLOSED" };
      await expect(store.get("a")).rejects.toMatchObject(closed);
      await expect(store.put("a", new Uint8Array(1))).rejects.toMatchObject(closed);
      await expect(store.delete("a")).rejects.toMatchObject(closed);
      await expect(allOf(store)).rejects.toMatchObject(closed);
    });

    behaviours.needing(
      harness.beside,
      "a second process sees what the first has put, may not write, and keeps all of it after kill -9 of the first",
      async () => {
        await store.close();
        const { beside } = stored;
        if ("lacks" in beside) throw new Error(`the harness promised it: ${beside.lacks}`);
        let told = -1;
        const writing = beside.write(({ number }) => {
          told = number;
        });
        await writing.until(() => told >= 0);
        store = await beside.openBeside();
        for (const goal of [10, 50, 100]) {
          await writing.until(() => told >= goal);
          const number = told;
          expect(text(await store.get(`entry-${number}`))).toBe(String(number));
        }
        await expect(store.put("a", new Uint8Array(1))).rejects.toMatchObject({ code: "READ_ONLY" });
        await expect(store.delete("entry-1")).rejects.toMatchObject({ code: "READ_ONLY" });
        await writing.kill();
        await store.close();
        store = await stored.open();
        const found = new Map(await allOf(store));
        const lost = Array.from({ length: told + 1 }, (_, number) => number).filter(
          (number) => found.get(`entry-${number}`) !== String(number),
        );
        expect(lost).toEqual([]);
      },
    );
    behaviours.checkDeviations();
  });
}

function text(value: Uint8Array | null): string | null {
  return value === null ? null : Buffer.from(value).toString();
}

async function allOf(store: KeyValue, prefix = ""): Promise<[string, string][]> {
  const found: [string, string][] = [];
  for await (const { key, value } of store.entries(prefix)) found.push([key, Buffer.from(value).toString()]);
  return found;
}

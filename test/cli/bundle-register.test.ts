import { expect, test } from "@jest/globals";
import { BundleRegister } from "../../cli/bundle-register.js";
import { OperatingError } from "../../cli/exit-status.js";
import { MemoryKeyValue } from "../../platform/key-value/memory/memory-key-value.js";
import { defaultBundle } from "../support/judge.js";

const { hash } = defaultBundle.bundle;
const KEY = `bundle/${hash}`;

async function stored(): Promise<MemoryKeyValue> {
  const store = new MemoryKeyValue();
  await new BundleRegister(store).put(defaultBundle);
  return store;
}

/** What somebody does who edits the database. */
async function changed(change: (text: string) => string): Promise<BundleRegister> {
  const store = await stored();
  await store.put(KEY, Buffer.from(change(Buffer.from((await store.get(KEY))!).toString("utf8"))));
  return new BundleRegister(store);
}

test("another process loads what was put, whole and with the same hash", async () => {
  const register = new BundleRegister(await stored());
  expect((await register.load(hash))?.hash).toBe(hash);
  expect((await register.whole(hash))?.content).toEqual(defaultBundle.content);
});

test("put again, by two at once too, it is the same", async () => {
  const store = await stored();
  const before = await store.get(KEY);
  await Promise.all([
    new BundleRegister(store).put(defaultBundle),
    new BundleRegister(store).put(defaultBundle),
  ]);
  expect(await store.get(KEY)).toEqual(before);
});

test("a hash that nobody put is none", async () => {
  expect(await new BundleRegister(await stored()).load("0".repeat(64))).toBeNull();
});

test("a bundle is read from the store once", async () => {
  const store = await stored();
  const register = new BundleRegister(store);
  const first = await register.load(hash);
  await store.close();
  expect(await register.load(hash)).toBe(first);
});

test("partitions that ask together wait for one reading", async () => {
  const store = await stored();
  let reads = 0;
  const counted = new Proxy(store, {
    get(target, name) {
      if (name === "get") reads++;
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  const register = new BundleRegister(counted);
  const found = await Promise.all([register.load(hash), register.whole(hash), register.load(hash)]);
  expect(found[0]?.hash).toBe(hash);
  expect(found[2]).toBe(found[0]);
  expect(found[1]?.bundle).toBe(found[0]);
  expect(reads).toBe(1);
});

test("content that was changed after it was stored is refused, with its hash and the way out", async () => {
  const register = await changed((text) =>
    JSON.stringify({ ...JSON.parse(text), drugs: { codes: [], names: [] } }),
  );
  const refusal = register.load(hash);
  await expect(refusal).rejects.toBeInstanceOf(OperatingError);
  await expect(refusal).rejects.toThrow(
    new RegExp(
      `^bundle ${hash} of the register: its content has the hash [0-9a-f]{64}: .*restore it from the backup$`,
    ),
  );
});

test.each([
  ["that is no JSON", (text: string) => text.slice(0, -1), "not JSON"],
  ["that lacks a part", () => "{}", "ruleset"],
])("content %s is refused by its name", async (_, change, says) => {
  const refusal = (await changed(change)).load(hash);
  await expect(refusal).rejects.toBeInstanceOf(OperatingError);
  await expect(refusal).rejects.toThrow(`bundle ${hash} of the register`);
  await expect(refusal).rejects.toThrow(says);
});

import { expect, test } from "@jest/globals";
import { MemoryStateStore } from "../../../platform/state-store/memory/memory-state-store.js";
import { MemoryStateWorld } from "../../../platform/state-store/memory/memory-state-world.js";
import type { StatePace, StateStep } from "../../../platform/state-store/memory/state-pace.js";
import {
  type PartitionOwnership,
  PUT_BYTES_MAX,
  PUT_RECORDS_MAX,
} from "../../../platform/state-store/state-store.js";

const KEY = "0".repeat(32);
const OTHER_KEY = "f".repeat(32);

function entry(text: string, key = KEY) {
  return { key, value: Buffer.from(text) };
}

async function text(ownership: PartitionOwnership, key = KEY): Promise<string | null> {
  const [value] = await ownership.load([key]);
  return value ? Buffer.from(value).toString() : null;
}

/** Writes wait until they are let go. */
class HeldWrites implements StatePace {
  readonly waiting: (() => void)[] = [];
  point(step: StateStep): Promise<void> {
    if (step !== "state.write") return Promise.resolve();
    return new Promise((go) => this.waiting.push(go));
  }
}

test("state survives the handle that wrote it; epochs count up per partition", async () => {
  const world = new MemoryStateWorld();
  const first = await new MemoryStateStore(world).acquire(1, "a");
  await first.put([entry("x"), entry("y", OTHER_KEY)]);
  await first.putPartition(Buffer.from("p"));
  const second = await new MemoryStateStore(world).acquire(1, "b");
  expect([first.epoch, second.epoch, (await new MemoryStateStore(world).acquire(2, "c")).epoch]).toEqual([
    1, 2, 1,
  ]);
  expect(await text(second)).toBe("x");
  expect(await second.load([OTHER_KEY, "1".repeat(32)])).toEqual([new Uint8Array(Buffer.from("y")), null]);
  expect(Buffer.from((await second.readPartition()) ?? []).toString()).toBe("p");
  const keys: string[] = [];
  for await (const { key } of second.entries()) keys.push(key);
  expect(keys.sort()).toEqual([KEY, OTHER_KEY]);
});

test("a new partition has no record", async () => {
  expect(
    await (await new MemoryStateStore(new MemoryStateWorld()).acquire(0, "a")).readPartition(),
  ).toBeNull();
});

test("writes of an owner that was succeeded are refused, also those sent before", async () => {
  const world = new MemoryStateWorld();
  const pace = new HeldWrites();
  const zombie = await new MemoryStateStore(world, { pace }).acquire(0, "zombie");
  const late = zombie.put([entry("late")]);
  const latePartition = zombie.putPartition(Buffer.from("late"));
  const owner = await new MemoryStateStore(world).acquire(0, "owner");
  await owner.put([entry("new")]);
  for (const go of pace.waiting) go();
  await expect(late).rejects.toMatchObject({ code: "FENCED", retryable: false });
  await expect(latePartition).rejects.toMatchObject({ code: "FENCED" });
  expect(await text(owner)).toBe("new");
  expect(await owner.readPartition()).toBeNull();
});

test("an owner with the right epoch and another id is refused", () => {
  const world = new MemoryStateWorld();
  const epoch = world.acquire(0, "a");
  expect(() => world.put({ partition: 0, epoch, owner: "b" }, [entry("x")])).toThrow("epoch 1 was refused");
});

test("bytes belong to nobody else: changes by writer and reader do not reach the store", async () => {
  const owner = await new MemoryStateStore(new MemoryStateWorld()).acquire(0, "a");
  const value = Buffer.from("before");
  await owner.put([{ key: KEY, value }]);
  value.write("after!");
  const [read] = await owner.load([KEY]);
  read?.fill(0);
  expect(await text(owner)).toBe("before");
});

test("puts above the limits or under other keys are mistakes of the caller", async () => {
  const owner = await new MemoryStateStore(new MemoryStateWorld()).acquire(0, "a");
  const many = Array.from({ length: PUT_RECORDS_MAX + 1 }, () => entry("x"));
  await expect(owner.put(many)).rejects.toThrow(RangeError);
  await expect(owner.put([{ key: KEY, value: new Uint8Array(PUT_BYTES_MAX + 1) }])).rejects.toThrow(
    RangeError,
  );
  await expect(owner.put([entry("x", "person")])).rejects.toThrow("expected 32 hexadecimal digits");
});

test("a full store refuses a put whole; replacing a value by a shorter one makes room", async () => {
  const owner = await new MemoryStateStore(new MemoryStateWorld({ bytesMax: 8 })).acquire(0, "a");
  await owner.put([entry("12345678")]);
  await expect(owner.put([entry("1"), entry("12345678", OTHER_KEY)])).rejects.toMatchObject({
    code: "DISK_FULL",
    retryable: true,
  });
  expect(await text(owner)).toBe("12345678");
  await owner.put([entry("1")]);
  await owner.put([entry("1234567", OTHER_KEY)]);
  expect(await text(owner, OTHER_KEY)).toBe("1234567");
});

test("closing waits for writes under way and refuses what comes after", async () => {
  const pace = new HeldWrites();
  const store = new MemoryStateStore(new MemoryStateWorld(), { pace });
  const owner = await store.acquire(0, "a");
  const put = owner.put([entry("x")]);
  let isClosed = false;
  const closing = store.close().then(() => {
    isClosed = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(isClosed).toBe(false);
  pace.waiting[0]?.();
  await put;
  await closing;
  await store.close();
  await expect(owner.put([entry("y")])).rejects.toMatchObject({ code: "CLOSED" });
  await expect(owner.readPartition()).rejects.toMatchObject({ code: "CLOSED" });
  await expect(store.acquire(0, "b")).rejects.toMatchObject({ code: "CLOSED" });
});

/**
 * What every state store does (platform/state-store/state-store.ts), as tests. An adapter's test file gives a harness
 * and the list of what its adapter lacks, with reasons.
 */

import { afterEach, beforeEach, describe, expect } from "@jest/globals";
import {
  type PartitionOwnership,
  PUT_BYTES_MAX,
  PUT_RECORDS_MAX,
  type StateEntry,
  type StateStore,
} from "../../platform/state-store/state-store.js";
import { Behaviours, type Deviations, type Lacking } from "./behaviours.js";
import type { StatePutOrder, StateWritingProcess } from "./state-writing.js";

/** One stored state, empty at first, with partitions 0 to 2. */
export interface StoredState {
  /** Opens what is stored; the one opened before is closed, or its process has ended. */
  open(): Promise<StateStore>;
  /** Makes the open store believe that `owner` has the partition in this epoch, as after a restored copy. */
  readonly rewriteOwner: OwnerRewriting | Lacking;
  readonly processes: StateProcesses | Lacking;
  remove(): Promise<void>;
}

export type OwnerRewriting = { rewrite(partition: number, epoch: number, owner: string): Promise<void> };

export interface StateProcesses {
  write(order: StatePutOrder): Promise<StateWritingProcess>;
  /** The same, in a process that finds no more room after so many bytes. */
  readonly writeOnSmallDisk:
    | ((
        order: StatePutOrder,
        bytesMax: number,
      ) => Promise<StateWritingProcess & { makeRoom(): Promise<void> }>)
    | null;
}

export interface StateStoreHarness {
  create(): Promise<StoredState>;
  /** Say of the adapter what `StoredState` will say; titles are fixed before a store exists. */
  readonly rewriteOwner: { readonly has: true } | Lacking;
  readonly processes: { readonly has: true } | Lacking;
  readonly smallDisk: { readonly has: true } | Lacking;
  readonly deviations?: Deviations;
}

interface Parts {
  store(): StateStore;
  stored(): StoredState;
  use(store: StateStore): StateStore;
}

export function describeStateStore(name: string, harness: StateStoreHarness): void {
  describe(`${name} is a state store`, () => {
    const behaviours = new Behaviours(harness.deviations);
    let stored: StoredState;
    let store: StateStore;

    beforeEach(async () => {
      stored = await harness.create();
      store = await stored.open();
    });
    afterEach(async () => {
      await store.close();
      await stored.remove();
    });

    const parts = { store: () => store, stored: () => stored, use: (other: StateStore) => (store = other) };
    describeValues(behaviours, parts);
    describeFence(behaviours, parts, harness);
    describeClosing(behaviours, parts);
    describeProcesses(behaviours, parts, harness);
    behaviours.checkDeviations();
  });
}

function describeValues({ behaviour }: Behaviours, { store, stored, use }: Parts): void {
  behaviour("values and the partition record come back as they were put", async () => {
    const owner = await store().acquire(0, "a");
    await owner.put([entry(1, "one"), entry(2, "")]);
    await owner.putPartition(bytes("record"));
    expect(texts(await owner.load([key(1), key(2)]))).toEqual(["one", ""]);
    expect(text(await owner.readPartition())).toBe("record");
  });

  behaviour("whoever looks sees the partition record written last, and owns nothing by it", async () => {
    expect(await store().peekPartition(0)).toBeNull();
    const owner = await store().acquire(0, "a");
    await owner.putPartition(bytes("record"));
    expect(text(await store().peekPartition(0))).toBe("record");
    expect(await store().peekPartition(1)).toBeNull();
    await owner.putPartition(bytes("later"));
    expect(text(await store().peekPartition(0))).toBe("later");
  });

  behaviour("a new partition has no record and no values", async () => {
    const owner = await store().acquire(1, "a");
    expect(await owner.readPartition()).toBeNull();
    expect(await owner.load([key(1)])).toEqual([null]);
    expect(await allOf(owner)).toEqual([]);
  });

  behaviour("load answers in the order of the keys, null where there is none", async () => {
    const owner = await store().acquire(0, "a");
    await owner.put([entry(1, "one"), entry(2, "two")]);
    expect(texts(await owner.load([key(2), key(9), key(1), key(2)]))).toEqual(["two", null, "one", "two"]);
    expect(await owner.load([])).toEqual([]);
  });

  behaviour("a later put replaces a value, the last of equal keys in one put wins", async () => {
    const owner = await store().acquire(0, "a");
    await owner.put([entry(1, "old")]);
    await owner.put([entry(1, "newer"), entry(1, "newest")]);
    expect(texts(await owner.load([key(1)]))).toEqual(["newest"]);
  });

  behaviour("the same put again changes nothing", async () => {
    const owner = await store().acquire(0, "a");
    const entries = [entry(1, "one"), entry(2, "two")];
    await owner.put(entries);
    await owner.put(entries);
    expect(await allOf(owner)).toEqual([
      [key(1), "one"],
      [key(2), "two"],
    ]);
  });

  behaviour("partitions do not mix", async () => {
    const [one, other] = [await store().acquire(0, "a"), await store().acquire(1, "a")];
    await one.put([entry(1, "zero")]);
    await other.put([entry(1, "first")]);
    await other.putPartition(bytes("first"));
    expect(texts(await one.load([key(1)]))).toEqual(["zero"]);
    expect(await one.readPartition()).toBeNull();
    expect(await allOf(other)).toEqual([[key(1), "first"]]);
  });

  behaviour("entries gives every value once", async () => {
    const owner = await store().acquire(1, "a");
    const neighbours = [await store().acquire(0, "a"), await store().acquire(2, "a")];
    for (const neighbour of neighbours) await neighbour.put([entry(1, "neighbour")]);
    for (let first = 0; first < 2100; first += 700)
      await owner.put(
        Array.from({ length: 700 }, (_, index) => entry(first + index, `value ${first + index}`)),
      );
    expect(await allOf(owner)).toEqual(
      Array.from({ length: 2100 }, (_, index) => [key(index), `value ${index}`]),
    );
  });

  behaviour(
    "a put of the largest size is taken, a larger one is the caller's mistake and writes nothing",
    async () => {
      const owner = await store().acquire(0, "a");
      const valueBytes = Math.floor(PUT_BYTES_MAX / PUT_RECORDS_MAX);
      const largest = Array.from({ length: PUT_RECORDS_MAX }, (_, index) => ({
        key: key(index),
        value: Buffer.alloc(valueBytes, 1),
      }));
      await owner.put(largest);
      expect(await allOf(owner)).toHaveLength(PUT_RECORDS_MAX);
      await expect(owner.put([...largest, entry(PUT_RECORDS_MAX, "")])).rejects.toThrow(RangeError);
      await expect(owner.put([{ key: key(5), value: Buffer.alloc(PUT_BYTES_MAX + 1) }])).rejects.toThrow(
        RangeError,
      );
      expect((await owner.load([key(5)]))[0]).toHaveLength(valueBytes);
    },
  );

  behaviour("everything is there after closing and opening again", async () => {
    const owner = await store().acquire(0, "a");
    await owner.put([entry(1, "one")]);
    await owner.putPartition(bytes("record"));
    await store().close();
    use(await stored().open());
    const next = await store().acquire(0, "b");
    expect(next.epoch).toBe(owner.epoch + 1);
    expect(await allOf(next)).toEqual([[key(1), "one"]]);
    expect(text(await next.readPartition())).toBe("record");
  });

  behaviour(
    "a half-written checkpoint leaves the partition record before it beside the newer values",
    async () => {
      const owner = await store().acquire(0, "a");
      await owner.put([entry(1, "old"), entry(2, "old")]);
      await owner.putPartition(bytes("applied 10"));
      await owner.put([entry(1, "new")]);
      await store().close();
      use(await stored().open());
      const next = await store().acquire(0, "b");
      expect(text(await next.readPartition())).toBe("applied 10");
      expect(texts(await next.load([key(1), key(2)]))).toEqual(["new", "old"]);
    },
  );
}

function describeFence(behaviours: Behaviours, { store, stored }: Parts, harness: StateStoreHarness): void {
  const { behaviour } = behaviours;

  behaviour("the epoch grows by one with every acquisition, each partition for itself", async () => {
    const epochs: number[] = [];
    for (const owner of ["a", "b", "b"]) epochs.push((await store().acquire(0, owner)).epoch);
    expect(epochs).toEqual([1, 2, 3]);
    expect((await store().acquire(1, "c")).epoch).toBe(1);
  });

  behaviour(
    "acquisitions at the same time get different epochs, and only the last one may write",
    async () => {
      const owners = await Promise.all(["a", "b", "c"].map((owner) => store().acquire(0, owner)));
      expect(owners.map(({ epoch }) => epoch).sort()).toEqual([1, 2, 3]);
      const answers = await Promise.allSettled(owners.map((owner) => owner.put([entry(1, owner.owner)])));
      const allowed = owners.filter((_, index) => answers[index]!.status === "fulfilled");
      expect(allowed.map(({ epoch }) => epoch)).toEqual([3]);
      expect(texts(await allowed[0]!.load([key(1)]))).toEqual([allowed[0]!.owner]);
    },
  );

  behaviour(
    "a write of an earlier epoch is refused and changes nothing, also under the same owner's name",
    async () => {
      const zombie = await store().acquire(0, "a");
      await zombie.put([entry(1, "before")]);
      const owner = await store().acquire(0, "a");
      const fenced = { code: "FENCED", retryable: false };
      await expect(zombie.put([entry(1, "zombie"), entry(2, "zombie")])).rejects.toMatchObject(fenced);
      await expect(zombie.putPartition(bytes("zombie"))).rejects.toMatchObject(fenced);
      expect(await allOf(owner)).toEqual([[key(1), "before"]]);
      expect(await owner.readPartition()).toBeNull();
      await owner.put([entry(1, "after")]);
      expect(texts(await owner.load([key(1)]))).toEqual(["after"]);
    },
  );

  behaviour(
    "a write that was under way when somebody else acquired is applied before or not at all",
    async () => {
      const zombie = await store().acquire(0, "a");
      const [late, owner] = await Promise.all([
        zombie.put([entry(1, "late"), entry(2, "late")]).then(
          () => true,
          () => false,
        ),
        store().acquire(0, "b"),
      ]);
      const found = texts(await owner.load([key(1), key(2)]));
      expect(found).toEqual(late ? ["late", "late"] : [null, null]);
      await owner.put([entry(1, "owner")]);
      await expect(zombie.put([entry(1, "later")])).rejects.toMatchObject({ code: "FENCED" });
      expect(texts(await owner.load([key(1)]))).toEqual(["owner"]);
    },
  );

  behaviour("losing one partition leaves the others of the same owner alone", async () => {
    const [lost, kept] = [await store().acquire(0, "a"), await store().acquire(1, "a")];
    await store().acquire(0, "b");
    await expect(lost.put([entry(1, "x")])).rejects.toMatchObject({ code: "FENCED" });
    await kept.put([entry(1, "kept")]);
    expect(texts(await kept.load([key(1)]))).toEqual(["kept"]);
  });

  behaviours.needing(harness.rewriteOwner, "the same epoch under another owner's id is refused", async () => {
    const before = await store().acquire(0, "a");
    await before.put([entry(1, "before")]);
    const { rewriteOwner } = stored();
    if ("lacks" in rewriteOwner) throw new Error(`the harness promised it: ${rewriteOwner.lacks}`);
    const pretender = await store().acquire(0, "pretender");
    await rewriteOwner.rewrite(0, pretender.epoch, "other");
    await expect(pretender.put([entry(1, "pretender")])).rejects.toMatchObject({ code: "FENCED" });
    await expect(pretender.putPartition(bytes("pretender"))).rejects.toMatchObject({ code: "FENCED" });
    const next = await store().acquire(0, "next");
    expect(await allOf(next)).toEqual([[key(1), "before"]]);
  });
}

function describeClosing({ behaviour }: Behaviours, { store, stored, use }: Parts): void {
  behaviour("close waits for writes under way, which then hold", async () => {
    const owner = await store().acquire(0, "a");
    const writes = [owner.put([entry(1, "one")]), owner.putPartition(bytes("record"))];
    await store().close();
    await Promise.all(writes);
    use(await stored().open());
    const next = await store().acquire(0, "b");
    expect(await allOf(next)).toEqual([[key(1), "one"]]);
    expect(text(await next.readPartition())).toBe("record");
  });

  behaviour("close may be called twice; every other call after it fails with CLOSED", async () => {
    const owner = await store().acquire(0, "a");
    await store().close();
    await store().close();
    const closed = { code: "CLOSED" };
    await expect(store().acquire(0, "b")).rejects.toMatchObject(closed);
    await expect(owner.put([entry(1, "x")])).rejects.toMatchObject(closed);
    await expect(owner.putPartition(bytes("x"))).rejects.toMatchObject(closed);
    await expect(owner.load([key(1)])).rejects.toMatchObject(closed);
    await expect(owner.readPartition()).rejects.toMatchObject(closed);
    await expect(store().peekPartition(0)).rejects.toMatchObject(closed);
    await expect(allOf(owner)).rejects.toMatchObject(closed);
  });
}

function describeProcesses(
  behaviours: Behaviours,
  { store, stored, use }: Parts,
  harness: StateStoreHarness,
): void {
  const processes = (): StateProcesses => {
    const has = stored().processes;
    if ("lacks" in has) throw new Error(`the harness promised processes: ${has.lacks}`);
    return has;
  };
  const order: StatePutOrder = {
    partition: 0,
    entriesPerPut: 100,
    valueBytes: 600,
    checkpointsMax: 1_000_000,
  };

  /** Every value says which checkpoint it is of; the partition record says which is whole. */
  const expectWhole = async (checkpointsAtLeast: number): Promise<number> => {
    const owner = await store().acquire(order.partition, "auditor");
    const record = Number(text(await owner.readPartition()));
    expect(record).toBeGreaterThanOrEqual(checkpointsAtLeast);
    const numbers = (await allOf(owner)).map(([, value]) => Number.parseInt(value, 10));
    expect(numbers).toHaveLength(order.entriesPerPut * 2);
    const halves = [numbers.slice(0, order.entriesPerPut), numbers.slice(order.entriesPerPut)];
    for (const half of halves) expect(new Set(half).size).toBe(1);
    expect(Math.min(...numbers)).toBeGreaterThanOrEqual(record);
    expect(Math.max(...numbers)).toBeLessThanOrEqual(record + 1);
    return record;
  };

  behaviours.needing(
    harness.processes,
    "after kill -9 of a writing process every put is there whole or not at all, no partition record before its values",
    async () => {
      await store().close();
      const writing = await processes().write(order);
      await writing.until(({ checkpoints }) => checkpoints >= 50);
      await writing.kill();
      use(await stored().open());
      await expectWhole(writing.checkpoints);
    },
  );

  behaviours.needing(
    harness.smallDisk,
    "a full disk is DISK_FULL, retryable; what was stored stays whole, and with room the same put goes through",
    async () => {
      await store().close();
      const { writeOnSmallDisk } = processes();
      if (writeOnSmallDisk === null) throw new Error("the harness promised a small disk");
      const writing = await writeOnSmallDisk({ ...order, growing: true, checkpointsMax: 100 }, 2_000_000);
      await writing.until(({ refusals }) => refusals.length >= 2);
      expect(writing.refusals[0]).toMatchObject({ code: "DISK_FULL", retryable: true });
      expect(writing.checkpoints).toBeGreaterThan(0);
      expect(writing.checkpoints).toBeLessThan(100);
      await writing.makeRoom();
      await writing.finished();
      use(await stored().open());
      const owner = await store().acquire(order.partition, "auditor");
      expect(text(await owner.readPartition())).toBe("100");
      expect(await allOf(owner)).toHaveLength(100 * 2 * order.entriesPerPut);
    },
  );
}

function key(number: number): string {
  return number.toString(16).padStart(32, "0");
}

function bytes(value: string): Uint8Array {
  return Buffer.from(value);
}

function entry(number: number, value: string): StateEntry {
  return { key: key(number), value: bytes(value) };
}

function text(value: Uint8Array | null): string | null {
  return value === null ? null : Buffer.from(value).toString();
}

function texts(values: readonly (Uint8Array | null)[]): (string | null)[] {
  return values.map(text);
}

/** Sorted by key: the port promises no order. */
async function allOf(owner: PartitionOwnership): Promise<[string, string][]> {
  const found: [string, string][] = [];
  for await (const each of owner.entries()) found.push([each.key, Buffer.from(each.value).toString()]);
  return found.sort(([one], [other]) => (one < other ? -1 : 1));
}

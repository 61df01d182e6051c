import { describe, expect, test } from "@jest/globals";
import { ChunkSize } from "../../../../platform/state-store/redis/chunk-size.js";
import { stateKeys } from "../../../../platform/state-store/redis/state-keys.js";
import {
  type Standing,
  type StoredOwner,
  standingOf,
  storedOwner,
} from "../../../../platform/state-store/redis/stored-owner.js";

const self = { partition: 7, epoch: 5, owner: "me" };
const KNOWN = 10;

describe("what the stored owner means to somebody who believes to own the partition, with ten writes acknowledged", () => {
  test.each<[string, StoredOwner | null, Standing]>([
    ["nothing is stored", null, "went-back"],
    ["an older epoch", { epoch: 4, owner: "other", writes: 99 }, "went-back"],
    ["the same epoch of somebody else", { epoch: 5, owner: "other", writes: 10 }, "went-back"],
    ["fewer writes", { epoch: 5, owner: "me", writes: 9 }, "went-back"],
    ["as many writes", { epoch: 5, owner: "me", writes: 10 }, "owner"],
    ["a write more, whose answer was lost", { epoch: 5, owner: "me", writes: 11 }, "owner"],
    ["a later epoch", { epoch: 6, owner: "other", writes: 0 }, "taken"],
  ])("%s", (_, stored, standing) => {
    expect(standingOf(self, KNOWN, stored)).toBe(standing);
  });

  test("is read from a reply; an owner without a number has no writes that count", () => {
    const [epoch, owner, writes] = ["5", "me", "10"].map((each) => Buffer.from(each));
    expect(storedOwner([epoch, owner, writes])).toEqual({ epoch: 5, owner: "me", writes: 10 });
    expect(storedOwner([epoch, owner, null])).toEqual({ epoch: 5, owner: "me", writes: -1 });
    expect(storedOwner([null, null, null])).toBeNull();
  });
});

test("all keys of a partition have one hash tag, partitions have different ones", () => {
  const tagOf = (key: string) => /\{([^}]+)\}/.exec(key)?.[1];
  const keys = Object.values(stateKeys("kadun", 7));
  expect(new Set(keys).size).toBe(4);
  expect(new Set(keys.map(tagOf))).toEqual(new Set(["kadun:7"]));
  expect(tagOf(stateKeys("kadun", 77).owner)).toBe("kadun:77");
});

test("answers are asked for in about half a megabyte, by what the last one was", () => {
  const chunk = new ChunkSize();
  expect(chunk.count).toBe(256);
  chunk.learn(256, 256 * 1024);
  expect(chunk.count).toBe(512);
  chunk.learn(512, 512 * 262_144);
  expect(chunk.count).toBe(16);
  chunk.learn(16, 0);
  expect(chunk.count).toBe(1_000);
});

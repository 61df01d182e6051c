import { describe, expect, test } from "@jest/globals";
import {
  assignSticky,
  type StickyMember,
} from "../../../../../platform/event-log/kafka/group/assign-sticky.js";
import fc from "../../../../support/properties.js";

const member = (memberId: string, held: readonly number[] = [], generation = held.length > 0 ? 1 : -1) => ({
  memberId,
  held,
  generation,
});

const anyGroup = fc
  .record({
    partitionCount: fc.integer({ min: 1, max: 12 }),
    members: fc.uniqueArray(
      fc.record({
        memberId: fc.string({ minLength: 1, maxLength: 3 }),
        held: fc.uniqueArray(fc.integer({ min: -1, max: 13 }), { maxLength: 12 }),
        generation: fc.integer({ min: -1, max: 3 }),
      }),
      { minLength: 1, maxLength: 5, selector: ({ memberId }) => memberId },
    ),
  })
  .map((group) => ({ ...group, members: group.members as readonly StickyMember[] }));

/** A group as it stands after an assignment, with some gone and some new. */
const changedGroup = fc.record({
  partitionCount: fc.integer({ min: 1, max: 24 }),
  before: fc.integer({ min: 1, max: 6 }),
  gone: fc.integer({ min: 0, max: 5 }),
  joined: fc.integer({ min: 0, max: 4 }),
});

describe("sticky assignment", () => {
  test("one member gets all", () => {
    expect(assignSticky([member("a")], 3)).toEqual(new Map([["a", [0, 1, 2]]]));
  });

  test("a second member takes half, the first keeps the rest", () => {
    expect(assignSticky([member("a", [0, 1, 2, 3]), member("b")], 4)).toEqual(
      new Map([
        ["a", [0, 1]],
        ["b", [2, 3]],
      ]),
    );
  });

  test("the parts of a member that is gone are spread, all others stay", () => {
    expect(assignSticky([member("a", [0, 1]), member("c", [4, 5])], 6)).toEqual(
      new Map([
        ["a", [0, 1, 2]],
        ["c", [3, 4, 5]],
      ]),
    );
  });

  test("who was away and names what others hold by now gets none of it by that", () => {
    const woken = member("a", [0, 1, 2], 4);
    const heir = member("b", [0, 1, 2, 3], 5);
    expect(assignSticky([woken, heir], 4)).toEqual(
      new Map([
        ["a", [2, 3]],
        ["b", [0, 1]],
      ]),
    );
  });

  test("more members than partitions: some get none", () => {
    const sizes = [...assignSticky([member("a"), member("b"), member("c")], 2).values()].map((p) => p.length);
    expect(sizes).toEqual([1, 1, 0]);
  });

  test("every partition belongs to exactly one member, and shares differ by one at most", () => {
    fc.assert(
      fc.property(anyGroup, ({ members, partitionCount }) => {
        const shares = [...assignSticky(members, partitionCount).values()];
        expect(shares.length).toBe(members.length);
        expect(shares.flat().sort((a, b) => a - b)).toEqual(
          Array.from({ length: partitionCount }, (_, i) => i),
        );
        const sizes = shares.map((share) => share.length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }),
    );
  });

  test("the order in which members are listed does not matter", () => {
    fc.assert(
      fc.property(anyGroup, ({ members, partitionCount }) => {
        const backwards = [...members].reverse();
        expect(assignSticky(backwards, partitionCount)).toEqual(assignSticky(members, partitionCount));
      }),
    );
  });

  test("nothing moves in a group that did not change", () => {
    fc.assert(
      fc.property(anyGroup, ({ members, partitionCount }) => {
        const first = assignSticky(members, partitionCount);
        const again = members.map(({ memberId }) => member(memberId, first.get(memberId), 9));
        expect(assignSticky(again, partitionCount)).toEqual(first);
      }),
    );
  });

  test("no other balanced assignment keeps more where it is", () => {
    fc.assert(
      fc.property(changedGroup, ({ partitionCount, before, gone, joined }) => {
        const names = Array.from({ length: before }, (_, i) => `m${i}`);
        const first = assignSticky(
          names.map((name) => member(name)),
          partitionCount,
        );
        const stay = names.slice(Math.min(gone, before - 1)).map((name) => member(name, first.get(name), 1));
        const group = [...stay, ...Array.from({ length: joined }, (_, i) => member(`n${i}`))];
        const next = assignSticky(group, partitionCount);
        const kept = group.flatMap(({ memberId, held }) =>
          held.filter((p) => next.get(memberId)!.includes(p)),
        );
        expect(kept.length).toBe(keptMax(group, partitionCount));
      }),
    );
  });
});

/** By trying every choice of who gets the larger shares. */
function keptMax(members: readonly StickyMember[], partitionCount: number): number {
  const smaller = Math.floor(partitionCount / members.length);
  let best = 0;
  for (let choice = 0; choice < 2 ** members.length; choice++) {
    const larger = members.map((_, index) => (choice >> index) & 1);
    if (larger.reduce((sum, one) => sum + one, 0) !== partitionCount % members.length) continue;
    const kept = members.map(({ held }, index) => Math.min(held.length, smaller + larger[index]!));
    best = Math.max(
      best,
      kept.reduce((sum, count) => sum + count, 0),
    );
  }
  return best;
}

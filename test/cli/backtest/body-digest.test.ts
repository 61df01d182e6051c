import { expect, test } from "@jest/globals";
import { addSums, BodyDigest, NO_BODIES } from "../../../cli/backtest/body-digest.js";
import fc from "../../support/properties.js";

const bodies = fc.array(
  fc.record({
    partition: fc.nat({ max: 3 }),
    offset: fc.nat(),
    sequence: fc.nat({ max: 3 }),
    body: fc.string(),
  }),
);
type Body = typeof bodies extends fc.Arbitrary<(infer Value)[]> ? Value : never;

function sumOf(some: readonly Body[]) {
  const digest = new BodyDigest();
  for (const { partition, offset, sequence, body } of some) digest.add({ partition, offset }, sequence, body);
  return digest.result();
}

test("parts in any order add up to the whole", () => {
  fc.assert(
    fc.property(bodies, bodies, (a, b) => {
      expect(addSums(sumOf(b), sumOf(a))).toEqual(sumOf([...a, ...b]));
      expect(addSums(sumOf(a), NO_BODIES)).toEqual(sumOf(a));
    }),
  );
});

test("a changed body, another position, a missing or a doubled one is another sum", () => {
  const one = { partition: 0, offset: 1, sequence: 0, body: "{}" };
  const others = [
    [{ ...one, body: "{ }" }],
    [{ ...one, offset: 2 }],
    [{ ...one, partition: 1 }],
    [{ ...one, sequence: 1 }],
    [],
    [one, one],
  ];
  for (const other of others) expect(sumOf(other).sum).not.toBe(sumOf([one]).sum);
});

test("the sum is that of whole numbers modulo 2^256", () => {
  const known = { count: 1, sum: `${"f".repeat(63)}e` };
  expect(addSums(known, { count: 1, sum: `${"0".repeat(63)}3` })).toEqual({
    count: 2,
    sum: `${"0".repeat(63)}1`,
  });
});

import { beforeAll, describe, expect, test } from "@jest/globals";
import {
  DecisionCheck,
  differenceText,
  ExpectedDecisions,
} from "../../../bench/end-to-end/decision-check.js";
import { numberIn, SwipeStream } from "../../../bench/end-to-end/swipe-stream.js";
import { PlainNode } from "../../../bench/peers/plain-node/plain-node.js";

const STREAM = { persons: 200, seed: 5, events: 3_000 };
let expected: ExpectedDecisions;
let decisions: string[];

beforeAll(() => {
  expected = new ExpectedDecisions(STREAM);
  const swipes = new SwipeStream(STREAM.persons, STREAM.seed);
  const plain = new PlainNode(STREAM.persons);
  decisions = Array.from({ length: STREAM.events }, (_, at) =>
    Buffer.from(plain.handle(swipes.next().value, 1_000 + at)).toString(),
  );
});

function checked(texts: readonly string[]) {
  const check = new DecisionCheck(expected);
  for (const text of texts) check.take(Buffer.from(text));
  return check.result();
}

describe("decisions are equal", () => {
  test("in any order and at any time of deciding", () => {
    const result = checked([...decisions].reverse());
    expect(result).toEqual({
      hash: expected.hash,
      expectedHash: expected.hash,
      repeated: 0,
      firstDifference: null,
    });
  });

  test("where some came again, which is counted", () => {
    expect(checked([...decisions, decisions[7]!, decisions[7]!])).toMatchObject({
      repeated: 2,
      firstDifference: null,
    });
  });
});

describe("decisions differ", () => {
  test.each([
    ["another action", (text: string) => text.replace(/"action":"\w+"/, '"action":"perhaps"')],
    ["another eventId behind the number", (text: string) => text.replace("-a1b2", "-a1b3")],
    ["keys in another order", reordered],
    ["a key too much at the end", (text: string) => text.replace(/\}$/, ',"more":1}')],
    ["no time of deciding", (text: string) => text.replace(/,"decidedAt":\d+/, "")],
  ])("by %s", (_name, change) => {
    const text = change(decisions[1_234]!);
    expect(text).not.toBe(decisions[1_234]);
    const result = checked(decisions.with(1_234, text));
    expect(result.hash).not.toBe(result.expectedHash);
    expect(result.firstDifference).toMatchObject({ number: 1_234, found: text });
  });

  test("where one is missing", () => {
    const result = checked(decisions.toSpliced(99, 1));
    expect(result.firstDifference).toMatchObject({ number: 99, found: null });
  });

  test("the first of several is named, with what was expected", () => {
    const wrong = (at: number) => decisions[at]!.replace('"psnNo"', '"person"');
    const { firstDifference } = checked(
      decisions.with(2_000, wrong(2_000)).with(500, wrong(500)).toSpliced(700, 1),
    );
    expect(firstDifference?.number).toBe(500);
    const text = differenceText("some engine", firstDifference!);
    expect(text).toContain("some engine decides differently about swipe 500");
    expect(text).toContain(decisions[500]!.slice(0, decisions[500]!.indexOf(',"decidedAt"')));
    expect(text).toContain(wrong(500));
  });

  test("a wrong one is not mended by a right one after it", () => {
    const wrong = decisions[3]!.replace('"psnNo"', '"person"');
    expect(checked([wrong, ...decisions]).firstDifference?.number).toBe(3);
  });

  test("what is no decision about a swipe of the stream is refused", () => {
    expect(() => checked(["{}"])).toThrow("not a decision about one of 3000 swipes: {}");
    const beyond = decisions[0]!.replace(/100000000000/, "100000003000");
    expect(() => checked([beyond])).toThrow("not a decision about one of 3000 swipes");
  });
});

describe("persons decided slice by slice", () => {
  const SLICE_PERSONS_MAX = 70;

  test("are decided as all of them at once", () => {
    const sliced = new ExpectedDecisions(STREAM, SLICE_PERSONS_MAX);
    expect(sliced.sums).toEqual(expected.sums);
    expect(sliced.sums).not.toContain(0);
  });

  test("have the same texts", () => {
    const sliced = new ExpectedDecisions(STREAM, SLICE_PERSONS_MAX);
    for (const number of [0, 1, 2, 1_234, STREAM.events - 1])
      expect(sliced.textOf(number)).toBe(expected.textOf(number));
    expect(expected.textOf(1_234)).toBe(decisions[1_234]!.replace(/\d+\}$/, "0}"));
  });
});

test("swipes and their decisions carry the number of the swipe in its stream", () => {
  const swipes = new SwipeStream(10, 1);
  for (let number = 0; number < 20; number++) expect(numberIn(swipes.next().value)).toBe(number);
  for (const [number, text] of decisions.slice(0, 20).entries())
    expect(numberIn(Buffer.from(text))).toBe(number);
});

function reordered(text: string): string {
  const { eventId, ...rest } = JSON.parse(text) as { eventId: string };
  return JSON.stringify({ eventId, ...Object.fromEntries(Object.entries(rest).reverse()) });
}

import { describe, expect, test } from "@jest/globals";
import { Messages } from "../../../bench/decide/messages.js";
import { PlainNode } from "../../../bench/peers/plain-node/plain-node.js";
import { swipe5Bundle } from "../../../bench/swipe-5/bundle.js";
import { SwipeGenerator } from "../../../bench/swipe-5/generator.js";
import { JOB_RULES, type JobSwipe } from "../../../bench/swipe-5/job.js";
import { Swipe5 } from "../../../bench/swipe-5/swipe-5.js";

const PERSONS = 300;
const SWIPES = 20_000;
const NOW_MS = 1_793_500_000_000;

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function shuffledKeys(swipe: JobSwipe, random: () => number): object {
  const entries = Object.entries(swipe);
  for (let i = entries.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [entries[i], entries[j]] = [entries[j]!, entries[i]!];
  }
  return Object.fromEntries(entries);
}

test("both sides write the same decision on every swipe, in any key order, and every rule hits", () => {
  const random = seeded(1);
  const generator = new SwipeGenerator(PERSONS, { seed: 99 });
  const plain = new PlainNode(PERSONS);
  const kadun = new Swipe5(PERSONS, swipe5Bundle());
  const hits = new Set<string>();
  for (let i = 0; i < SWIPES; i++) {
    const swipe = generator.next();
    const expected = Buffer.from(plain.handle(Buffer.from(JSON.stringify(swipe)), NOW_MS)).toString();
    const message = Buffer.from(JSON.stringify(shuffledKeys(swipe, random)));
    const actual = Buffer.from(kadun.handle(message, NOW_MS)).toString();
    if (actual !== expected) expect(actual).toBe(expected);
    for (const hit of (JSON.parse(actual) as { ruleHits: string[] }).ruleHits) hits.add(hit);
  }
  expect([...hits].sort()).toEqual([...JOB_RULES].sort());
});

test("messages in groups are decided as one by one", () => {
  const generator = new SwipeGenerator(PERSONS, { seed: 5 });
  const messages = Array.from({ length: 2005 }, () => Buffer.from(JSON.stringify(generator.next())));
  const single = new Swipe5(PERSONS, swipe5Bundle());
  const batch = new Swipe5(PERSONS, swipe5Bundle());
  const expected = messages.map((message) => Buffer.from(single.handle(message, NOW_MS)).toString());
  const actual: string[] = [];
  let made = 0;
  batch.handleBatch(
    new Messages(messages.length, () => messages[made++]!),
    0,
    messages.length,
    () => NOW_MS,
    (bytes, start, end) => actual.push(Buffer.from(bytes.subarray(start, end)).toString()),
  );
  expect(actual).toEqual(expected);
});

describe("an unusual message", () => {
  const swipe = new SwipeGenerator(PERSONS, { seed: 11 }).next();
  const text = JSON.stringify(swipe);
  const decided = (message: string) =>
    Buffer.from(new Swipe5(PERSONS, swipe5Bundle()).handle(Buffer.from(message), NOW_MS)).toString();

  test.each([
    ["an escape", text.replace("operator-", "\\u006fperator-")],
    ["characters beyond ASCII", text.replace("operator-", "王")],
    ["an unknown key", text.replace("}", ',"extra":[1]}')],
    ["a key that comes twice", text.replace("}", ',"medType":"11"}')],
    ["an exponent", text.replace(`"lng":${swipe.lng}`, `"lng":${swipe.lng}e0`)],
    ["white space everywhere", JSON.stringify(swipe, null, 4).replaceAll(":", " : ")],
  ])("with %s is decided all the same", (_, message) => {
    expect(message).not.toBe(text);
    expect(decided(message)).toBe(decided(text));
  });

  test.each([
    ["a missing field", JSON.stringify({ ...swipe, devNo: undefined })],
    ["a psnNo of 17 digits", JSON.stringify({ ...swipe, psnNo: swipe.psnNo.slice(1) })],
    ["a latitude beyond the pole", JSON.stringify({ ...swipe, lat: 90.000001 })],
    ["half a fen", JSON.stringify({ ...swipe, medfeeSumFen: 0.5 })],
    ["an unknown type of event", JSON.stringify({ ...swipe, eventType: "REFUND" })],
    ["a cut end", text.slice(0, -1)],
  ])("with %s is refused", (_, message) => {
    expect(() => decided(message)).toThrow();
  });
});

describe("a message that comes again", () => {
  const swipe = new SwipeGenerator(PERSONS, { seed: 11 }).next();

  test("in another key order gets the first decision and changes nothing", () => {
    const kadun = new Swipe5(PERSONS, swipe5Bundle());
    const handled = (fields: object) =>
      Buffer.from(kadun.handle(Buffer.from(JSON.stringify(fields)), NOW_MS)).toString();
    const first = handled(swipe);
    for (let i = 0; i < 10; i++) expect(handled(shuffledKeys(swipe, seeded(i)))).toBe(first);
  });

  test("with other content is refused", () => {
    const kadun = new Swipe5(PERSONS, swipe5Bundle());
    kadun.handle(Buffer.from(JSON.stringify(swipe)), NOW_MS);
    for (const change of [
      { lng: swipe.lng + 1 },
      { devNo: "other" },
      { medfeeSumFen: 1 },
      { insutype: "311" },
    ])
      expect(() => kadun.handle(Buffer.from(JSON.stringify({ ...swipe, ...change })), NOW_MS)).toThrow(
        "used before with other content",
      );
  });
});

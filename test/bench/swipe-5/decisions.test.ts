import { describe, expect, test } from "@jest/globals";
import { PlainNode } from "../../../bench/peers/plain-node/plain-node.js";
import { swipe5Bundle } from "../../../bench/swipe-5/bundle.js";
import { SwipeGenerator } from "../../../bench/swipe-5/generator.js";
import { compiledJobSwipe, JOB_RULES, type JobSwipe } from "../../../bench/swipe-5/job.js";
import { JobMessage } from "../../../bench/swipe-5/message.js";
import { Swipe5 } from "../../../bench/swipe-5/swipe-5.js";

const PERSONS = 300;
const SWIPES = 20_000;
const FUZZ_CASES = 100_000;
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

describe("the scanner", () => {
  /** What the slots hold, as text: positions do not matter, contents do. */
  function slots(message: JobMessage): string {
    const texts = [...message.starts].map((start, field) =>
      Buffer.from(message.bytes.subarray(start, message.ends[field])).toString("latin1"),
    );
    return JSON.stringify([texts, [...message.numbers]]);
  }

  function mutated(text: string, random: () => number): string {
    const at = Math.floor(random() * text.length);
    const pieces = [
      "",
      " ",
      '"',
      ",",
      "}",
      "0",
      "-",
      "1e3",
      "\\u0041",
      "中",
      ".5",
      "null",
      "{",
      ":",
      "x",
      "\n",
    ];
    const piece = pieces[Math.floor(random() * pieces.length)]!;
    const cut = Math.floor(random() * 3);
    return text.slice(0, at) + piece + text.slice(at + cut);
  }

  /** undefined where the schema refuses. */
  function slow(bytes: Buffer): JobSwipe | undefined {
    try {
      const parsed = compiledJobSwipe.safeParse(JSON.parse(bytes.toString()));
      return parsed.success ? parsed.data : undefined;
    } catch {
      return undefined;
    }
  }

  test(`agrees with JSON.parse and the schema on ${FUZZ_CASES} messages, most of them mutilated`, () => {
    const random = seeded(2);
    const generator = new SwipeGenerator(PERSONS, { seed: 7 });
    const scanned = new JobMessage();
    const loaded = new JobMessage();
    let accepted = 0;
    let refused = 0;
    for (let i = 0; i < FUZZ_CASES; i++) {
      let text = JSON.stringify(shuffledKeys(generator.next(), random));
      for (let mutations = Math.floor(random() * 3); mutations > 0; mutations--) text = mutated(text, random);
      const bytes = Buffer.from(text);
      if (!scanned.scan(bytes)) {
        refused++;
        continue;
      }
      accepted++;
      const expected = slow(bytes);
      if (expected === undefined) throw new Error(`the scanner accepts what the schema refuses: ${text}`);
      loaded.load(expected);
      if (slots(scanned) !== slots(loaded)) throw new Error(`other slots than JSON.parse gives: ${text}`);
    }
    expect(accepted).toBeGreaterThan(FUZZ_CASES / 5);
    expect(refused).toBeGreaterThan(FUZZ_CASES / 5);
  });
});

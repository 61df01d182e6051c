import { expect, test } from "@jest/globals";
import { mixedLines } from "../../../bench/load/mixed-lines.js";

const LINES = 9_000;

function kindOf(line: string): string {
  try {
    const { type, infno } = JSON.parse(line) as { type?: string; infno?: string };
    return infno ?? type ?? "nothing";
  } catch {
    return "cut";
  }
}

test("mixed lines hold every kind that a journal takes, as many as asked for", () => {
  const counts: Record<string, number> = {};
  let lines = 0;
  for (const line of mixedLines({ seed: 3, lines: LINES })) {
    const kind = kindOf(line);
    counts[kind] = (counts[kind] ?? 0) + 1;
    lines++;
  }
  expect(lines).toBe(LINES);
  const kinds = [
    "swipe",
    "2102",
    "card-status",
    "person-fact",
    "feedback",
    "heartbeat",
    "person-link",
    "cut",
  ];
  expect(Object.keys(counts).sort()).toEqual(kinds.sort());
});

test("the same options give the same bytes, another seed others", () => {
  const [first, again, other] = [3, 3, 4].map((seed) => [...mixedLines({ seed, lines: 500 })].join("\n"));
  expect(again).toBe(first);
  expect(other).not.toBe(first);
});

import { describe, expect, test } from "@jest/globals";
import { PacedLookups } from "../../../../platform/event-log/kafka/paced-lookups.js";

describe("PacedLookups", () => {
  test("those who ask at once cause one question", async () => {
    const lookups = new PacedLookups();
    const asked: string[][] = [];
    const look = async (keys: readonly string[]) => void asked.push([...keys]);
    await Promise.all([
      lookups.run(["a", "b"], look),
      lookups.run(["b", "a"], look),
      lookups.run(["a"], look),
    ]);
    expect(asked).toEqual([["a", "b"]]);
  });

  test("who asks for more waits for both and asks only for what nobody looks for yet", async () => {
    const lookups = new PacedLookups();
    const asked: string[][] = [];
    const look = async (keys: readonly string[]) => void asked.push([...keys]);
    await Promise.all([lookups.run(["a"], look), lookups.run(["a", "c"], look)]);
    expect(asked).toEqual([["a"], ["c"]]);
  });

  test("the next question for the same comes a quarter of a second later", async () => {
    const lookups = new PacedLookups();
    const atMs: number[] = [];
    const look = async () => void atMs.push(performance.now());
    await lookups.run(["a"], look);
    await lookups.run(["a"], look);
    expect(atMs[1]! - atMs[0]!).toBeGreaterThanOrEqual(245);
  });

  test("a failure reaches all who asked, and the next question is asked again", async () => {
    const lookups = new PacedLookups();
    const fail = async () => Promise.reject(new Error("away"));
    const outcomes = await Promise.allSettled([lookups.run(["a"], fail), lookups.run(["a"], fail)]);
    expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    await expect(lookups.run(["a"], async () => {})).resolves.toBeUndefined();
  });
});

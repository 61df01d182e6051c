import { expect, test } from "@jest/globals";
import { PacedLines } from "../../../bench/kill/paced-lines.js";

const LINES = Array.from({ length: 30 }, (_, n) => `line ${n}`);

/** What is handed out until nothing more comes for a while. */
class Taken {
  readonly lines: string[] = [];
  readonly end: Promise<void>;

  constructor(paced: PacedLines) {
    this.end = this.take(paced);
  }

  async until(count: number): Promise<void> {
    while (this.lines.length < count) await new Promise((resolve) => setTimeout(resolve, 5));
    await new Promise((resolve) => setTimeout(resolve, 100));
  }

  private async take(paced: PacedLines): Promise<void> {
    for await (const line of paced) this.lines.push(line);
  }
}

test("a kill that takes long finds lines after the time it was expected to take, never all of its share", async () => {
  const paced = new PacedLines(LINES, 2, 200);
  const taken = new Taken(paced);
  const startedMs = performance.now();
  await taken.until(8);
  expect(performance.now() - startedMs).toBeGreaterThan(200);
  expect(taken.lines.length).toBeLessThan(10);
  paced.killDone();
  await taken.until(12);
  expect(taken.lines.length).toBeLessThan(20);
  paced.killDone();
  await taken.end;
  expect(taken.lines).toEqual(LINES);
});

test("where no kill comes any more the rest goes", async () => {
  const paced = new PacedLines(LINES, 5, 10);
  const taken = new Taken(paced);
  await taken.until(1);
  paced.letGo();
  await taken.end;
  expect(taken.lines).toEqual(LINES);
});

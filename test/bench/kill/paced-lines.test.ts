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

test("a kill that takes long gets its share and no more; after the last the rest goes", async () => {
  const paced = new PacedLines(LINES, 2, 10);
  const taken = new Taken(paced);
  await taken.until(10);
  expect(taken.lines).toHaveLength(10);
  paced.killDone();
  await taken.until(20);
  expect(taken.lines).toHaveLength(20);
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

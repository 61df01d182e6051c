import { expect, test } from "@jest/globals";
import { Slots } from "../../../../platform/analytics/clickhouse/slots.js";

test("so many at a time, the others in order, also behind failures; idle waits for all of them", async () => {
  const slots = new Slots(2);
  const begun: number[] = [];
  const finish: (() => void)[] = [];
  const task = (n: number) =>
    slots.run(async () => {
      begun.push(n);
      await new Promise<void>((resolve) => finish.push(resolve));
      if (n === 0) throw new Error("failed");
      return n;
    });
  const results = [0, 1, 2, 3].map(task);
  const failed = expect(results[0]).rejects.toThrow("failed");
  let isIdle = false;
  const idle = slots.idle().then(() => {
    isIdle = true;
  });
  for (let i = 0; i < 4; i++) {
    await Promise.resolve();
    expect(begun).toEqual([0, 1, 2, 3].slice(0, Math.min(4, i + 2)));
    expect(isIdle).toBe(false);
    finish[i]!();
    await Promise.allSettled([results[i]]);
  }
  await failed;
  await idle;
  expect(await Promise.all(results.slice(1))).toEqual([1, 2, 3]);
});

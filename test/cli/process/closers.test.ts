import { expect, jest, test } from "@jest/globals";
import { Closers } from "../../../cli/process/closers.js";

const LIMIT_MS = 10;

/** Something that others wait for; it tells them when it is closed. */
function server() {
  let closed = () => {};
  const gone = new Promise<void>((resolve) => {
    closed = resolve;
  });
  return { gone, close: jest.fn(async () => closed()) };
}

test("what was opened last is closed first, and the first error comes after all were tried", async () => {
  const said: string[] = [];
  const closers = new Closers();
  const part = (name: string, error?: Error) => ({
    close: async () => {
      said.push(name);
      if (error !== undefined) throw error;
    },
  });
  closers.add(part("log"));
  closers.add(part("producer", new Error("second")));
  closers.add(part("group", new Error("first")));
  await expect(closers.close()).rejects.toThrow("first");
  expect(said).toEqual(["group", "producer", "log"]);
});

test("a part that others wait for is closed out of turn after its time, and they end", async () => {
  const closers = new Closers();
  const brokers = closers.add(server());
  const store = closers.add(server());
  closers.cutAfter(LIMIT_MS, brokers);
  closers.add({ close: () => brokers.gone });
  await closers.close();
  expect(store.close).toHaveBeenCalledTimes(1);
});

test("a part whose time has not come is closed in its turn, once", async () => {
  const closers = new Closers();
  const brokers = closers.add(server());
  closers.cutAfter(60_000, brokers);
  await closers.close();
  expect(brokers.close).toHaveBeenCalledTimes(1);
});

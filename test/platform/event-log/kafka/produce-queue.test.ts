/** Batches on their way to one node: what waited too long for its turn is not sent. */

import { afterEach, expect, jest, test } from "@jest/globals";
import { ProduceQueue } from "../../../../platform/event-log/kafka/produce-queue.js";
import type { WireRequest } from "../../../../platform/event-log/kafka/wire-request.js";

const ANSWER_MS = 10_000;
const batch = { topic: "t", partition: 0, bytes: Buffer.alloc(100) };

afterEach(() => {
  jest.restoreAllMocks();
});

/** Answers nobody until it is told to fail. */
class HeldNode {
  sent = 0;
  fail = (_error: Error) => {};

  send<Answer>(_nodeId: number, _request: WireRequest<Answer>): Promise<Answer> {
    this.sent += 1;
    return new Promise((_resolve, reject) => {
      this.fail = reject;
    });
  }
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

async function waitBehind(ms: number) {
  const node = new HeldNode();
  const queue = new ProduceQueue(node, 1, { acknowledgeMs: 8_000, answerMs: ANSWER_MS });
  const first = queue.send(batch).catch((error: unknown) => error);
  await turn();
  const second = queue.send(batch).catch((error: unknown) => error);
  const now = performance.now();
  jest.spyOn(performance, "now").mockReturnValue(now + ms);
  node.fail(new Error("closed"));
  await first;
  await turn();
  return { node, second };
}

test("a batch that waited for a request to run out of time has its turn", async () => {
  const { node, second } = await waitBehind(ANSWER_MS);
  expect(node.sent).toBe(2);
  node.fail(new Error("closed"));
  await second;
});

test("a batch that waited longer than that is refused and may be tried again: the process stood still", async () => {
  const { node, second } = await waitBehind(3_600_000);
  expect(await second).toMatchObject({ kind: "timeout", message: expect.stringContaining("was not sent") });
  expect(node.sent).toBe(1);
});

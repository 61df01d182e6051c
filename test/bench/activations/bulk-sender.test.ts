/** Swipes that nobody waits for: each line is sent until it was taken, and none is forgotten. */

import { expect, test } from "@jest/globals";
import { BulkSender } from "../../../bench/activations/bulk-sender.js";
import type { HttpRequest, HttpResponse } from "../../../platform/http-client/http-client.js";

const PER_SECOND = 2_000;
const SECONDS = 0.3;
const LINES = PER_SECOND * SECONDS;

async function sent(answer: (request: number, lines: readonly string[]) => HttpResponse | Error) {
  const taken: string[] = [];
  let requests = 0;
  let made = 0;
  const sender = new BulkSender({
    client: {
      send: async ({ path, body }: HttpRequest) => {
        expect(path).toBe("/v1/swipes");
        const said = answer(++requests, String(body).split("\n"));
        if (said instanceof Error) throw said;
        return said;
      },
    },
    perSecond: PER_SECOND,
    seconds: SECONDS,
    nextLine: () => `{"line":${made++}}`,
    onAccepted: (lines) => taken.push(...lines),
  });
  return { counts: await sender.run(), taken: new Set(taken), takenCount: taken.length };
}

function response(status: number, refused: readonly unknown[] = []): HttpResponse {
  return { status, body: Buffer.from(JSON.stringify({ accepted: 1, refused })), retryAfterSeconds: null };
}

test("what is not taken, or of which nobody knows, is sent again until it is", async () => {
  const { counts, taken, takenCount } = await sent((request) => {
    if (request === 2) return response(503);
    return request === 4 ? new Error("connection reset") : response(202);
  });
  expect(counts).toMatchObject({ accepted: LINES, refused: 0, resent: 2 });
  expect(takenCount).toBe(LINES);
  expect(taken.size).toBe(LINES);
});

test("refused lines are counted and not taken for accepted ones", async () => {
  const { counts, takenCount } = await sent((request) => response(202, request === 1 ? [{ line: 1 }] : []));
  expect(counts.refused).toBe(1);
  expect(counts.accepted).toBe(LINES - 1);
  expect(takenCount).toBeLessThan(LINES);
});

/** A package that is made while somebody waits for it, line by line. */

import { expect, it } from "@jest/globals";
import { silentLogger } from "../../platform/logger/logger.js";
import { NATION, PERMISSIONS } from "../../schemas/console/access.js";
import type { PackageProgress } from "../../schemas/http/evidence.js";
import { answerEvidence, type EvidenceDesk } from "../../services/evidence/evidence-api.js";
import { EvidenceRefusal } from "../../services/evidence/refusal.js";

const STEP: PackageProgress = { progress: "gathering", done: 1, total: null };
const LI = {
  name: "li",
  isLocal: false,
  roles: [],
  permissions: new Set(PERMISSIONS),
  scope: NATION,
  session: null,
};

async function making(make: EvidenceDesk["make"]) {
  const gone = new AbortController();
  const errors: string[] = [];
  const logger = { ...silentLogger, error: (event: string) => void errors.push(event) };
  const desk = { make, isCaseSeen: async () => true } as unknown as EvidenceDesk;
  const answer = await answerEvidence(
    { desk, admit: async () => LI, logger },
    {
      method: "POST",
      path: "/v1/evidence/packages",
      query: new URLSearchParams(),
      headers: {},
      body: Buffer.from('{"caseId":"c-1"}'),
      gone: gone.signal,
    },
  );
  if (answer.kind !== "lines") throw new Error(JSON.stringify(answer));
  return { gone, errors, lines: answer.lines[Symbol.asyncIterator]() };
}

it("is ended at its next step when nobody waits for it any more, and that is no trouble", async () => {
  let step = () => {};
  let ended: unknown = null;
  const { gone, errors, lines } = await making(async (_, onProgress) => {
    onProgress(STEP);
    await new Promise<void>((resolve) => {
      step = resolve;
    });
    try {
      onProgress(STEP);
    } catch (error) {
      ended = error;
      throw error;
    }
    throw new Error("it went on");
  });
  expect(await lines.next()).toEqual({ done: false, value: STEP });
  const next = lines.next();
  gone.abort();
  expect(await next).toEqual({ done: true, value: undefined });
  step();
  await new Promise(setImmediate);
  expect([ended, errors]).toEqual([gone.signal.reason, []]);
});

it("says as its last line what stood against it", async () => {
  const { lines } = await making(async () => {
    throw new EvidenceRefusal("BUSY", "another package is being made; ask again in a minute");
  });
  expect(await lines.next()).toMatchObject({ value: { problem: { code: "BUSY", status: 503 } } });
  expect(await lines.next()).toMatchObject({ done: true });
});

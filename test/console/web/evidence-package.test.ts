/** What the page of a case makes of the office's lines while a package is made. */

import { afterEach, expect, it, jest } from "@jest/globals";
import { makePackage } from "../../../services/console/web/pages/case/evidence-package.js";

const STEP = { progress: "gathering", done: 3, total: null };

afterEach(() => {
  jest.restoreAllMocks();
});

/** @returns the package and the steps that were shown. */
async function made(...lines: readonly object[]) {
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
  jest.spyOn(globalThis, "fetch").mockResolvedValue(new Response(text));
  const steps: object[] = [];
  const { signal } = new AbortController();
  return {
    package: await makePackage({ caseId: "c-1" }, { signal, onProgress: (s) => steps.push(s) }),
    steps,
  };
}

it("steps are shown, the last line is the package", async () => {
  const last = { name: "p.zip", sha256: "00" };
  expect(await made(STEP, { package: last })).toEqual({ package: last, steps: [STEP] });
});

it("what stood against it is told by its code, and is no step", async () => {
  const problem = { status: 503, code: "BUSY", detail: "another package is being made" };
  await expect(made(STEP, { problem })).rejects.toMatchObject(problem);
});

it("an answer that breaks off is no package", async () => {
  await expect(made(STEP)).rejects.toMatchObject({ code: "AWAY" });
});

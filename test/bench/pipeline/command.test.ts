/**
 * What `kadun bench pipeline` takes. No test makes the whole run, which takes minutes: a load on a whole Kadun is put by
 * test/e2e/office-away.test.ts, and the generator, the search and the histogram are tested beside this file.
 */

import { afterAll, expect, test } from "@jest/globals";
import { Workplace } from "../../support/kadun.js";

const place = new Workplace();
afterAll(() => place.remove());

test.each([
  [["--profile", "cluster"], "--profile cluster: expected 'embedded'"],
  [["--rates", "500,0"], "--rates 0: expected a whole number of at least 1"],
  [["--seconds", "x"], "--seconds x: expected a whole number of at least 1"],
  [["--persons", "10"], "--persons 10: expected a whole number of at least 500"],
  [["everything"], "everything"],
])("%j is a usage error", (args, message) => {
  const { status, errors } = place.kadun(["bench", "pipeline", ...args]);
  expect(status).toBe(64);
  expect(errors.join("\n")).toContain(message);
});

test("--help says what it takes", () => {
  const { status, stdout } = place.kadun(["bench", "pipeline", "--help"]);
  expect(status).toBe(0);
  for (const option of ["--profile", "--rates", "--seconds", "--persons", "--seed", "--json"])
    expect(stdout).toContain(option);
});

/** What every test of a fault ends with. */

import { expect } from "@jest/globals";
import type { Verdict } from "./fault-world.js";

const FINDINGS_SHOWN = 10;

/** Says what was compared; fails where anything was found. */
export function sound({ findings, counts }: Verdict): void {
  process.stderr.write(`${expect.getState().currentTestName}: ${JSON.stringify(counts)}\n`);
  expect(findings.slice(0, FINDINGS_SHOWN)).toEqual([]);
}

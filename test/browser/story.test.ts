/** The whole story as the README tells it: from probing to the verified package, through the pages on a telephone. */

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { kadunMain } from "../support/kadun.js";

const TIMEOUT_MS = 480_000;
/** 390 at a telephone's sharpness. */
const SCREENSHOT_WIDTH = 780;

let folder: string;
let told: { readonly status: number | null; readonly lines: readonly string[]; readonly errors: string };
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "kadun-story-"));
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [kadunMain, "demo", "--story", "hangzhou", "--keep", join(folder, "story")],
    { encoding: "utf8", timeout: TIMEOUT_MS },
  );
  told = { status, lines: stdout.split("\n"), errors: stderr };
}, TIMEOUT_MS);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Where this is said, from line `after` on. */
function lineOf(said: RegExp, after = -1): number {
  const found = told.lines.findIndex((line, i) => i > after && said.test(line));
  if (found < 0) throw new Error(`nothing says ${said}:\n${told.lines.join("\n")}\n${told.errors}`);
  return found;
}

it("is told in its order, each part as a consequence of the one before", () => {
  expect({ status: told.status, errors: told.errors }).toEqual({ status: 0, errors: "" });
  let last = -1;
  for (const said of [
    /PIN wrong: challenge/,
    /480\.00 yuan: challenge/,
    /^SMS: .*480\.00元需核验.*编号[0-9A-Z]{4}-[0-9A-Z]{4}$/,
    /says: not mine/,
    /240\.00 yuan: reject/,
    /R01 .*临时挂失/,
    /^li: acceptance, now first-review$/,
    /^zhao: decision upheld, now decided$/,
    /^wang: approves, now confirmed$/,
    /^5 settlements, 2530\.00 yuan, to be taken back/,
    /^SMS: .*您的申诉.*已有决定/,
    /^ok {8}custody/,
    /^ok {8}replay .*11 outcomes are equal byte for byte/,
    /^evidence package: .*\.zip$/,
  ])
    last = lineOf(said, last);
});

it("leaves a screenshot of each page at a telephone's width, and a package that is there", () => {
  const begin = lineOf(/^screenshots:$/);
  const paths = told.lines.slice(begin + 1).filter((line) => line.startsWith("  ") && line.endsWith(".png"));
  expect(paths.map((path) => path.replace(/^.*\/\d\d-|\.png$/g, ""))).toEqual([
    "enter",
    "one-time-code",
    "case",
    "answered",
    "report-loss",
    "loss-reported",
    "card-blocked",
    "appeal-swipes",
    "appeal-documents",
    "appeal-check",
    "appeal-submitted",
    "appeal-decided",
  ]);
  for (const path of paths) {
    const png = readFileSync(path.trim());
    expect(png.subarray(1, 4).toString("latin1")).toBe("PNG");
    expect(png.readUInt32BE(16)).toBe(SCREENSHOT_WIDTH);
  }
  const zip = told.lines[lineOf(/^evidence package: /)]!.replace("evidence package: ", "");
  expect(readFileSync(zip).subarray(0, 2).toString("latin1")).toBe("PK");
});

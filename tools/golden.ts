/**
 * Writes test/golden/outcomes.ndjson and golden.json from test/golden/journal.ndjson.
 * The same engine and bundle must not give other outcomes: the engine's version is raised first, or
 * `--unreleased` says that no release carries it yet.
 */

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { loadBundle } from "../cli/bundle-files.js";
import { type GoldenHeader, goldenFiles, goldenJournal, goldenOf } from "./golden-outcomes.js";

const { header, lines } = goldenOf(goldenJournal(), loadBundle());
const content = `${lines.join("\n")}\n`;
const before = existsSync(goldenFiles.header)
  ? (JSON.parse(readFileSync(goldenFiles.header, "utf8")) as GoldenHeader)
  : null;
const isChanged = before !== null && readFileSync(goldenFiles.outcomes, "utf8") !== content;
const isSameEngine =
  before?.engineVersion === header.engineVersion && before.bundleHash === header.bundleHash;

if (isChanged && isSameEngine && !process.argv.includes("--unreleased")) {
  console.error(
    `${goldenFiles.outcomes}: outcomes change under engine version ${header.engineVersion}: raise ENGINE_VERSION in services/detector/outcome.ts and run again, or add --unreleased while no release carries this version`,
  );
  process.exitCode = 1;
} else {
  writeFileSync(goldenFiles.outcomes, content);
  writeFileSync(goldenFiles.header, `${JSON.stringify(header, null, 2)}\n`);
  console.log(
    `${lines.length} outcomes ${isChanged ? "changed" : "written"}, engine ${header.engineVersion}`,
  );
}

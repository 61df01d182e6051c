/**
 * `npm run setup:browser`: afterwards there is a Chromium with Chinese letters, for tests of the cardholder's pages and the
 * story's screenshots, or the command that brings it is told. Root on Debian gets the packages installed.
 */

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chromiumProgram } from "../platform/browser/chromium-program.js";

const INSTALL_MS = 600_000;
const FONT_PACKAGE = "fonts-wqy-microhei";
const APT = "/usr/bin/apt-get";

class SetupError extends Error {
  override readonly name = "SetupError";
}

function setUp(): string {
  const missing = missingPackages();
  if (missing.length > 0) install(missing);
  const program = chromiumProgram();
  if (program === null)
    throw new SetupError("Debian's chromium does not bring a program of that name; set KADUN_CHROMIUM");
  const { stdout, status } = spawnSync(program, ["--version"], { encoding: "utf8", timeout: 30_000 });
  if (status !== 0) throw new SetupError(`'${program} --version' ended with ${status}: is it whole?`);
  return `browser for the tests: ${stdout.trim()} (${program})`;
}

function missingPackages(): readonly string[] {
  return [...(chromiumProgram() === null ? ["chromium"] : []), ...(hasChinese() ? [] : [FONT_PACKAGE])];
}

/** Without them every letter is an empty box. Systems without fontconfig bring their own. */
function hasChinese(): boolean {
  const { stdout, error } = spawnSync("fc-list", [":lang=zh-cn", "family"], {
    encoding: "utf8",
    timeout: 30_000,
  });
  return error === undefined ? stdout.trim() !== "" : process.platform !== "linux";
}

function install(packages: readonly string[]): void {
  const command = `apt-get update && apt-get install -y --no-install-recommends ${packages.join(" ")}`;
  if (!existsSync(APT))
    throw new SetupError(
      "no Chromium with Chinese letters was found. Install one (chromium or google-chrome, and a Chinese font), or name it in KADUN_CHROMIUM",
    );
  if (process.getuid?.() !== 0)
    throw new SetupError(`missing: ${packages.join(", ")}. Run:\n  sudo sh -c '${command}'`);
  console.log(`installing ${packages.join(", ")}`);
  run(["update", "-qq"]);
  run(["install", "-qq", "-y", "--no-install-recommends", ...packages]);
  const still = missingPackages();
  if (still.length > 0) throw new SetupError(`still missing after the installation: ${still.join(", ")}`);
}

function run(args: readonly string[]): void {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const { status, stdout, stderr } = spawnSync(APT, args, { encoding: "utf8", timeout: INSTALL_MS, env });
  if (status !== 0)
    throw new SetupError(`'apt-get ${args.join(" ")}' ended with ${status}: ${`${stdout}${stderr}`.trim()}`);
}

try {
  console.log(setUp());
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

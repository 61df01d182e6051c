/**
 * `npm run check`: what looks at the sources without running them, two at a time, the longest first. What each prints is
 * shown when it ends; the first mistake does not hide the others. Plain JavaScript: it checks what would be compiled.
 */

import { spawn } from "node:child_process";

const CHECKS = [
  "tsc --noEmit",
  "tsc --noEmit -p tsconfig.web.json",
  "biome check .",
  "depcruise --config .dependency-cruiser.cjs schemas services platform cli bench tools",
  "tsc --noEmit -p tsconfig.page.json",
  "npm run generate --silent -- --check",
];
/** The compiler uses somewhat more than one core. */
const AT_ONCE = 2;

const left = [...CHECKS];
await Promise.all(Array.from({ length: AT_ONCE }, work));

async function work() {
  for (let command = left.shift(); command !== undefined; command = left.shift()) {
    const { status, said } = await run(command);
    process.stdout.write(`${status === 0 ? "✔" : "✘"} ${command}\n${said}`);
    if (status !== 0) process.exitCode = 1;
  }
}

/** npm has put node_modules/.bin into the path. */
function run(command) {
  const child = spawn(command, { shell: true, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text) => {
      said += text;
    });
  return new Promise((resolve) => {
    child.once("error", (error) => resolve({ status: 1, said: `${error.message}\n` }));
    child.once("close", (status) => resolve({ status, said }));
  });
}

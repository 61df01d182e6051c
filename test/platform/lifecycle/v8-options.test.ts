import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "@jest/globals";
import { packageRoot } from "../../../cli/package-root.js";

it.each([
  ["heap-room.js", "takeHeapRoom"],
  ["inlining.js", "inlineMore"],
])("%s asks for what this release of Node knows", (file, name) => {
  const module = join(packageRoot, "dist", "platform", "lifecycle", file);
  // V8 says what it does not know on standard error, and goes on.
  const program = `import { ${name} } from ${JSON.stringify(module)}; ${name}(); console.log("done")`;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", program], {
    encoding: "utf8",
    env: { ...process.env, NODE_OPTIONS: "" },
  });
  expect({ stdout, stderr }).toEqual({ stdout: "done\n", stderr: "" });
});

import { spawnSync } from "node:child_process";
import { expect, it } from "@jest/globals";
import { takeHeapRoom } from "../../../platform/lifecycle/heap-room.js";

it("sets what this release of Node knows", () => {
  const { stdout } = spawnSync(process.execPath, ["--v8-options"], { encoding: "utf8" });
  expect(stdout).toContain(
    "--heap-growing-percent (specifies heap growing factor as (1 + heap_growing_percent/100))",
  );
  expect(takeHeapRoom).not.toThrow();
});

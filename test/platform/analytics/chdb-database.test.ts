import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { openChdbDatabase } from "../../../platform/analytics/chdb/chdb-database.js";

test("a second process is refused and told which process holds the directory of chdb", async () => {
  const script = `const { createChdbConnection } = require("chdb/connection");
    const held = createChdbConnection({ path: process.argv[1] }); process.stdout.write("open");
    process.stdin.resume().on("end", () => held.close());`;
  const directory = await mkdtemp(join(tmpdir(), "kadun-chdb-"));
  const other = spawn(process.execPath, ["-e", script, directory], {
    cwd: join(createRequire(import.meta.url).resolve("chdb/package.json"), "../../.."),
    stdio: ["pipe", "pipe", "ignore"],
  });
  try {
    await once(other.stdout, "data");
    await expect(openChdbDatabase({ directory })).rejects.toMatchObject({
      code: "LOCKED",
      message: expect.stringContaining(`process ${other.pid} has it open; stop that process first`),
    });
  } finally {
    other.stdin.end();
    await once(other, "exit");
  }
  await (await openChdbDatabase({ directory })).close();
  await rm(directory, { recursive: true });
});

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { openChdbDatabase } from "../../../platform/analytics/chdb/chdb-database.js";
import { NativeBlockWriter } from "../../../platform/analytics/native/native-block-writer.js";

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

test("blocks go into a directory whose name reads as a pattern, and leave no file behind", async () => {
  const parent = await mkdtemp(join(tmpdir(), "kadun-chdb-"));
  const directory = join(parent, "it's {a,b}* 盾");
  const database = await openChdbDatabase({ directory });
  try {
    await database.run("CREATE TABLE t (id UInt64) ENGINE = MergeTree ORDER BY id");
    const writer = new NativeBlockWriter({ id: "UInt64" });
    writer.column("id").set(0, 7);
    writer.endRow();
    await database.insert({ table: "t", rows: writer.finish(), token: "pattern" });
    expect(await database.query("SELECT id FROM t")).toEqual([{ id: "7" }]);
    expect((await readdir(directory)).filter((name) => name.endsWith(".native"))).toEqual([]);
  } finally {
    await database.close();
    await rm(parent, { recursive: true });
  }
});

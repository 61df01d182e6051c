import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { Kysely, sql } from "kysely";
import { newDatabaseFile } from "../../../cli/embedded/new-database-file.js";
import { packageRoot } from "../../../cli/package-root.js";
import type { OpenDatabase } from "../../../platform/database/database.js";
import { migrate } from "../../../platform/database/migrations.js";
import { takeOwnerFile } from "../../../platform/database/pglite/owner-file.js";
import { openPgliteDatabase } from "../../../platform/database/pglite/pglite-database.js";

const folder = mkdtempSync(join(tmpdir(), "kadun-database-"));
const path = join(folder, "postgres");
let open: OpenDatabase;
const failures: unknown[] = [];

beforeAll(async () => {
  // What a process left that was killed while it made the folder.
  mkdirSync(`${path}.new/base`, { recursive: true });
  writeFileSync(`${path}.new/PG_VERSION`, "half");
  // And a packed folder that is none.
  writeFileSync(join(folder, "cut.tar.gz"), readFileSync(newDatabaseFile).subarray(0, 100_000));
  const onUnpackFailure = (error: unknown) => failures.push(error);
  open = await openPgliteDatabase({ path, packed: join(folder, "cut.tar.gz"), onUnpackFailure });
});
afterAll(async () => {
  await open.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("a database in process", () => {
  it("is refused to a second opener while the first has it", async () => {
    await expect(openPgliteDatabase({ path })).rejects.toMatchObject({
      code: "LOCKED",
      message: expect.stringContaining(`process ${process.pid}`),
    });
  });

  it("left nothing of the half-made folder", () => {
    expect(existsSync(`${path}.new`)).toBe(false);
  });

  it("is made from nothing where the packed folder cannot be read", async () => {
    const migrated = await migrate(open.dialect, join(packageRoot, "schemas", "postgres"));
    expect(migrated[0]).toMatch(/^001/);
    expect(failures).toMatchObject([{ message: "unexpected end of file" }]);
  });

  it("has all its tables already where it is unpacked", async () => {
    const unpacked = await openPgliteDatabase({ path: join(folder, "unpacked"), packed: newDatabaseFile });
    try {
      expect(await migrate(unpacked.dialect, join(packageRoot, "schemas", "postgres"))).toEqual([]);
      const { rows } = await sql<{ count: number }>`select count(*)::int as count from cases`.execute(
        new Kysely<unknown>({ dialect: unpacked.dialect }),
      );
      expect(rows).toEqual([{ count: 0 }]);
    } finally {
      await unpacked.close();
    }
  });
});

describe("the owner file", () => {
  const file = join(folder, "some.owner");

  it("is taken over from a process that ended, also where its number is in use again", () => {
    const { pid } = spawnSync(process.execPath, ["-e", ""]);
    for (const ended of [`${pid} 1`, `${process.pid} 1`, "", "x"]) {
      writeFileSync(file, ended);
      const giveUp = takeOwnerFile(file);
      expect(readFileSync(file, "utf8")).toMatch(new RegExp(`^${process.pid} \\d+$`));
      giveUp();
      expect(existsSync(file)).toBe(false);
    }
  });

  it("is refused while its owner runs, and stays", () => {
    const giveUp = takeOwnerFile(file);
    expect(() => takeOwnerFile(file)).toThrow("is in use by process");
    expect(existsSync(file)).toBe(true);
    giveUp();
  });
});

import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it, test } from "@jest/globals";
import { packageRoot } from "../../../cli/package-root.js";
import { LARGE_PAGES_TUNABLES, largePages, withLargePages } from "../../../platform/lifecycle/large-pages.js";

const TABLE = join(packageRoot, "dist", "services", "detector", "person", "person-table.js");
const RECORD = join(packageRoot, "dist", "services", "detector", "person", "person-record.js");
const PAGE_KIB = 2048;

describe("what a process is started with", () => {
  it("is added to what else was said to the C library", () => {
    expect(withLargePages({ A: "b" })).toEqual({ A: "b", GLIBC_TUNABLES: LARGE_PAGES_TUNABLES });
    expect(withLargePages({ GLIBC_TUNABLES: "glibc.malloc.tcache_count=7" })).toEqual({
      GLIBC_TUNABLES: `glibc.malloc.tcache_count=7:${LARGE_PAGES_TUNABLES}`,
    });
  });

  it("stays where it says something about large pages", () => {
    const said = { GLIBC_TUNABLES: "glibc.malloc.hugetlb=0" };
    expect(withLargePages(said)).toBe(said);
    expect(largePages(said)).not.toBe("asked");
  });
});

/** KiB of a process with the records of 20,000 persons that lie in large pages. */
function largeKib(environment: NodeJS.ProcessEnv): number {
  const program = `
    import { readFileSync } from "node:fs";
    import { PersonTable } from ${JSON.stringify(TABLE)};
    import { PersonRecord } from ${JSON.stringify(RECORD)};
    const table = new PersonTable();
    const record = new PersonRecord(table);
    for (let person = 0; person < 20_000; person++) table.point(record, person, 0, 0, 0);
    console.log(/^AnonHugePages: *([0-9]+) kB/m.exec(readFileSync("/proc/self/smaps_rollup", "utf8"))[1]);`;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", program], {
    encoding: "utf8",
    env: environment,
  });
  expect(stderr).toBe("");
  return Number(stdout);
}

const { GLIBC_TUNABLES: _, ...plain } = process.env;

if (process.platform === "linux") {
  test("records lie in them where the system gives them to who asks", () => {
    const given = largePages(withLargePages(plain));
    const kib = largeKib(withLargePages(plain));
    // 20,000 records of 512 bytes are five of these pages, whose memory the system may not have in one piece.
    if (given === "none") expect(kib).toBe(0);
    else expect(kib).toBeGreaterThanOrEqual(PAGE_KIB);
  });
}

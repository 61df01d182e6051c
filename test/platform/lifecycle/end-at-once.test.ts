import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";

const dist = (path: string) =>
  JSON.stringify(new URL(`../../../dist/platform/${path}`, import.meta.url).href);
/** A process that hangs in its exit stays for ever. */
const HANGS_AFTER_MS = 60_000;

/** How a process ends that runs `body`: its status, or the signal. */
async function endOf(body: string): Promise<number | string> {
  const program = `import { endAtOnce, exitIsUnsafe } from ${dist("lifecycle/end-at-once.js")};\n${body}`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  let hasHung = false;
  const timer = setTimeout(() => {
    hasHung = true;
    child.kill("SIGKILL");
  }, HANGS_AFTER_MS);
  const [status, signal] = (await once(child, "exit")) as [number | null, string | null];
  clearTimeout(timer);
  return hasHung ? "it hung" : (status ?? signal ?? "");
}

test("ends with the status", async () => {
  expect(await endOf("endAtOnce(7);")).toBe(7);
});

test("while one library is open that an exit would wait for, by SIGKILL", async () => {
  const body = (closed: string) =>
    `const one = exitIsUnsafe(); const other = exitIsUnsafe(); ${closed} endAtOnce(7);`;
  expect(await endOf(body(""))).toBe("SIGKILL");
  expect(await endOf(body("one(); one();"))).toBe("SIGKILL");
  expect(await endOf(body("one(); other();"))).toBe(7);
});

test(
  "a process whose analytics engine has a statement under way ends too",
  async () => {
    const directory = mkdtempSync(join(tmpdir(), "kadun-end-"));
    try {
      const body = `
        import { openChdbDatabase } from ${dist("analytics/chdb/chdb-database.js")};
        const database = await openChdbDatabase({ directory: ${JSON.stringify(directory)} });
        database.query("SELECT sum(cityHash64(number)) FROM numbers(100000000000)").catch(() => {});
        setTimeout(() => endAtOnce(7), 200);`;
      expect(await endOf(body)).toBe("SIGKILL");
      const closed = `
        import { openChdbDatabase } from ${dist("analytics/chdb/chdb-database.js")};
        const database = await openChdbDatabase({ directory: ${JSON.stringify(directory)} });
        await database.close();
        endAtOnce(7);`;
      expect(await endOf(closed)).toBe(7);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  },
  3 * HANGS_AFTER_MS,
);

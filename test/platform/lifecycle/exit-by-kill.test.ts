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
  const program = `import { exitByKill } from ${dist("lifecycle/exit-by-kill.js")};\n${body}`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
    stdio: "ignore",
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

test.each([
  ["process.exit", "process.exit(7);", 7],
  ["an error that nobody caught", 'throw new Error("nobody");', 1],
  ["its own end", "process.exitCode = 7;", 7],
])("while one library is open that %s would wait for, a process ends by SIGKILL", async (_, end, status) => {
  const after = (closed: string) =>
    endOf(`const one = exitByKill(); const other = exitByKill(); ${closed} ${end}`);
  expect(await after("")).toBe("SIGKILL");
  expect(await after("one(); one();")).toBe("SIGKILL");
  expect(await after("one(); other();")).toBe(status);
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
        setTimeout(() => process.exit(7), 200);`;
      expect(await endOf(body)).toBe("SIGKILL");
      const closed = `
        import { openChdbDatabase } from ${dist("analytics/chdb/chdb-database.js")};
        const database = await openChdbDatabase({ directory: ${JSON.stringify(directory)} });
        await database.close();
        process.exit(7);`;
      expect(await endOf(closed)).toBe(7);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  },
  3 * HANGS_AFTER_MS,
);

/** Do the libraries that carry native code load and work here? Each in a process of its own: a crash is an answer. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { packageRoot } from "../package-root.js";
import { type Finding, fail, ok } from "./check.js";

interface Library {
  readonly name: string;
  /** Ends with status 0 where it works. */
  readonly program: string;
  readonly next: string;
}

const LIBRARIES: readonly Library[] = [
  {
    name: "lmdb (journal, state)",
    program: `import { open } from "lmdb"; import { mkdtempSync, rmSync } from "node:fs"; import { tmpdir } from "node:os";
      const path = mkdtempSync(tmpdir() + "/kadun-doctor-"); const db = open({ path });
      await db.put("a", 1); if (db.get("a") !== 1) process.exit(1); await db.close(); rmSync(path, { recursive: true });`,
    next: "install anew on this machine (npm ci): its binaries are per system",
  },
  {
    name: "chdb (rows for analysts)",
    program: `import { createClient } from "@clickhouse/client"; import { createChdbConnection } from "chdb/connection";
      import { mkdtempSync, rmSync } from "node:fs"; import { tmpdir } from "node:os";
      const path = mkdtempSync(tmpdir() + "/kadun-doctor-");
      const client = createClient({ connection: createChdbConnection({ path }) });
      const rows = await (await client.query({ query: "SELECT 41 + 1 AS answer", format: "JSONEachRow" })).json();
      await client.close(); rmSync(path, { recursive: true, force: true }); process.exit(rows[0].answer === 42 ? 0 : 1);`,
    next: "it needs Linux with glibc (not Alpine's musl) or macOS, and 541 MB for its library; npm ci on such a machine",
  },
  {
    name: "PGlite (alerts, cases)",
    program: `import { PGlite } from "@electric-sql/pglite"; const database = await PGlite.create();
      const { rows } = await database.query("SELECT 42 AS answer"); process.exit(rows[0].answer === 42 ? 0 : 1);`,
    next: "it needs some 300 MB of free memory; free some and try again",
  },
];
const DEADLINE_MS = 60_000;
const OUTPUT_SHOWN = 200;

export function checkLibraries(): Promise<Finding[]> {
  return Promise.all(LIBRARIES.map(check));
}

async function check({ name, program, next }: Library): Promise<Finding> {
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
    cwd: packageRoot,
    stdio: ["ignore", "ignore", "pipe"],
    timeout: DEADLINE_MS,
  });
  let said = "";
  child.stderr.on("data", (piece: Buffer) => {
    said += piece.toString("utf8");
  });
  const [status, signal] = (await once(child, "close")) as [number | null, string | null];
  if (status === 0) return ok(name, "loads and answers");
  const reason = said.split("\n").find((line) => line.includes("Error")) ?? "";
  return fail(name, `ended with ${signal ?? status} ${reason}`.trim().slice(0, OUTPUT_SHOWN), next);
}

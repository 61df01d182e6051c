/** Do the libraries that carry native code load and work here? Each in a process of its own: a crash is an answer. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packageRoot } from "../package-root.js";
import { type Finding, fail, messageOf, ok } from "./check.js";

export interface Library {
  readonly name: string;
  /** Ends with status 0 where it works; may use the folder in its first argument. */
  readonly program: string;
  readonly next: string;
}

const LIBRARIES: readonly Library[] = [
  {
    name: "lmdb (journal, state)",
    program: `import { open } from "lmdb"; const db = open({ path: process.argv[1] });
      await db.put("a", 1); if (db.get("a") !== 1) process.exit(1); await db.close();`,
    next: "install anew on this machine (npm ci): its binaries are per system",
  },
  {
    name: "chdb (rows for analysts)",
    program: `import { createClient } from "@clickhouse/client"; import { createChdbConnection } from "chdb/connection";
      const client = createClient({ connection: createChdbConnection({ path: process.argv[1] }) });
      const rows = await (await client.query({ query: "SELECT 41 + 1 AS answer", format: "JSONEachRow" })).json();
      await client.close(); process.exit(rows[0].answer === 42 ? 0 : 1);`,
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
const OUTPUT_KEPT = 10_000;

export function checkLibraries(libraries: readonly Library[] = LIBRARIES): Promise<Finding[]> {
  return Promise.all(libraries.map(check));
}

async function check({ name, program, next }: Library): Promise<Finding> {
  const folder = mkdtempSync(join(tmpdir(), "kadun-doctor-"));
  try {
    const failure = await failureOf(program, folder);
    return failure === null ? ok(name, "loads and answers") : fail(name, failure, next);
  } catch (error) {
    return fail(name, `no process could be started (${messageOf(error)})`, "free memory, and try again");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function failureOf(program: string, folder: string): Promise<string | null> {
  const child = spawn(process.execPath, ["--input-type=module", "-e", program, folder], {
    cwd: packageRoot,
    stdio: ["ignore", "ignore", "pipe"],
    timeout: DEADLINE_MS,
    killSignal: "SIGKILL",
  });
  let said = "";
  child.stderr.on("data", (piece: Buffer) => {
    said = (said + piece.toString("utf8")).slice(-OUTPUT_KEPT);
  });
  const [status, signal] = (await once(child, "close")) as [number | null, string | null];
  if (status === 0) return null;
  const reason = said.split("\n").find((line) => /^\w*Error\b/.test(line)) ?? "";
  return `ended with ${signal ?? status} ${reason}`.trim().slice(0, OUTPUT_SHOWN);
}

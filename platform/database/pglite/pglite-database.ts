/**
 * PostgreSQL in process (PGlite), in one folder.
 *
 * Owns: making the folder, its owner file, the instance, its routine vacuum (routine-vacuum.ts), closing.
 * Does not own: tables (migrations.ts), the order of statements (pglite-dialect.ts), the packed folder (packed-folder.ts).
 *
 * 1. A new folder is made beside its place and renamed when complete: a process killed in the first start leaves
 *    nothing that a later start would take for a database.
 * 2. One process per folder, refused by the owner file.
 * 3. Committed transactions survive a kill of the process. PGlite runs with fsync=off: a power cut can lose the last
 *    ones. What is in here can be made again from the log; what went out by SMS is in the outbox's own file.
 */

import { existsSync } from "node:fs";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { setFlagsFromString } from "node:v8";
import { PGlite } from "@electric-sql/pglite";
import { Kysely } from "kysely";
import { DatabaseError, type OpenDatabase } from "../database.js";
import { AloneTurns } from "./alone-turns.js";
import { takeOwnerFile } from "./owner-file.js";
import { unpackFailure } from "./packed-folder.js";
import { PGLITE_PARSERS, PgliteDialect } from "./pglite-dialect.js";
import { keepVacuumed } from "./routine-vacuum.js";

/**
 * V8 compiles a function of the database once more, for speed, when it has gone through so many bytes. With its default of
 * 1.8 MB that happens to all that a start goes through once, on other threads. What goes on working gets there all the same.
 */
const TIERING_BUDGET_BYTES = 100_000_000;

export interface PgliteOptions {
  /** Folder of the database; made where it is missing. Beside it: `<path>.owner`, and `<path>.new` while it is made. */
  readonly path: string;
  /** File with a folder that was packed (packed-folder.ts): a new one is unpacked from it, which is quicker than to make one. */
  readonly packed?: string;
  /** It was of no use; the folder was made from nothing, which takes longer. */
  readonly onUnpackFailure?: (error: unknown) => void;
}

/** @throws DatabaseError LOCKED, OPEN_FAILED. */
export async function openPgliteDatabase(options: PgliteOptions): Promise<OpenDatabase> {
  const { path } = options;
  await mkdir(dirname(path), { recursive: true });
  const giveUp = takeOwnerFile(`${path}.owner`);
  setFlagsFromString(`--wasm-tiering-budget=${TIERING_BUDGET_BYTES}`);
  try {
    if (!existsSync(path)) await makeFolder(options);
    return opened(await PGlite.create({ dataDir: path, parsers: PGLITE_PARSERS }), giveUp);
  } catch (error) {
    giveUp();
    throw openError(path, error);
  }
}

async function makeFolder({ path, packed, onUnpackFailure }: PgliteOptions): Promise<void> {
  const draft = `${path}.new`;
  await rm(draft, { recursive: true, force: true });
  const failure = packed === undefined ? null : await unpackFailure(packed, draft);
  if (failure !== null) onUnpackFailure?.(failure);
  if (packed === undefined || failure !== null) {
    await rm(draft, { recursive: true, force: true });
    await (await PGlite.create({ dataDir: draft })).close();
  }
  await rename(draft, path);
  const parent = await open(dirname(path), "r");
  await parent.sync();
  await parent.close();
}

function opened(pglite: PGlite, giveUp: () => void): OpenDatabase {
  const dialect = new PgliteDialect(pglite);
  const alone = new AloneTurns();
  let closing: Promise<void> | null = null;
  const stopVacuum = keepVacuumed(new Kysely<unknown>({ dialect }));
  const close = async () => {
    stopVacuum();
    await alone.close();
    await dialect.shut();
    try {
      await pglite.close();
    } finally {
      giveUp();
    }
  };
  return {
    dialect,
    alone: (name, signal, run) => alone.run(name, signal, run),
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}

function openError(path: string, cause: unknown): DatabaseError {
  if (cause instanceof DatabaseError) return cause;
  const said = cause instanceof Error ? cause.message : String(cause);
  return new DatabaseError(
    "OPEN_FAILED",
    `${path}: the database does not open (${said}); move the folder away: it is made again from the log`,
    { cause },
  );
}

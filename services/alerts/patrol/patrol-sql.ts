/** The SQL files, which lie beside the program's sources and are packed with it. */

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Patrol } from "./patrol.js";
import { PATROLS } from "./registry.js";

export interface PatrolQuery {
  readonly patrol: Patrol;
  readonly sql: string;
  readonly sha256: string;
  /** Names between braces. */
  readonly placeholders: readonly string[];
}

/** @throws Error of the file system. */
export function readPatrolQueries(folder: string): readonly PatrolQuery[] {
  return PATROLS.map((patrol) => {
    // Line ends are the checkout's, not the query's.
    const sql = readFileSync(join(folder, patrol.file), "utf8").replaceAll("\r\n", "\n");
    const names = [...sql.matchAll(/\{(\w+):[^}]+\}/g)].map(([, name]) => name!);
    return {
      patrol,
      sql,
      sha256: createHash("sha256").update(sql).digest("hex"),
      placeholders: [...new Set(names)],
    };
  });
}

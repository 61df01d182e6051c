/** `kadun evidence export`: the package of a case, made by the office and written here. */

import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import type { PackageProgress } from "../../schemas/http/evidence.js";
import { consoleAccess, type LocalGiven, type PersonGiven } from "../embedded/console-client.js";
import { OperatingError } from "../exit-status.js";
import { EvidenceClient } from "./evidence-client.js";

export interface ExportGiven extends PersonGiven, LocalGiven {
  readonly case: string;
  readonly unmasked?: string | undefined;
  readonly since?: string | undefined;
  readonly out?: string | undefined;
}

export interface Exported {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly contentSha256: string;
  readonly records: number;
}

/** @throws OperatingError, UsageError. */
export async function exportPackage(given: ExportGiven): Promise<Exported> {
  const client = new EvidenceClient(consoleAccess(given));
  const { case: caseId, unmasked, since } = given;
  const made = await client.make(
    { caseId, ...(unmasked === undefined ? {} : { unmasked }), ...(since === undefined ? {} : { since }) },
    process.stderr.isTTY === true ? drawProgress : () => {},
  );
  if (process.stderr.isTTY === true) process.stderr.write("\r\u001b[K");
  const path = pathFor(given.out, made.name);
  await client.take(made.sha256, path).catch((error: unknown) => {
    if (error instanceof OperatingError) throw error;
    throw new OperatingError(
      `${path}: cannot be written (${(error as NodeJS.ErrnoException).code ?? (error as Error).message}); name another with --out`,
    );
  });
  const { bytes, sha256, contentSha256, records } = made;
  return { path, bytes, sha256, contentSha256, records };
}

/** A folder gets the package under its own name. */
function pathFor(out: string | undefined, name: string): string {
  if (out === undefined) return name;
  return existsSync(out) && statSync(out).isDirectory() ? join(out, name) : out;
}

function drawProgress({ progress, done, total }: PackageProgress): void {
  const share = total === null || total === 0 ? `${done}` : `${Math.floor((100 * done) / total)} %`;
  process.stderr.write(`\r\u001b[K${progress} ${share}`);
}

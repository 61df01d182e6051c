/** The logs of a Kadun that were trimmed by an archive, from their first record on. */

import type { EventLog } from "../../platform/event-log/event-log.js";
import { Archive } from "../../services/archive/archive.js";
import { ArchiveError } from "../../services/archive/archive-error.js";
import { JoinedLog } from "../../services/archive/joined-log.js";
import { verifyArchive } from "../../services/archive/verify-archive.js";
import { OperatingError } from "../exit-status.js";
import { CONTENT_CHECKS } from "./content-checks.js";
import { outcomeSource } from "./judged-again.js";

/** Where no option names an archive. */
export const ARCHIVE_VARIABLE = "KADUN_ARCHIVE";

/** null where none is named: an empty name is none. */
export function archiveNamed(option: string | undefined): string | null {
  const folder = option ?? process.env[ARCHIVE_VARIABLE] ?? "";
  return folder === "" ? null : folder;
}

export interface JoinedHistory {
  readonly archive: Archive;
  readonly log: JoinedLog;
}

/** Nothing is read yet but the manifest. @throws OperatingError. */
export async function joinedHistory(log: EventLog, folder: string): Promise<JoinedHistory> {
  const archive = await told(() => Archive.open(folder));
  return { archive, log: new JoinedLog({ log, archive, outcomes: outcomeSource(archive) }) };
}

/** Reads every byte of the archive, then looks where archive and logs meet. @throws OperatingError for the first thing that is wrong. */
export function verifyHistory({ archive, log }: JoinedHistory, topics: readonly string[]): Promise<void> {
  return told(async () => {
    await verifyArchive(archive, CONTENT_CHECKS);
    await log.check(topics);
  });
}

/** What is wrong with an archive is nobody's fault in the program. */
export async function told<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ArchiveError) throw new OperatingError(error.message);
    throw error;
  }
}

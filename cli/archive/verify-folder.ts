/** `kadun archive verify DIR`. */

import { Archive } from "../../services/archive/archive.js";
import { ArchiveError } from "../../services/archive/archive-error.js";
import { type VerifiedArchive, verifyArchive } from "../../services/archive/verify-archive.js";
import type { ArchiveOptions } from "../archive.js";
import { ExitStatus, OperatingError } from "../exit-status.js";
import { CONTENT_CHECKS } from "./content-checks.js";

export async function verifyFolder(
  { folder, json }: ArchiveOptions,
  expectedHead: string | null,
): Promise<ExitStatus> {
  try {
    const archive = await Archive.open(folder);
    if (expectedHead !== null && !archive.manifest.hasHead(expectedHead))
      throw new OperatingError(
        `${folder}: no line of the manifest has the SHA-256 ${expectedHead}: lines were taken off its end, or it is another archive; restore it from a copy`,
      );
    const verified = await verifyArchive(archive, CONTENT_CHECKS);
    console.log(json ? JSON.stringify({ isSound: true, ...verified }) : verifiedText(verified));
    return ExitStatus.DONE;
  } catch (error) {
    if (!json || !(error instanceof ArchiveError)) throw error;
    console.log(JSON.stringify({ isSound: false, code: error.code, problem: error.message }));
    return ExitStatus.FAILED;
  }
}

function verifiedText(verified: VerifiedArchive): string {
  const { partitions, segments, journalRecords, outcomes, checkpoints, persons, bundles, bytes, head } =
    verified;
  return [
    `sound: ${partitions} partitions, ${segments} segments, ${journalRecords} journal records, ${outcomes} outcomes,`,
    `${checkpoints} checkpoints of ${persons} persons, ${bundles} bundles, ${bytes} bytes; head ${head}`,
  ].join(" ");
}

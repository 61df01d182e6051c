/** The judge as a verifier asks it: bundles of a package, its journal judged again, releases compared. */

import type { JournalLine, OutcomeLine } from "../../schemas/evidence/lines.js";
import { bundleFile, PackageFile, releaseFile } from "../../schemas/evidence/package.js";
import { type CanonicalActivation, canonicalActivation } from "../../schemas/journal.js";
import { mergedLines } from "../../services/evidence/package/merged-lines.js";
import { EvidenceError } from "../../services/evidence/verify/check.js";
import type { JudgeOfPackages } from "../../services/evidence/verify/content-checks.js";
import type { PackageReader } from "../../services/evidence/verify/package-reader.js";
import {
  bundleHashesIn,
  contextLines,
  journalLines,
  jsonPart,
  type Placed,
  readCase,
  readCheckpoint,
} from "../../services/evidence/verify/read-parts.js";
import { bundleOfContent, type LoadedBundle } from "../bundle-files.js";
import { judgeAgain } from "./judge-again.js";
import { releaseOfThisProgram } from "./release.js";

export const packageJudge: JudgeOfPackages = {
  checkBundles: async (reader) => {
    for (const hash of bundleHashesIn(reader)) await bundleOf(reader, hash);
    await checkActivated(reader);
  },
  judge: (reader) => judged(reader),
  describeRelease: async (reader) => {
    const made = await jsonPart(reader, PackageFile.RELEASE, releaseFile);
    const own = releaseOfThisProgram();
    return made.releaseSha256 === own.releaseSha256
      ? `judged by the same release, ${own.releaseSha256}`
      : `judged by release ${own.releaseSha256}, made by another one, ${made.releaseSha256}`;
  },
};

/** Every bundle that an activation names is there. */
async function checkActivated(reader: PackageReader): Promise<void> {
  const hashes = new Set(bundleHashesIn(reader));
  for await (const { line, place } of contextLines(reader)) {
    const activation = activationIn(line.json);
    for (const hash of [activation?.bundleHash, activation?.shadowBundleHash])
      if (hash !== undefined && !hashes.has(hash))
        throw new EvidenceError(bundleFile(hash), `is missing; ${place} activates it`);
  }
}

/** null where it is another record, or none: that is said by others. */
function activationIn(json: string): CanonicalActivation | null {
  try {
    return canonicalActivation.safeParse(JSON.parse(json)).data ?? null;
  } catch {
    return null;
  }
}

async function* judged(reader: PackageReader): AsyncGenerator<OutcomeLine> {
  const { personKey, partition } = await readCase(reader);
  const checkpoint = await readCheckpoint(reader);
  const bundles = {
    load: async (hash: string) =>
      reader.names.includes(bundleFile(hash)) ? (await bundleOf(reader, hash)).bundle : null,
  };
  const lines = mergedLines(linesOf(journalLines(reader)), linesOf(contextLines(reader)));
  try {
    yield* judgeAgain({ personKey, partition, checkpoint, lines, bundles });
  } catch (error) {
    if (error instanceof EvidenceError || !(error instanceof Error)) throw error;
    // Whatever the judge stops at, it stops at the package's records.
    throw new EvidenceError(PackageFile.JOURNAL, `cannot be judged: ${error.message}`);
  }
}

async function* linesOf(placed: AsyncIterable<Placed<JournalLine>>): AsyncGenerator<JournalLine> {
  for await (const { line } of placed) yield line;
}

async function bundleOf(reader: PackageReader, hash: string): Promise<LoadedBundle> {
  const name = bundleFile(hash);
  try {
    const loaded = bundleOfContent(Buffer.from(await reader.bytes(name)).toString("utf8"), name);
    if (loaded.bundle.hash === hash) return loaded;
    throw new EvidenceError(name, `its content has the hash ${loaded.bundle.hash}`);
  } catch (error) {
    if (error instanceof EvidenceError) throw error;
    throw new EvidenceError(name, (error as Error).message);
  }
}

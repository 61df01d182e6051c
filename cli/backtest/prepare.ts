/** From what was asked for to a plan: inputs looked at, bundles put into the work folder. */

import { createHash } from "node:crypto";
import { realpathSync, statSync } from "node:fs";
import { resolve } from "node:path";
import type { EventLog, LoggedRecord } from "../../platform/event-log/event-log.js";
import { Topic } from "../../schemas/topics.js";
import type { Archive } from "../../services/archive/archive.js";
import { ENGINE_VERSION } from "../../services/detector/outcome.js";
import { ARCHIVE_VARIABLE } from "../archive/joined-history.js";
import type { LoadedBundle } from "../bundle-files.js";
import { OperatingError } from "../exit-status.js";
import { packageVersion } from "../package-root.js";
import { readKey } from "../replay.js";
import { checkpointsBefore } from "./checkpoint-start.js";
import { rangesOf } from "./file-ranges.js";
import type { FilesHistory, JournalHistory, JournalSource, Plan } from "./plan.js";

export interface Asked {
  readonly purpose: { readonly kind: "draft"; readonly draft: LoadedBundle } | { readonly kind: "gaps" };
  /** null: as the journal activated. */
  readonly baseline: LoadedBundle | null;
  readonly fromMs: number | null;
  readonly toMs: number | null;
  readonly isLastDay: boolean;
  readonly workers: number;
}

/** What was trimmed of a journal, and from where it is judged. */
export interface AskedArchive {
  /** Its folder. */
  readonly folder: string;
  readonly archive: Archive;
  /** Begin at checkpoints before `fromMs`. */
  readonly isFromCheckpoint: boolean;
}

export interface AskedFiles {
  readonly files: readonly string[];
  readonly keyFile: string | null;
  /** Marks what is bought. */
  readonly drugsOf: LoadedBundle;
  readonly rangeBytes?: number;
}

/** More parts are begun anew sooner after a kill, and cost nothing: each reads only its own. */
const SLICES_PER_WORKER = 4;

/** What is fixed of a journal: where its partitions end now. @throws OperatingError where its beginning is missing. */
export async function journalPlan(
  asked: Asked,
  source: JournalSource,
  log: EventLog,
  archived: AskedArchive | null = null,
): Promise<Plan> {
  const stretches = await Promise.all(
    Array.from({ length: source.partitions }, (_, partition) => log.bounds(Topic.JOURNAL, partition)),
  );
  for (const [partition, { start }] of stretches.entries())
    if (start > 0)
      throw new OperatingError(
        `${Topic.JOURNAL}/${partition}: begins at offset ${start}; what lies before was archived, and persons cannot be judged without it; name the archive by --archive DIR or ${ARCHIVE_VARIABLE}`,
      );
  const history: JournalHistory = {
    from: "journal",
    journal: source,
    stretches,
    // Each part reads the whole partition: no more than there are workers for.
    parts: Math.max(1, Math.ceil(asked.workers / source.partitions)),
    archive: archived === null ? null : resolve(archived.folder),
    checkpoints:
      archived?.isFromCheckpoint === true && asked.fromMs !== null
        ? await checkpointsBefore(archived.archive, asked.fromMs)
        : [],
  };
  const where = source.profile === "embedded" ? `journal of ${resolve(source.data)}` : "journal in Kafka";
  const plan = planOf(asked, history, where, await journalInputs(log, history));
  const begin = archived?.isFromCheckpoint === true ? "at checkpoints" : "at the beginning";
  return { ...plan, asked: { ...plan.asked, archive: history.archive ?? "none", begin } };
}

/** First and last record of each stretch: another journal has others. */
export async function journalInputs(
  log: EventLog,
  { stretches }: Pick<JournalHistory, "stretches">,
): Promise<Record<string, string>> {
  const inputs: Record<string, string> = {};
  for (const [partition, { start, end }] of stretches.entries()) {
    const ends =
      start === end ? [] : [await recordAt(log, partition, start), await recordAt(log, partition, end - 1)];
    inputs[`${Topic.JOURNAL}/${partition}`] = `${start} to ${end}, ${ends.map(hashOf).join(" ")}`;
  }
  return inputs;
}

async function recordAt(log: EventLog, partition: number, offset: number): Promise<LoggedRecord | undefined> {
  const reader = await log.reader(Topic.JOURNAL, partition, offset);
  try {
    const [record] = await reader.read({ recordsMax: 1, bytesMax: 1 << 20, waitMs: 5_000 });
    return record;
  } finally {
    await reader.close();
  }
}

function hashOf(record: LoggedRecord | undefined): string {
  return record === undefined
    ? "nothing"
    : createHash("sha256").update(record.value).digest("hex").slice(0, 16);
}

/** @throws OperatingError where a file cannot be read. */
export function filesPlan(asked: Asked, { files, keyFile, drugsOf, rangeBytes }: AskedFiles): Plan {
  const paths = files.map((file) => resolve(file));
  const ranges = rangesOf(paths, rangeBytes);
  const history: FilesHistory = {
    from: "files",
    ranges,
    slices: asked.workers * SLICES_PER_WORKER,
    keyFile: keyFile === null ? null : resolve(keyFile),
    drugsOf: drugsOf.bundle.hash,
  };
  return planOf(asked, history, files.join(", "), fileInputs(paths, keyFile));
}

export function fileInputs(files: readonly string[], keyFile: string | null): Record<string, string> {
  const inputs: Record<string, string> = {};
  for (const file of files) {
    const { size, mtimeMs } = statSync(file);
    inputs[realpathSync(file)] = `${size} bytes of ${new Date(mtimeMs).toISOString()}`;
  }
  if (keyFile !== null)
    inputs["linkage key"] = createHash("sha256").update(readKey(keyFile)).digest("hex").slice(0, 16);
  return inputs;
}

function planOf(
  asked: Asked,
  history: JournalHistory | FilesHistory,
  source: string,
  inputs: Record<string, string>,
): Plan {
  const { purpose, baseline, fromMs, toMs, isLastDay } = asked;
  return {
    format: 1,
    asked: {
      question: purpose.kind === "draft" ? "backtest" : "gaps",
      draft: purpose.kind === "draft" ? purpose.draft.bundle.hash : "none",
      baseline: baseline?.bundle.hash ?? "the journal's",
      source,
      from: fromMs === null ? "the beginning" : new Date(fromMs).toISOString(),
      to: toMs === null ? "the end" : new Date(toMs).toISOString(),
      window: isLastDay ? "last day" : "from, to",
      program: `kadun ${packageVersion()}, engine ${ENGINE_VERSION}`,
    },
    inputs,
    purpose: purpose.kind === "draft" ? { kind: "draft", draft: purpose.draft.bundle.hash } : purpose,
    baseline: baseline?.bundle.hash ?? null,
    history,
    fromMs,
    toMs,
    isLastDay,
  };
}

/** The journal as a second process reads it, and the bundles stored beside it. */

import type { EventLog } from "../../platform/event-log/event-log.js";
import { inspectDataDirectory } from "../../platform/lifecycle/data-directory.js";
import { Topic } from "../../schemas/topics.js";
import { joinedHistory } from "../archive/joined-history.js";
import type { LoadedBundle } from "../bundle-files.js";
import { BundleFolder } from "../bundle-folder.js";
import { openLogReadOnly } from "../compose/embedded.js";
import { dataDirectoryOf } from "../embedded/data-option.js";
import { FORMAT_VERSION, PRODUCT } from "../embedded/open-data.js";
import { pathsOf } from "../embedded/paths.js";
import { OperatingError } from "../exit-status.js";
import type { Closers } from "../process/closers.js";
import type { JournalHistory, JournalSource } from "./plan.js";

const BROKERS = "KADUN_KAFKA_BROKERS";

/** Of a process: opened once, `closers` get it. */
export function journalOpener(closers: Closers): (source: JournalSource) => Promise<EventLog> {
  let opened: Promise<EventLog> | null = null;
  return (source) => {
    opened ??= openJournal(source, closers);
    return opened;
  };
}

/** Of a process: the journal with what was trimmed of it. */
export function historyOpener(
  closers: Closers,
): (history: Pick<JournalHistory, "journal" | "archive">) => Promise<EventLog> {
  const openLog = journalOpener(closers);
  let joined: Promise<EventLog> | null = null;
  return async ({ journal, archive }) => {
    if (archive === null) return openLog(journal);
    joined ??= openLog(journal).then(async (log) => (await joinedHistory(log, archive)).log);
    return joined;
  };
}

async function openJournal(source: JournalSource, closers: Closers): Promise<EventLog> {
  if (source.profile === "embedded")
    return closers.add(await openLogReadOnly(pathsOf(source.data), source.partitions));
  return (await distributed()).openDistributedLog(closers);
}

/** Read where it is needed: Kafka's and PostgreSQL's libraries take longer to load than a small journal to judge. */
const distributed = () => import("./distributed-journal.js");

/** An embedded Kadun's, unless brokers are named and no data directory is. @throws OperatingError, UsageError. */
export async function journalSourceOf(data: string | undefined, closers: Closers): Promise<JournalSource> {
  const isDistributed = (data ?? "") === "" && (process.env[BROKERS] ?? "") !== "";
  if (!isDistributed) return embeddedSource(dataDirectoryOf(data));
  const log = await (await distributed()).openDistributedLog(closers);
  return { profile: "distributed", partitions: await log.partitionCount(Topic.JOURNAL) };
}

function embeddedSource(data: string): JournalSource {
  const format = inspectDataDirectory(data, { product: PRODUCT, formatVersion: FORMAT_VERSION });
  if (format === null)
    throw new OperatingError(
      `${data}: no data directory of Kadun; name it by --data, or set ${BROKERS} and what goes with it for a distributed one`,
    );
  return { profile: "embedded", data, partitions: format.partitions };
}

/** Looks up a bundle that the journal activated; opens the shelf when it is first asked. */
export function bundleFinder(
  source: JournalSource,
  closers: Closers,
): (hash: string) => Promise<LoadedBundle> {
  let shelf: ReturnType<typeof openShelf> | null = null;
  return async (hash) => {
    shelf ??= openShelf(source, closers);
    const bundle = await (await shelf).whole(hash);
    if (bundle !== null) return bundle;
    throw new OperatingError(
      `the journal activates bundle ${hash}, which is not stored beside it; restore it from the backup, or name the baseline by --against`,
    );
  };
}

async function openShelf(
  source: JournalSource,
  closers: Closers,
): Promise<{ whole(hash: string): LoadedBundle | null | Promise<LoadedBundle | null> }> {
  if (source.profile === "embedded") return new BundleFolder(pathsOf(source.data).bundles);
  return (await distributed()).openBundleRegister(closers);
}

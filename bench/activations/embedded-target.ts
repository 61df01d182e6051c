/** An embedded Kadun: swipe process and office. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { openLogReadOnly } from "../../cli/compose/embedded.js";
import { pathsOf } from "../../cli/embedded/paths.js";
import type { EventLog } from "../../platform/event-log/event-log.js";
import { openLmdbStateStore } from "../../platform/state-store/lmdb/lmdb-state-store.js";
import { decodePosition, Topic } from "../../schemas/topics.js";
import { KadunProcess } from "../load/kadun-process.js";
import { parentOf } from "../pipeline/process-usage.js";
import type { Target } from "./target.js";

const PARTITIONS = 4;
const LOOK_EVERY_MS = 200;
const ONE_RECORD = { recordsMax: 1, bytesMax: 16_000_000, waitMs: 0 };

/** `stopped` (SIGSTOP) while the load runs: it takes the better part of a processor, which a small machine has not. */
export const OFFICES = ["running", "stopped"] as const;
export type OfficeMeanwhile = (typeof OFFICES)[number];

export async function startEmbedded(office: OfficeMeanwhile): Promise<Target> {
  const folder = mkdtempSync(join(tmpdir(), "kadun-activations-"));
  const dataDirectory = join(folder, "data");
  const kadun = await KadunProcess.start({
    dataDirectory,
    logPath: join(folder, "kadun.log"),
    args: ["--partitions", String(PARTITIONS), "--cold-start"],
  });
  const paths = pathsOf(dataDirectory);
  const { pid: officePid } = await kadun.officeUp();
  const signalOffice = (signal: "SIGSTOP" | "SIGCONT") => {
    if (parentOf(officePid) === kadun.pid) process.kill(officePid, signal);
  };
  if (office === "stopped") signalOffice("SIGSTOP");
  return {
    partitions: PARTITIONS,
    url: kadun.url,
    apiKey: kadun.apiKey,
    processes: { swipe: kadun },
    judged: async () => {
      const log = await openLogReadOnly(paths, PARTITIONS);
      try {
        for (let partition = 0; partition < PARTITIONS; partition++)
          while (!(await isJudged(log, partition))) await pause(LOOK_EVERY_MS);
      } finally {
        await log.close();
      }
    },
    end: async () => {
      signalOffice("SIGCONT");
      await kadun.stop();
    },
    left: async () => {
      const log = await openLogReadOnly(paths, PARTITIONS);
      const store = await openLmdbStateStore({ path: paths.state, partitions: PARTITIONS });
      return {
        log,
        store,
        close: async () => {
          await store.close();
          await log.close();
        },
      };
    },
    close: async () => {
      if (kadun.isRunning) signalOffice("SIGCONT");
      await kadun.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Has the journal's last record, a swipe or an activation, its outcome? */
async function isJudged(log: EventLog, partition: number): Promise<boolean> {
  const journal = await log.bounds(Topic.JOURNAL, partition);
  const { end } = await log.bounds(Topic.DECISIONS, partition);
  if (end === 0) return false;
  const reader = await log.reader(Topic.DECISIONS, partition, end - 1);
  try {
    const last = (await reader.read(ONE_RECORD)).at(-1);
    return last !== undefined && decodePosition(last.header).journalOffset >= journal.end - 1;
  } finally {
    await reader.close();
  }
}

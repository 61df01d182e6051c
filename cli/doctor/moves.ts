/** Persons who move to another number (docs/decisions/0009), looked at without changing anything: also while Kadun runs. */

import { existsSync } from "node:fs";
import type { EventLog } from "../../platform/event-log/event-log.js";
import type { KeyValue } from "../../platform/key-value/key-value.js";
import { openLmdbKeyValue } from "../../platform/key-value/lmdb/lmdb-key-value.js";
import { inspectDataDirectory } from "../../platform/lifecycle/data-directory.js";
import { isBodyOfType } from "../../schemas/log-body.js";
import { decodePosition, isAbove, Topic } from "../../schemas/topics.js";
import { carriedProgress } from "../../services/ingest/carrier-sink.js";
import { movedKeys } from "../../services/ingest/moved-persons.js";
import { openLogReadOnly } from "../compose/embedded.js";
import { FORMAT_VERSION, PRODUCT } from "../embedded/open-data.js";
import type { DataPaths } from "../embedded/paths.js";
import { Closers } from "../process/closers.js";
import { type Finding, messageOf, ok, warn } from "./check.js";
import { runningPid } from "./data.js";

const NAME = "persons who moved";
/** The carrier stores how far it is every few seconds; where so much is unread it stands still, however much it is. */
const OUTCOMES_READ_MAX = 200_000;
const READ = { recordsMax: 1_000, bytesMax: 4 << 20, waitMs: 1_000 } as const;

export interface MovesSeen {
  /** Former keys in the table. */
  readonly moved: number;
  /** Of these, whose records go to a key that has moved itself: that state is on its way. */
  readonly unresolved: number;
  /** States and records that no carrier has brought on, as far as is stored. */
  readonly waiting: number;
}

/** Nothing where there is no data yet; what is wrong with the directory itself is said elsewhere. */
export async function checkMoves(paths: DataPaths): Promise<Finding[]> {
  if (!existsSync(paths.moved) || !existsSync(paths.log)) return [];
  const closers = new Closers();
  try {
    const format = inspectDataDirectory(paths.data, { product: PRODUCT, formatVersion: FORMAT_VERSION });
    if (format === null) return [];
    const store = closers.add(await openLmdbKeyValue({ path: paths.moved, readOnly: true }));
    const log = closers.add(await openLogReadOnly(paths, format.partitions));
    return [findingOf(await movesSeen(log, store, format.partitions), runningPid(paths) !== null)];
  } catch (error) {
    return [warn(NAME, messageOf(error), "'kadun start' will say more")];
  } finally {
    await closers.close();
  }
}

export function findingOf({ moved, unresolved, waiting }: MovesSeen, isRunning: boolean): Finding {
  const detail = `${moved} former numbers, ${unresolved} of them led to a number that moved on; ${waiting} states and records wait for the carrier`;
  if (unresolved === 0 && waiting === 0) return ok(NAME, detail);
  const next = isRunning
    ? "look again in a moment; where it stays so, look for ingest.carrier-retries in the log"
    : "'kadun start' carries them on";
  return warn(NAME, detail, next);
}

/** @throws as log and store. */
export async function movesSeen(
  log: EventLog,
  store: Pick<KeyValue, "get" | "entries">,
  partitions: number,
): Promise<MovesSeen> {
  const { keys } = await movedKeys(store);
  let waiting = 0;
  for (let partition = 0; partition < partitions; partition++)
    waiting += await waitingIn(log, store, partition);
  const unresolved = [...keys.values()].filter((toKey) => keys.has(toKey)).length;
  return { moved: keys.size, unresolved, waiting };
}

async function waitingIn(log: EventLog, store: Pick<KeyValue, "get">, partition: number): Promise<number> {
  const { start, end } = await log.bounds(Topic.DECISIONS, partition);
  const stored = await carriedProgress(store, partition);
  const from = Math.min(end, Math.max(start, stored?.nextOffset ?? 0));
  const to = Math.min(end, from + OUTCOMES_READ_MAX);
  if (from >= to) return 0;
  const reader = await log.reader(Topic.DECISIONS, partition, from);
  let waiting = 0;
  try {
    while (reader.position < to) {
      const records = await reader.read(READ);
      if (records.length === 0) break;
      for (const { header, value } of records)
        if (isMoving(value) && isAbove(decodePosition(header), stored?.highWater ?? null)) waiting++;
    }
    return waiting;
  } finally {
    await reader.close();
  }
}

function isMoving(body: Uint8Array): boolean {
  return isBodyOfType(body, "person-moved") || isBodyOfType(body, "forwarded");
}

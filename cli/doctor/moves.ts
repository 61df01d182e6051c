/** Persons who move to another number (docs/decisions/0009), looked at without changing anything: also while Kadun runs. */

import { existsSync } from "node:fs";
import type { EventLog, LoggedRecord } from "../../platform/event-log/event-log.js";
import type { KeyValue } from "../../platform/key-value/key-value.js";
import { openLmdbKeyValue } from "../../platform/key-value/lmdb/lmdb-key-value.js";
import { inspectDataDirectory } from "../../platform/lifecycle/data-directory.js";
import { isBodyOfType } from "../../schemas/log-body.js";
import { decodePosition, isAbove, type OutcomePosition, Topic } from "../../schemas/topics.js";
import { CARRIED_TYPES, carriedProgress } from "../../services/ingest/carrier-sink.js";
import { MOVES_FOLLOWED_MAX } from "../../services/ingest/moved-keys.js";
import { movedKeys } from "../../services/ingest/moved-persons.js";
import { openLogReadOnly } from "../compose/embedded.js";
import { FORMAT_VERSION, PRODUCT } from "../embedded/open-data.js";
import type { DataPaths } from "../embedded/paths.js";
import { Closers } from "../process/closers.js";
import { type Finding, messageOf, ok, warn } from "./check.js";
import { runningPid } from "./data.js";

const NAME = "persons who moved";
/**
 * Of a partition and topic. Judges are seconds behind, the carrier stores how far it is every few seconds; where so much is
 * unread one of them stands still, however much it is.
 */
const RECORDS_READ_MAX = 200_000;
const READ = { recordsMax: 1_000, bytesMax: 4 << 20, waitMs: 1_000 } as const;

export interface MovesSeen {
  /** Former keys in the table. */
  readonly moved: number;
  /** Links, and states and records that were brought to another key, which no judge has taken in. */
  readonly unjudged: number;
  /** What judges said of these that no carrier has read, as far as is stored. */
  readonly uncarried: number;
  /** Former keys from which entries lead in a circle: nobody wrote that, the table is damaged or of an earlier build. */
  readonly circles: number;
}

/** What moves, as the journal has it. */
const MOVING_TYPES = ["person-link", "person-state", "carried"] as const;

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

export function findingOf({ moved, unjudged, uncarried, circles }: MovesSeen, isRunning: boolean): Finding {
  const detail = `${moved} former numbers; of links, states and records on their way ${unjudged} wait for the judge, ${uncarried} for the carrier`;
  if (circles > 0)
    return warn(
      NAME,
      `${detail}; ${circles} former numbers lead in a circle`,
      "stop Kadun and move registers/moved away: it is made again from the decisions",
    );
  if (unjudged === 0 && uncarried === 0) return ok(NAME, detail);
  const next = isRunning
    ? "look again in a moment; where it stays so, look for ingest.carrier-retries in the log"
    : "'kadun start' carries them on";
  return warn(NAME, detail, next);
}

/**
 * What is under way is in the journal, where its judge has not come to it, or in the decisions, where the carrier has not;
 * the table says nothing of it, it learns of who has arrived. @throws as log and store.
 */
export async function movesSeen(
  log: EventLog,
  store: Pick<KeyValue, "get" | "entries">,
  partitions: number,
): Promise<MovesSeen> {
  const { keys } = await movedKeys(store);
  let [unjudged, uncarried] = [0, 0];
  for (let partition = 0; partition < partitions; partition++) {
    const decided = await decidedIn(log, store, partition);
    uncarried += decided.uncarried;
    // Where not all was read nobody knows here how far the judge is.
    if (!decided.isWhole) continue;
    const from = (decided.last?.journalOffset ?? -1) + 1;
    for await (const { value } of recordsFrom(log, Topic.JOURNAL, partition, from))
      if (MOVING_TYPES.some((type) => isBodyOfType(value, type))) unjudged++;
  }
  const circles = [...keys.keys()].filter((key) => isCircle(keys, key)).length;
  return { moved: keys.size, unjudged, uncarried, circles };
}

function isCircle(keys: ReadonlyMap<string, string>, formerKey: string): boolean {
  let key: string | undefined = formerKey;
  for (let moves = 0; moves <= MOVES_FOLLOWED_MAX && key !== undefined; moves++) key = keys.get(key);
  return key !== undefined;
}

interface Decided {
  /** Not so where more than the limit is unread. */
  readonly isWhole: boolean;
  readonly uncarried: number;
  /** Of all outcomes, however often it was written; null before the first. */
  readonly last: OutcomePosition | null;
}

async function decidedIn(log: EventLog, store: Pick<KeyValue, "get">, partition: number): Promise<Decided> {
  const stored = await carriedProgress(store, partition);
  const from = stored?.nextOffset ?? 0;
  const { end } = await log.bounds(Topic.DECISIONS, partition);
  let last = stored?.highWater ?? null;
  let uncarried = 0;
  for await (const { header, value } of recordsFrom(log, Topic.DECISIONS, partition, from)) {
    const position = decodePosition(header);
    if (!isAbove(position, last)) continue;
    last = position;
    if (CARRIED_TYPES.some((type) => isBodyOfType(value, type))) uncarried++;
  }
  return { isWhole: end - from <= RECORDS_READ_MAX, uncarried, last };
}

/** To the end that the log has now. */
async function* recordsFrom(
  log: EventLog,
  topic: Topic,
  partition: number,
  wantedOffset: number,
): AsyncGenerator<LoggedRecord> {
  const { start, end } = await log.bounds(topic, partition);
  const from = Math.min(end, Math.max(start, wantedOffset));
  const to = Math.min(end, from + RECORDS_READ_MAX);
  if (from >= to) return;
  const reader = await log.reader(topic, partition, from);
  try {
    while (reader.position < to) {
      const records = await reader.read(READ);
      if (records.length === 0) return;
      yield* records;
    }
  } finally {
    await reader.close();
  }
}

/**
 * Outcomes that an archive holds no record of: its journal judged again behind its last checkpoint, by the bundles and
 * engines that it names.
 */

import type { LoggedRecord } from "../../platform/event-log/event-log.js";
import { decodeJournalBody, encodeBody } from "../../schemas/log-body.js";
import { encodePosition, Topic } from "../../schemas/topics.js";
import type { Archive } from "../../services/archive/archive.js";
import type { OutcomeSource } from "../../services/archive/archived-past.js";
import { segmentRecords } from "../../services/archive/segment-file.js";
import { ENGINES } from "../../services/detector/engine.js";
import { JudgingRoom } from "../../services/detector/judging-room.js";
import { isAlwaysAnswered } from "../../services/detector/state-ahead.js";
import { ArchivedBundles } from "./archived-bundles.js";
import { CheckpointPersons } from "./checkpoint-persons.js";

/** Judged without a pause, a few milliseconds. */
const BATCH_RECORDS = 500;
/** The journal behind a checkpoint: no person includes any of it. */
const ALL_HELD = { reaches: async () => true };

export function outcomeSource(archive: Archive): OutcomeSource {
  const bundles = new ArchivedBundles(archive);
  return {
    isAnswered: ({ value }) => isAlwaysAnswered(decodeJournalBody(value)),
    async *judgedAgain(partition, below) {
      const base = await CheckpointPersons.open(
        archive,
        partition,
        archive.checkpoints(partition).at(-1) ?? null,
      );
      const room = await JudgingRoom.open(base, { bundles, engines: ENGINES }, ALL_HELD, base.state);
      for await (const batch of batches(archive, partition, room.judgedOffset + 1, below))
        yield* judged(room, batch);
    },
  };
}

async function* batches(
  archive: Archive,
  partition: number,
  from: number,
  below: number,
): AsyncGenerator<readonly LoggedRecord[]> {
  let batch: LoggedRecord[] = [];
  for (const entry of archive.segments(Topic.JOURNAL, partition)) {
    if (entry.last < from || entry.first >= below) continue;
    for await (const record of segmentRecords(archive, entry)) {
      if (record.offset < from || record.offset >= below) continue;
      batch.push(record);
      if (batch.length < BATCH_RECORDS) continue;
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}

/** When they were decided is not known: the time of the journal record stands in. */
async function* judged(room: JudgingRoom, batch: readonly LoggedRecord[]): AsyncGenerator<LoggedRecord> {
  const times = new Map(batch.map(({ offset, appendedAtMs }) => [offset, appendedAtMs]));
  for (const { journalOffset, personKey, outcomes } of await room.take(batch, () => {}))
    for (const [sequence, outcome] of outcomes.entries())
      yield {
        offset: journalOffset,
        appendedAtMs: times.get(journalOffset)!,
        key: personKey,
        header: encodePosition({ journalOffset, sequence }),
        value: encodeBody(outcome),
      };
}

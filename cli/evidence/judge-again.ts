/**
 * The records of a package judged again: nothing but the package goes in, no log, no store, no clock. One person, so
 * nothing of anybody else is needed: what the partition gives to a judgement stands in the package as context.
 */

import type { LoggedRecord } from "../../platform/event-log/event-log.js";
import type { PartitionOwnership, StateEntry } from "../../platform/state-store/state-store.js";
import type { JournalLine, OutcomeLine } from "../../schemas/evidence/lines.js";
import type { CheckpointFile } from "../../schemas/evidence/package.js";
import { encodeJsonBody } from "../../schemas/log-body.js";
import type { BundleShelf } from "../../services/detector/detector-options.js";
import { ENGINES } from "../../services/detector/engine.js";
import { JudgingRoom } from "../../services/detector/judging-room.js";
import { decodePartitionState } from "../../services/detector/partition-state.js";

const BATCH_RECORDS = 500;
/** Nothing is skipped: there is no log that would have to hold it. */
const ALL_HELD = { reaches: async () => true };

export interface JudgedAgain {
  readonly personKey: string;
  readonly partition: number;
  /** null: from the journal's first record on. */
  readonly checkpoint: CheckpointFile | null;
  /** The person's records and the context, by offset. */
  readonly lines: AsyncIterable<JournalLine>;
  readonly bundles: BundleShelf;
}

/** What comes of the person's records, in order. @throws DetectorError, LogBodyError, PartitionStateError, PersonRecordError. */
export async function* judgeAgain(options: JudgedAgain): AsyncGenerator<OutcomeLine> {
  const { personKey, lines, bundles, checkpoint } = options;
  const state = checkpoint === null ? null : decodePartitionState(Buffer.from(checkpoint.state, "base64"));
  const room = await JudgingRoom.open(
    new PackagePerson(options),
    { bundles, engines: ENGINES },
    ALL_HELD,
    state,
  );
  for await (const batch of batched(lines))
    for (const judged of await room.take(batch)) {
      if (judged.personKey !== personKey) continue;
      for (const [sequence, outcome] of judged.outcomes.entries())
        yield { journalOffset: judged.journalOffset, sequence, json: JSON.stringify(outcome) };
    }
}

async function* batched(lines: AsyncIterable<JournalLine>): AsyncGenerator<readonly LoggedRecord[]> {
  let batch: LoggedRecord[] = [];
  for await (const { offset, appendedAtMs, json } of lines) {
    batch.push({ offset, appendedAtMs, key: "", header: NO_HEADER, value: encodeJsonBody(json) });
    if (batch.length < BATCH_RECORDS) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

const NO_HEADER = new Uint8Array(0);

/** The one person of the package in place of a state store. */
class PackagePerson implements PartitionOwnership {
  readonly epoch = 0;
  readonly owner = "evidence";
  readonly partition: number;
  private readonly personKey: string;
  private readonly value: Uint8Array | null;

  constructor({ partition, checkpoint, personKey }: JudgedAgain) {
    this.partition = partition;
    this.personKey = personKey;
    const record = checkpoint?.personRecord ?? null;
    this.value = record === null ? null : Buffer.from(record, "base64");
  }

  async readPartition(): Promise<null> {
    return null;
  }

  async load(keys: readonly string[]): Promise<readonly (Uint8Array | null)[]> {
    return keys.map((key) => (key === this.personKey ? this.value : null));
  }

  async *entries(): AsyncIterable<StateEntry> {
    if (this.value !== null) yield { key: this.personKey, value: this.value };
  }

  put(): Promise<void> {
    throw new Error("a package is never written to");
  }

  putPartition(): Promise<void> {
    throw new Error("a package is never written to");
  }
}

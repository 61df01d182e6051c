/**
 * What the networks send in a run, by seed. Phases: records about whole partitions first, then each person's records
 * in their order. A phase begins when the one before is acknowledged, so that heartbeats, activations and the
 * bootstrap stand at the same place among a person's records in every run of the seed.
 */

import { formatInstant } from "../../schemas/instant.js";
import type { PartitionRecordEvent } from "../../schemas/journal.js";
import type { RawRecord } from "../../schemas/raw.js";
import { ENGINE_VERSION } from "../../services/detector/outcome.js";
import type { Random } from "../city/random.js";
import { nextRecord, type SimPerson } from "./person-events.js";

export interface Phase {
  readonly partitionRecords: readonly PartitionRecordEvent[];
  /** By person, in order. */
  readonly persons: ReadonlyMap<string, readonly RawRecord[]>;
}

/** Before the virtual clock's start: a source's receipt counts only where the log's time is not earlier. */
const START_MS = Date.UTC(2026, 2, 2);
const PERSONS = { min: 8, max: 24 } as const;
const RECORDS_PER_PHASE_MAX = 4;
const PHASES = 4;
const DAY_MS = 86_400_000;

/** @param bundleHashes of the bundles that can be activated; the first is activated at the start. */
export function makeInputs(random: Random, bundleHashes: readonly string[]): readonly Phase[] {
  const persons = Array.from({ length: random.whole(PERSONS.min, PERSONS.max) }, (_, index) => ({
    personId: `SIM-PERSON-${index}`,
    sent: [],
    nowMs: START_MS + random.whole(0, DAY_MS),
    cards: 1,
  }));
  return Array.from({ length: PHASES }, (_, index) => makePhase(index, persons, random, bundleHashes));
}

function makePhase(
  index: number,
  persons: readonly SimPerson[],
  random: Random,
  bundleHashes: readonly string[],
): Phase {
  const records = new Map<string, readonly RawRecord[]>();
  for (const person of persons) {
    const count = random.whole(0, RECORDS_PER_PHASE_MAX);
    records.set(
      person.personId,
      Array.from({ length: count }, () => nextRecord(person, random)),
    );
  }
  return { partitionRecords: partitionRecords(index, random, bundleHashes), persons: records };
}

function partitionRecords(
  index: number,
  random: Random,
  bundleHashes: readonly string[],
): readonly PartitionRecordEvent[] {
  if (index === 0) return [activation(0, bundleHashes[0]!)];
  const occurredAt = formatInstant(START_MS + index * DAY_MS);
  const records: PartitionRecordEvent[] = [];
  if (index === 1)
    records.push({ type: "bootstrap", source: "cold-start", occurredAt, snapshot: null, records: 0 });
  else if (random.chance(0.5)) records.push(activation(index, random.pick(bundleHashes)));
  if (random.chance(0.6))
    records.push({ type: "heartbeat", feedId: "33", occurredAt, receivedAt: occurredAt });
  return records;
}

function activation(sequence: number, bundleHash: string): PartitionRecordEvent {
  return {
    type: "activation",
    sequence,
    bundleHash,
    engineVersion: ENGINE_VERSION,
    publishedBy: ["SIM-A", "SIM-B"],
  };
}

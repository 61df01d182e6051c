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
import { drawBusyLinks, drawLinkPlan, drawLinks, type LinkPlan, NO_LINKS } from "./links.js";
import { nextRecord, type SimPerson } from "./person-events.js";

export interface Phase {
  readonly partitionRecords: readonly PartitionRecordEvent[];
  /** Records that are sent one after the other: of a person, or of all numbers of one. */
  readonly lanes: readonly (readonly RawRecord[])[];
  /** Everything before is judged and consumed when it begins, all of it when it ends. */
  readonly isAlone: boolean;
}

export interface Inputs {
  readonly phases: readonly Phase[];
  /** What moves is decided as in every run of the seed. */
  readonly isCalm: boolean;
}

/** Before the virtual clock's start: a source's receipt counts only where the log's time is not earlier. */
const START_MS = Date.UTC(2026, 2, 2);
const PERSONS = { min: 8, max: 24 } as const;
const RECORDS_PER_PHASE_MAX = 4;
const PHASES = 4;
const DAY_MS = 86_400_000;

export interface Chance {
  readonly random: Random;
  /** Of links, which disturb nothing else; none come where it is null. */
  readonly ofLinks: Random | null;
}

/** @param bundleHashes of the bundles that can be activated; the first is activated at the start. */
export function makeInputs({ random, ofLinks }: Chance, bundleHashes: readonly string[]): Inputs {
  const count = random.whole(PERSONS.min, PERSONS.max);
  const plan = ofLinks === null ? NO_LINKS : drawLinkPlan(ofLinks, count, PHASES);
  const persons = Array.from({ length: count }, (_, index) => ({
    personId: `SIM-PERSON-${index}`,
    sent: [],
    nowMs: START_MS + random.whole(0, DAY_MS),
    cards: 1,
    shares: plan.groups.find(({ members }) => members.includes(index))?.members.length ?? 1,
  }));
  const phases = Array.from({ length: PHASES }, (_, index) => {
    const phase = makePhase(index, persons, random, bundleHashes);
    return ofLinks === null ? [phase] : withLinks(phase, index, persons, { plan, random: ofLinks });
  });
  return { phases: phases.flat(), isCalm: plan.isCalm };
}

/** The lanes of a phase stand in the order of the persons. */
function makePhase(
  index: number,
  persons: readonly SimPerson[],
  random: Random,
  bundleHashes: readonly string[],
): Phase {
  const lanes = persons.map((person) =>
    Array.from({ length: random.whole(0, RECORDS_PER_PHASE_MAX) }, () => nextRecord(person, random)),
  );
  return { partitionRecords: partitionRecords(index, random, bundleHashes), lanes, isAlone: false };
}

interface Linking {
  readonly plan: LinkPlan;
  readonly random: Random;
}

function withLinks(phase: Phase, index: number, persons: readonly SimPerson[], linking: Linking): Phase[] {
  const { plan, random } = linking;
  const personsOf = (members: readonly number[]) => members.map((member) => persons[member]!);
  if (!plan.isCalm) {
    const lanes = [...phase.lanes];
    for (const { members } of plan.groups.filter((group) => group.phase === index))
      for (const link of drawBusyLinks(personsOf(members), random)) {
        const lane = random.pick(members);
        lanes[lane] = lanes[lane]!.toSpliced(random.whole(0, lanes[lane]!.length), 0, link);
      }
    return [{ ...phase, lanes }];
  }
  const grouped = plan.groups.map(({ members }) => shuffledLanes(members, phase.lanes, random));
  const others = phase.lanes.filter((_, lane) => !plan.groups.some(({ members }) => members.includes(lane)));
  const calm = { ...phase, lanes: [...grouped, ...others] };
  if (index === 0) return [calm];
  const links = plan.groups.map(({ members }) => drawLinks(personsOf(members), random.whole(0, 1), random));
  return [{ partitionRecords: [], lanes: links, isAlone: true }, calm];
}

/** The records of a group as one lane; each member's stay in order. */
function shuffledLanes(
  group: readonly number[],
  lanes: readonly (readonly RawRecord[])[],
  random: Random,
): RawRecord[] {
  const waiting = group.map((member) => [...lanes[member]!]);
  const lane: RawRecord[] = [];
  for (let left = waiting.filter((each) => each.length > 0); left.length > 0; ) {
    lane.push(random.pick(left).shift()!);
    left = left.filter((each) => each.length > 0);
  }
  return lane;
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

/**
 * What a run left, partition by partition, against its journal alone: every accepted swipe decided once, by the bundle of the
 * last activation before it, bodies and persons as a fresh partition makes them of the same records.
 */

import type { EventLog, LoggedRecord } from "../../platform/event-log/event-log.js";
import type { StateStore } from "../../platform/state-store/state-store.js";
import type { CanonicalActivation } from "../../schemas/journal.js";
import { decodeJournalBody, decodeOutcomeBody } from "../../schemas/log-body.js";
import { decodePosition, isAbove, type OutcomePosition, Topic } from "../../schemas/topics.js";
import type { DetectorBundle } from "../../services/detector/bundle.js";
import { type Fold, foldOf } from "../sim/fold.js";
import type { Left } from "./target.js";

export interface Verdict {
  /** Empty: everything is as it should be. */
  readonly findings: readonly string[];
  readonly swipes: number;
  readonly decisions: number;
  /** By sequence of the activation that they go by. */
  readonly decisionsBy: Readonly<Record<string, number>>;
  readonly decisionsWithShadow: number;
  readonly persons: number;
}

const READ_LIMITS = { recordsMax: 5_000, bytesMax: 16_000_000, waitMs: 1_000 };
/** A finding is a finding: nobody reads thousands. */
const FINDINGS_MAX = 20;

interface Expected {
  readonly partitions: number;
  readonly bundles: ReadonlyMap<string, DetectorBundle>;
  /** Of the activations that each journal takes, in order. */
  readonly sequences: readonly number[];
  /** eventIds. */
  readonly accepted: readonly string[];
}

interface Counted {
  readonly findings: string[];
  readonly decided: Map<string, number>;
  readonly decisionsBy: Record<string, number>;
  swipes: number;
  decisions: number;
  decisionsWithShadow: number;
  persons: number;
}

export async function verdictOf({ log, store }: Left, expected: Expected): Promise<Verdict> {
  const counted: Counted = {
    findings: [],
    decided: new Map(expected.accepted.map((eventId) => [eventId, 0])),
    decisionsBy: {},
    swipes: 0,
    decisions: 0,
    decisionsWithShadow: 0,
    persons: 0,
  };
  for (let partition = 0; partition < expected.partitions; partition++)
    await checkPartition({ log, store, partition, expected, counted });
  const { decided, findings, ...counts } = counted;
  for (const [eventId, count] of decided)
    if (count !== 1) findings.push(`swipe ${eventId} was accepted and has ${count} decisions`);
  return { ...counts, findings: findings.slice(0, FINDINGS_MAX) };
}

interface PartitionCheck {
  readonly log: EventLog;
  readonly store: StateStore;
  readonly partition: number;
  readonly expected: Expected;
  readonly counted: Counted;
}

async function checkPartition({ log, store, partition, expected, counted }: PartitionCheck): Promise<void> {
  const journal = await recordsOf(log, Topic.JOURNAL, partition);
  const outcomes = effective(await recordsOf(log, Topic.DECISIONS, partition));
  const activations = activationsOf(journal);
  const say = (finding: string) => counted.findings.push(`partition ${partition}: ${finding}`);
  const sequences = activations.map(({ activation }) => activation.sequence);
  if (sequences.join() !== expected.sequences.join())
    say(`its journal takes the activations ${sequences.join()}`);
  for (const { value } of journal) if (decodeJournalBody(value).type === "swipe") counted.swipes++;
  for (const { value, header } of outcomes) {
    const outcome = decodeOutcomeBody(value);
    if (outcome.type !== "decision") continue;
    const { journalOffset } = decodePosition(header);
    const inForce = activations.findLast(({ offset }) => offset < journalOffset)?.activation;
    const isInForce =
      outcome.bundleHash === inForce?.bundleHash && outcome.shadowBundleHash === inForce.shadowBundleHash;
    if (!isInForce) say(`offset ${journalOffset} was not judged by activation ${inForce?.sequence}`);
    const by = String(inForce?.sequence);
    counted.decisions++;
    counted.decisionsBy[by] = (counted.decisionsBy[by] ?? 0) + 1;
    if (outcome.shadowBundleHash !== undefined) counted.decisionsWithShadow++;
    const count = counted.decided.get(outcome.eventId);
    if (count !== undefined) counted.decided.set(outcome.eventId, count + 1);
  }
  const fold = foldOf(journal, expected.bundles);
  const at = firstDifference(fold, outcomes);
  if (at !== null) say(`outcome ${at} of ${outcomes.length} is not what its journal gives`);
  counted.persons += fold.persons.size;
  for (const finding of await personFindings(store, partition, fold)) say(finding);
}

async function recordsOf(log: EventLog, topic: string, partition: number): Promise<LoggedRecord[]> {
  const { start, end } = await log.bounds(topic, partition);
  const reader = await log.reader(topic, partition, start);
  const records: LoggedRecord[] = [];
  try {
    while (reader.position < end) records.push(...(await reader.read(READ_LIMITS)));
  } finally {
    await reader.close();
  }
  return records;
}

/** As any consumer reads: what is not above the last position is a repeat. */
function effective(records: readonly LoggedRecord[]): LoggedRecord[] {
  let last: OutcomePosition | null = null;
  return records.filter(({ header }) => {
    const position = decodePosition(header);
    if (!isAbove(position, last)) return false;
    last = position;
    return true;
  });
}

interface Taken {
  readonly offset: number;
  readonly activation: CanonicalActivation;
}

/** Those that changed something: one sent again, or one of a lower sequence, is answered and changes nothing. */
function activationsOf(journal: readonly LoggedRecord[]): readonly Taken[] {
  const taken: Taken[] = [];
  for (const { offset, value } of journal) {
    const record = decodeJournalBody(value);
    if (record.type === "activation" && record.sequence > (taken.at(-1)?.activation.sequence ?? -1))
      taken.push({ offset, activation: record });
  }
  return taken;
}

/** Place of the first outcome that differs in position or body; null for none. */
function firstDifference(fold: Fold, outcomes: readonly LoggedRecord[]): number | null {
  const count = Math.max(fold.outcomes.length, outcomes.length);
  for (let index = 0; index < count; index++) {
    const [wanted, found] = [fold.outcomes[index], outcomes[index]];
    if (wanted === undefined || found === undefined) return index;
    const { journalOffset, sequence } = decodePosition(found.header);
    const isSamePlace = journalOffset === wanted.journalOffset && sequence === wanted.sequence;
    if (!isSamePlace || Buffer.compare(found.value, wanted.body) !== 0) return index;
  }
  return null;
}

/** The records that the last checkpoint left, byte for byte: windows, states, what was learnt. */
async function personFindings(store: StateStore, partition: number, fold: Fold): Promise<string[]> {
  const findings: string[] = [];
  const owned = await store.acquire(partition, "bench");
  const record = await owned.readPartition();
  if (record === null || Buffer.compare(record, fold.partitionRecord) !== 0)
    findings.push("its record is not what the journal gives");
  let stored = 0;
  for await (const { key, value } of owned.entries()) {
    stored++;
    const wanted = fold.persons.get(key);
    if (wanted === undefined || Buffer.compare(value, wanted) !== 0)
      findings.push(`the record of person ${key} is not what the journal gives`);
  }
  if (stored !== fold.persons.size)
    findings.push(`${stored} persons are stored, ${fold.persons.size} are known`);
  return findings;
}

/**
 * One partition of the logs and the store against the fold of its journal: what a fresh partition makes of the same
 * records, each taken once, in order, with nothing around it.
 */

import type { Redis } from "ioredis";
import { foldOf } from "../../bench/sim/fold.js";
import { loadBundle } from "../../cli/bundle-files.js";
import type { EventLog, LoggedRecord } from "../../platform/event-log/event-log.js";
import { stateKeys } from "../../platform/state-store/redis/state-keys.js";
import { decodePosition, isAbove, type OutcomePosition, Topic } from "../../schemas/topics.js";
import { decodePartitionState } from "../../services/detector/partition-state.js";
import { until } from "./until.js";

export interface PartitionChecked {
  /** Empty: everything is as it should be. */
  readonly findings: readonly string[];
  readonly journalRecords: number;
  /** Of the journal, about persons. */
  readonly appended: number;
  /** Outcomes appended again, and dropped by consumers. */
  readonly repeats: number;
  readonly effective: readonly EffectiveOutcome[];
}

/** What a consumer keeps of the decisions log. */
export interface EffectiveOutcome {
  readonly type: string;
  readonly eventId: string;
  readonly personKey: string;
  /** The line that `kadun replay` prints for it. */
  readonly json: string;
}

/** As a namespace of the store's keys: the default one. */
const KEY_PREFIX = "kadun";
const READ_LIMITS = { recordsMax: 5_000, bytesMax: 16_000_000, waitMs: 1_000 };
const bundle = loadBundle().bundle;
const bundles = new Map([[bundle.hash, bundle]]);

/** Waits for the checkpoint that includes the journal's last record; all records must be judged. */
export async function checkPartition(
  log: EventLog,
  redis: Redis,
  partition: number,
): Promise<PartitionChecked> {
  const journal = await recordsOf(log, Topic.JOURNAL, partition);
  const fold = foldOf(journal, bundles);
  const { effective, repeats } = effectiveOf(await recordsOf(log, Topic.DECISIONS, partition));
  const where = (finding: string) => `partition ${partition}: ${finding}`;
  const findings = [
    ...outcomeFindings(fold.outcomes, effective),
    ...(await stateFindings(redis, partition, journal.length - 1, fold)),
  ].map(where);
  return {
    findings,
    journalRecords: journal.length,
    appended: journal.filter(({ key }) => key !== "").length,
    repeats,
    effective: effective.map(outcomeOf),
  };
}

/** Of all partitions, as of now. */
export async function effectiveOutcomes(log: EventLog): Promise<EffectiveOutcome[]> {
  const outcomes: EffectiveOutcome[] = [];
  const partitions = await log.partitionCount(Topic.DECISIONS);
  for (let partition = 0; partition < partitions; partition++)
    outcomes.push(...effectiveOf(await recordsOf(log, Topic.DECISIONS, partition)).effective.map(outcomeOf));
  return outcomes;
}

function outcomeOf({ record: { key, value } }: Effective): EffectiveOutcome {
  const json = textOf(value);
  const { type, eventId } = JSON.parse(json) as { type: string; eventId: string };
  return { type, eventId, personKey: key, json };
}

export async function recordsOf(log: EventLog, topic: string, partition: number): Promise<LoggedRecord[]> {
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

interface Effective {
  readonly position: OutcomePosition;
  readonly record: LoggedRecord;
}

/** As any consumer reads: what is not above the last position is a repeat. */
function effectiveOf(records: readonly LoggedRecord[]): { effective: Effective[]; repeats: number } {
  const effective: Effective[] = [];
  let last: OutcomePosition | null = null;
  for (const record of records) {
    const position = decodePosition(record.header);
    if (!isAbove(position, last)) continue;
    last = position;
    effective.push({ position, record });
  }
  return { effective, repeats: records.length - effective.length };
}

function outcomeFindings(
  expected: ReturnType<typeof foldOf>["outcomes"],
  effective: readonly Effective[],
): string[] {
  const findings: string[] = [];
  if (expected.length !== effective.length)
    findings.push(`${effective.length} effective outcomes, the journal gives ${expected.length}`);
  const at = expected.findIndex(({ journalOffset, sequence, body }, index) => {
    const found = effective[index];
    const isSamePlace =
      found?.position.journalOffset === journalOffset && found.position.sequence === sequence;
    return !isSamePlace || Buffer.compare(found.record.value, body) !== 0;
  });
  if (at >= 0) {
    const found = effective[at];
    findings.push(
      `outcome ${at} is not what the journal gives: expected ${expected[at]!.journalOffset}.${expected[at]!.sequence} ` +
        `${textOf(expected[at]!.body)}, found ${found === undefined ? "none" : `${found.position.journalOffset}.${found.position.sequence} ${textOf(found.record.value)}`}`,
    );
  }
  return findings;
}

async function stateFindings(
  redis: Redis,
  partition: number,
  lastOffset: number,
  fold: ReturnType<typeof foldOf>,
): Promise<string[]> {
  const keys = stateKeys(KEY_PREFIX, partition);
  const partitionRecord = await until(
    `partition ${partition}: a checkpoint up to ${lastOffset}`,
    async () => {
      const record = await redis.getBuffer(keys.partition);
      return record !== null && decodePartitionState(record).appliedOffset >= lastOffset ? record : null;
    },
  );
  const findings: string[] = [];
  if (Buffer.compare(partitionRecord, fold.partitionRecord) !== 0)
    findings.push(
      `the stored partition record is not what the journal gives: expected ${textOf(fold.partitionRecord)}, found ${textOf(partitionRecord)}`,
    );
  const stored = new Set((await redis.hkeysBuffer(keys.values)).map((key) => key.toString("hex")));
  for (const [personKey, bytes] of fold.persons) {
    const value = await redis.hgetBuffer(keys.values, Buffer.from(personKey, "hex"));
    if (value === null || Buffer.compare(value, bytes) !== 0)
      findings.push(`the stored record of person ${personKey} is not what the journal gives`);
    stored.delete(personKey);
  }
  for (const personKey of stored)
    findings.push(`a stored record of person ${personKey}, unknown to the journal`);
  return findings;
}

const BODY_HEAD_BYTES = 5;

function textOf(body: Uint8Array): string {
  return Buffer.from(body).toString("utf8", BODY_HEAD_BYTES);
}

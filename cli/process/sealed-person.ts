/**
 * Everything of a person proven, up to the last record: a status record that is the last of its partition may be followed by
 * revisions, as far as the logs tell, and no day proof holds it before something later is answered. On a quiet Kadun that can be
 * long: the running activation is sent to the partition once more, which changes nothing and is answered (docs/decisions/0010).
 */

import type { Clock } from "../../platform/clock/clock.js";
import type { EventLog } from "../../platform/event-log/event-log.js";
import { Topic } from "../../schemas/topics.js";
import type { DayProofs } from "../../services/evidence/day-proofs/day-proofs-service.js";
import { EvidenceRefusal } from "../../services/evidence/refusal.js";

/** A detector answers within milliseconds; one that takes the partition over, within its session's time. */
const ANSWERED_WITHIN_MS = 20_000;
const POLL_MS = 100;
/** What arrived since the last line: some seconds of a partition. */
const READ_LIMITS = { recordsMax: 1_000, bytesMax: 4_000_000, waitMs: 0 } as const;

export interface SealedPersonParts {
  readonly log: EventLog;
  readonly proofs: Pick<DayProofs, "seal" | "status">;
  readonly clock: Clock;
  /** Has the partition answer something that changes nothing. */
  readonly nudge: (partition: number) => Promise<void>;
}

/** @throws EvidenceRefusal NOTHING_PROVEN where the person's last record is not answered in time; DayProofError. */
export async function sealPerson(
  parts: SealedPersonParts,
  { personKey, partition }: { readonly personKey: string; readonly partition: number },
): Promise<void> {
  const { log, proofs, clock, nudge } = parts;
  await proofs.seal(partition);
  const last = await lastUnproven(log, personKey, { partition, from: await provenOf(proofs, partition) });
  if (last === null) return;
  await nudge(partition);
  for (const endMs = clock.now() + ANSWERED_WITHIN_MS; clock.now() < endMs; await clock.sleep(POLL_MS)) {
    await proofs.seal(partition);
    if ((await provenOf(proofs, partition)) > last) return;
  }
  throw new EvidenceRefusal(
    "NOTHING_PROVEN",
    `the person's record at offset ${last} of partition ${partition} is not answered; does the detector run? Ask again then`,
  );
}

/** Offset behind the last record in a signed line. */
async function provenOf(proofs: Pick<DayProofs, "status">, partition: number): Promise<number> {
  const stand = (await proofs.status()).find((each) => each.partition === partition);
  return stand?.provenOffset ?? 0;
}

/** @returns the offset of the person's last record from there on; null where there is none. */
async function lastUnproven(
  log: EventLog,
  personKey: string,
  { partition, from }: { readonly partition: number; readonly from: number },
): Promise<number | null> {
  const { start, end } = await log.bounds(Topic.JOURNAL, partition);
  const reader = await log.reader(Topic.JOURNAL, partition, Math.max(start, from));
  let last: number | null = null;
  try {
    while (reader.position < end) {
      const records = await reader.read(READ_LIMITS);
      if (records.length === 0) break;
      for (const { key, offset } of records) if (key === personKey) last = offset;
    }
    return last;
  } finally {
    await reader.close();
  }
}

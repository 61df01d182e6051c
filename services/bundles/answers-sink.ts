/**
 * What the partitions answer to activations, as the consumer of kadun.decisions finds it.
 *
 * Owns: the answers, this consumer's place in each partition, an activation's being complete.
 * Does not own: reading the log (answers-consumer.ts), what becomes of silent partitions (publisher.ts).
 *
 * 1. Answers and place are stored in one transaction. A place without answers is stored now and then only: what is read
 *    again after a crash gives the same answers.
 * 2. `activated` stays, whatever comes later: an activation that is sent again is answered again.
 * 3. The answer to an activation that is not known here is nobody's: it is reported, and taken over from the gateway.
 */

import { sql } from "kysely";
import { crc32c } from "../../platform/checksum/crc32c.js";
import type { Clock } from "../../platform/clock/clock.js";
import type { ConsumerSink, MarkedRecord, Progress } from "../../platform/event-log/consume-once.js";
import { formatInstant } from "../../schemas/instant.js";
import { decodeOutcomeBody, isBodyOfType } from "../../schemas/log-body.js";
import type { OutcomePosition } from "../../schemas/topics.js";
import { answersProgress } from "./answers-progress.js";
import type { Breaker } from "./breaker.js";
import { oneAtATime, type Reads, type Trx } from "./tables.js";

/** What is read again after a crash: some seconds of decisions, of which only the first bytes are looked at. */
const PLACE_EVERY_MS = 5_000;
export const ACTIVATED = "activated";

export interface AnswersSinkOptions {
  readonly tables: Reads;
  readonly clock: Clock;
  /** After a commit in which an answer was new. */
  readonly onAnswered: () => void;
  /** A partition goes by an activation that is not known here. */
  readonly onForeign: (sequence: number) => void;
  /** Sees every decision; null where it is switched off. */
  readonly breaker: Breaker | null;
}

interface Answer {
  readonly sequence: number;
  /** `activated`, or the code of the refusal. */
  readonly answer: string;
  /** What the partition goes by; null of a refusal. */
  readonly hashes: { readonly bundle: string; readonly shadow: string | null } | null;
  readonly journalOffset: number;
  readonly answeredAtMs: number;
}

export class AnswersSink implements ConsumerSink<OutcomePosition> {
  private readonly placedAtMs = new Map<number, number>();

  constructor(private readonly options: AnswersSinkOptions) {}

  async progress(partition: number): Promise<Progress<OutcomePosition> | null> {
    await this.options.breaker?.load(partition);
    return answersProgress.stored(this.options.tables, partition);
  }

  async apply(
    partition: number,
    records: readonly MarkedRecord<OutcomePosition>[],
    progress: Progress<OutcomePosition>,
  ): Promise<void> {
    const answers = records.flatMap(answerOf);
    const { breaker } = this.options;
    breaker?.take(
      partition,
      records.map(({ record }) => record),
    );
    await this.store(partition, answers, progress);
    await breaker?.look();
  }

  private async store(
    partition: number,
    answers: readonly Answer[],
    progress: Progress<OutcomePosition>,
  ): Promise<void> {
    const { tables, clock } = this.options;
    if (answers.length === 0 && clock.now() - (this.placedAtMs.get(partition) ?? 0) < PLACE_EVERY_MS) return;
    const foreign = await (answers.length === 0
      ? tables.transaction().execute(async (trx) => this.place(trx, partition, progress))
      : // The publisher and people read and write the same rows.
        oneAtATime(tables, async (trx) => {
          const unknown: number[] = [];
          for (const answer of answers)
            if (!(await keep(trx, partition, answer))) unknown.push(answer.sequence);
          await this.place(trx, partition, progress);
          await completeOpen(trx, clock.now());
          return unknown;
        }));
    this.placedAtMs.set(partition, clock.now());
    if (answers.length > 0) this.options.onAnswered();
    for (const sequence of foreign) this.options.onForeign(sequence);
  }

  private async place(trx: Trx, partition: number, progress: Progress<OutcomePosition>): Promise<number[]> {
    const stored = await answersProgress.lock(trx, partition);
    if (stored === null || progress.nextOffset > stored.nextOffset) {
      await answersProgress.store(trx, partition, progress);
      await this.options.breaker?.save(trx, partition);
    }
    return [];
  }
}

/** Of all the other outcomes only the first bytes are looked at. */
function answerOf({ record, mark }: MarkedRecord<OutcomePosition>): readonly Answer[] {
  if (!isBodyOfType(record.value, "activated") && !isBodyOfType(record.value, "refused")) return [];
  const outcome = decodeOutcomeBody(record.value, crc32c);
  const at = { journalOffset: mark.journalOffset, answeredAtMs: record.appendedAtMs };
  if (outcome.type === "activated") {
    const { sequence, bundleHash: bundle, shadowBundleHash: shadow } = outcome;
    return [{ sequence, answer: ACTIVATED, hashes: { bundle, shadow }, ...at }];
  }
  if (outcome.type !== "refused" || outcome.sequence === undefined) return [];
  return [{ sequence: outcome.sequence, answer: outcome.code, hashes: null, ...at }];
}

/** @returns false where no activation of this number and content is known. */
async function keep(trx: Trx, partition: number, answer: Answer): Promise<boolean> {
  const known = await trx
    .selectFrom("bundle_activations as a")
    .innerJoin("bundle_versions as v", "v.version", "a.version")
    .leftJoin("bundle_versions as s", "s.version", "a.shadow_version")
    .select(["v.bundle_hash", "s.bundle_hash as shadow_hash"])
    .where("a.sequence", "=", answer.sequence)
    .executeTakeFirst();
  const { hashes } = answer;
  // A refusal says no more than the number.
  if (known === undefined) return hashes === null;
  if (hashes !== null && (known.bundle_hash !== hashes.bundle || known.shadow_hash !== hashes.shadow))
    return false;
  const stored = {
    answer: answer.answer,
    journal_offset: answer.journalOffset,
    answered_at: formatInstant(answer.answeredAtMs),
  };
  await trx
    .insertInto("activation_answers")
    .values({ sequence: answer.sequence, partition, ...stored })
    .onConflict((conflict) =>
      conflict
        .columns(["sequence", "partition"])
        .doUpdateSet(stored)
        .where("activation_answers.answer", "<>", ACTIVATED),
    )
    .execute();
  return true;
}

/** The open activation is complete once every partition goes by it. */
export async function completeOpen(trx: Trx, nowMs: number): Promise<void> {
  await trx
    .updateTable("bundle_activations")
    .set({ status: "complete", completed_at: formatInstant(nowMs) })
    .where("status", "=", "open")
    .where(
      "partitions",
      "<=",
      sql<number>`(select count(*) from activation_answers
        where activation_answers.sequence = bundle_activations.sequence
          and activation_answers.answer = ${ACTIVATED})`,
    )
    .execute();
}

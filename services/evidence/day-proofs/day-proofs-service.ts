/**
 * Day proofs: for each journal partition and day a signed tree over the persons seen (docs/evidence.md).
 *
 * Owns: a loop for each partition, the producer of the topic, their end.
 * Does not own: logs, database, keys (opened and closed by the caller, after `close()`).
 *
 * 1. Proofs are made in one process of those that share the database: two would sign two truths. The others know nothing of
 *    them (NOT_OWNER) until their turn comes.
 * 2. Nothing waits for it: with this service away no swipe is judged otherwise or later. What it missed it reads later.
 * 3. A partition that fails is said (`alarms`) and tried again; the others go on.
 */

import { setMaxListeners } from "node:events";
import type { Clock } from "../../../platform/clock/clock.js";
import { backoffMs } from "../../../platform/clock/retry.js";
import type { OpenDatabase } from "../../../platform/database/database.js";
import type { EventLog } from "../../../platform/event-log/event-log.js";
import type { Logger } from "../../../platform/logger/logger.js";
import type { Metrics } from "../../../platform/metrics/metrics.js";
import { Topic } from "../../../schemas/topics.js";
import { DayProofsMetrics } from "./day-proofs-metrics.js";
import { leavesFolderOf, linesPathOf } from "./folder.js";
import {
  type PersonStretch,
  type ProverParts,
  STRETCH_LIMITS,
  type StretchLimits,
} from "./partition-prover.js";
import { notOwner, type PartitionProofs, ProofLoop } from "./proof-loop.js";

/** The turn of provers on a database. */
const ALONE = "day-proofs";
const STATUS_EVERY_MS = 5_000;

export interface DayProofsOptions {
  /** Journal and decisions; of an archive too where the journal was trimmed. */
  readonly log: EventLog;
  /** With the topic of day proofs, of as many partitions. */
  readonly publication: EventLog;
  readonly database: Pick<OpenDatabase, "alone">;
  /** For lines (published) and leaves (nobody else's). */
  readonly folder: string;
  /** That is in use: asked for each line, so that a rotation counts from the next one on. */
  readonly signer: ProverParts["signer"];
  readonly limits?: StretchLimits;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Runs until closed. @throws EventLogError where the logs' partitions cannot be had. */
export async function startDayProofs(options: DayProofsOptions): Promise<DayProofs> {
  const partitions = await options.log.partitionCount(Topic.JOURNAL);
  const service = new DayProofs(
    { ...options, logger: options.logger.with({ service: "proofs" }) },
    partitions,
  );
  service.start();
  return service;
}

export class DayProofs {
  private ended: Promise<unknown> = Promise.resolve();
  private readonly stopping = new AbortController();
  private readonly metrics: DayProofsMetrics;
  private loops: readonly ProofLoop[] = [];
  private failure: string | null = null;

  constructor(
    private readonly options: DayProofsOptions,
    private readonly partitions: number,
  ) {
    this.metrics = new DayProofsMetrics(options.metrics);
  }

  start(): void {
    const { signal } = this.stopping;
    this.ended = Promise.all([this.inTurn(signal), this.measure(signal)]);
  }

  /** What an operator has to look at. */
  get alarms(): readonly string[] {
    const failures = [this.failure, ...this.loops.map(({ failure }) => failure)];
    return failures.filter((failure) => failure !== null).map((failure) => `DAY_PROOFS_STOPPED: ${failure}`);
  }

  /** Of all partitions where proofs are made here; none elsewhere. */
  status(): Promise<readonly PartitionProofs[]> {
    return Promise.all(this.loops.map((loop) => loop.status()));
  }

  /**
   * Closes the stretch of what the logs hold now, as far as all outcomes are there, so that a package can be made.
   * @returns the partition's last line; null where there is none. @throws DayProofError NOT_OWNER, and why it stands still.
   */
  async seal(partition: number): Promise<string | null> {
    return this.loopOf(partition).seal();
  }

  /** Of every partition, before logs are trimmed. @throws as `seal`. */
  async sealAll(): Promise<readonly PartitionProofs[]> {
    if (this.loops.length === 0) throw notOwner(0);
    await Promise.all(this.loops.map((loop) => loop.seal()));
    return this.status();
  }

  /**
   * Each stretch in order, from the one that holds `fromOffset` on, with the person's place in it.
   * @throws DayProofError NOT_OWNER; RECORDS_MISSING where leaves are lost and the logs do not hold their stretch.
   */
  proofsOf(
    personKey: string,
    partition: number,
    { fromOffset }: { readonly fromOffset: number },
  ): AsyncGenerator<PersonStretch> {
    return this.loopOf(partition).personStretches(personKey, fromOffset);
  }

  /** After the lines under way. Idempotent. */
  async close(): Promise<void> {
    this.stopping.abort();
    await this.ended;
  }

  private loopOf(partition: number): ProofLoop {
    const loop = this.loops[partition];
    if (loop === undefined) throw notOwner(partition);
    return loop;
  }

  /** The turn may be lost with the connection, or not be had while the database is away. */
  private async inTurn(signal: AbortSignal): Promise<void> {
    const { database, clock, logger } = this.options;
    for (let failures = 0; !signal.aborted; ) {
      try {
        await database.alone(ALONE, signal, (held) => this.work(held));
        failures = 0;
      } catch (error) {
        if (signal.aborted) return;
        failures++;
        this.failure = error instanceof Error ? error.message : String(error);
        logger.warn("proofs.no-turn", { error, attempt: failures });
      }
      await clock.sleep(backoffMs(failures + 1), signal);
    }
  }

  private async work(held: AbortSignal): Promise<void> {
    const { log, publication, folder } = this.options;
    setMaxListeners(Number.POSITIVE_INFINITY, held); // each partition waits with it
    const producer = await publication.producer(Topic.DAY_PROOFS);
    try {
      this.failure = null;
      this.loops = Array.from(
        { length: this.partitions },
        (_, partition) =>
          new ProofLoop({
            ...this.options,
            log,
            partition,
            limits: this.options.limits ?? STRETCH_LIMITS,
            publication: { log: publication, producer },
            linesPath: linesPathOf(folder, partition),
            leavesFolder: leavesFolderOf(folder, partition),
            onFailure: () => this.metrics.failed(),
          }),
      );
      await Promise.all(this.loops.map((loop) => loop.run(held)));
    } finally {
      this.loops = [];
      await producer.close();
    }
  }

  private async measure(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      for (const { partition, lines, lag } of await this.status())
        this.metrics.standOf(partition, lines, lag);
      await this.options.clock.sleep(STATUS_EVERY_MS, signal);
    }
  }
}

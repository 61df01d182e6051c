/**
 * The day proofs of one partition for as long as a process has it: begun again after each failure.
 *
 * Owns: the prover, the seals that wait.
 * Does not own: being the only one (day-proofs-service.ts).
 *
 * 1. Steps and seals take turns: the prover is asked one thing at a time.
 * 2. Nothing ends it but its signal. What does not pass by itself (logs of different backups) is said and tried again: an
 *    operator may mend it, and the processes around it have other work.
 */

import type { Clock } from "../../../platform/clock/clock.js";
import { backoffMs } from "../../../platform/clock/retry.js";
import type { EventLog, LogProducer } from "../../../platform/event-log/event-log.js";
import type { Logger } from "../../../platform/logger/logger.js";
import { Topic } from "../../../schemas/topics.js";
import { DayProofError } from "./day-proof-error.js";
import {
  PartitionProver,
  type PersonStretch,
  type ProverParts,
  personStretches,
} from "./partition-prover.js";
import { ProofLines, type ProofLinesParts } from "./proof-lines.js";

/** Nobody waits for it but an export. */
const IDLE_MS = 500;

export interface ProofLoopParts extends Omit<ProverParts, "lines"> {
  readonly publication: { readonly log: EventLog; readonly producer: LogProducer };
  readonly linesPath: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onFailure: () => void;
}

interface WaitingSeal {
  /** Of the journal and the decisions when it was asked for. */
  readonly journalEnd: number;
  readonly outcomesEnd: number;
  readonly resolve: (line: string | null) => void;
  readonly reject: (error: unknown) => void;
}

export class ProofLoop {
  /** Why it stands still; null where it does not. */
  failure: string | null = null;
  private lines: ProofLines | null = null;
  private prover: PartitionProver | null = null;
  private seals: WaitingSeal[] = [];
  private wake = new AbortController();
  private isEnded = false;

  constructor(private readonly parts: ProofLoopParts) {}

  get partition(): number {
    return this.parts.partition;
  }

  /** Until the signal is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, logger, partition } = this.parts;
    for (let failures = 0; !signal.aborted; ) {
      try {
        await this.work(signal, () => {
          failures = 0;
          this.failure = null;
        });
      } catch (error) {
        if (signal.aborted) break;
        failures++;
        this.failed(error);
        logger.warn("proofs.partition-stopped", { partition, error, attempt: failures });
        await this.sleep(backoffMs(failures), signal, clock);
      } finally {
        await this.prover?.close();
        this.prover = null;
      }
    }
    this.isEnded = true;
    this.failSeals(new DayProofError("CLOSED", `partition ${partition}: no day proofs are made here now`));
  }

  /**
   * Closes the stretch of all that the logs hold now, as far as its outcomes are there.
   * @returns the last line, the one before where there was nothing new of a person; null where there is none.
   * @throws DayProofError and what stopped the loop meanwhile.
   */
  async seal(): Promise<string | null> {
    const { log, partition } = this.parts;
    const { end: journalEnd } = await log.bounds(Topic.JOURNAL, partition);
    const { end: outcomesEnd } = await log.bounds(Topic.DECISIONS, partition);
    if (this.isEnded) throw notOwner(partition);
    return new Promise((resolve, reject) => {
      this.seals.push({ journalEnd, outcomesEnd, resolve, reject });
      this.wake.abort();
    });
  }

  /** @throws DayProofError NOT_OWNER, RECORDS_MISSING. */
  personStretches(personKey: string, fromOffset: number): AsyncGenerator<PersonStretch> {
    const { lines } = this;
    if (lines === null) throw notOwner(this.partition);
    return personStretches({ ...this.parts, lines }, personKey, fromOffset);
  }

  async status(): Promise<PartitionProofs> {
    const { log, partition } = this.parts;
    const bounds = await log.bounds(Topic.JOURNAL, partition).catch(() => null);
    const { prover, lines, failure } = this;
    return {
      partition,
      lines: lines?.all.length ?? 0,
      provenOffset: lines?.last?.proof.endOffset ?? null,
      lag: bounds === null || prover === null ? null : Math.max(0, bounds.end - prover.position),
      failure,
    };
  }

  private async work(signal: AbortSignal, onProgress: () => void): Promise<void> {
    const { publication, partition, linesPath: path, clock } = this.parts;
    const lines = await ProofLines.open({ ...publication, partition, path } satisfies ProofLinesParts);
    this.lines = lines;
    const prover = await PartitionProver.open({ ...this.parts, lines });
    this.prover = prover;
    onProgress();
    while (!signal.aborted) {
      const isMore = await prover.step();
      await this.sealDue(prover);
      if (!isMore) await this.sleep(IDLE_MS, signal, clock);
    }
  }

  private async sealDue(prover: PartitionProver): Promise<void> {
    const { position, outcomesPosition } = prover;
    const isDue = ({ journalEnd, outcomesEnd }: WaitingSeal) =>
      position >= journalEnd || outcomesPosition >= outcomesEnd;
    const due = this.seals.filter(isDue);
    if (due.length === 0) return;
    const line = await prover.seal();
    this.seals = this.seals.filter((each) => !due.includes(each));
    for (const { resolve } of due) resolve(line);
  }

  private failed(error: unknown): void {
    this.failure = error instanceof Error ? error.message : String(error);
    this.parts.onFailure();
    this.failSeals(error);
  }

  private failSeals(error: unknown): void {
    for (const { reject } of this.seals.splice(0)) reject(error);
  }

  /** Less long where somebody asks for a seal. */
  private async sleep(ms: number, signal: AbortSignal, clock: Clock): Promise<void> {
    if (this.seals.length > 0) this.wake.abort();
    await clock.sleep(ms, AbortSignal.any([signal, this.wake.signal]));
    this.wake = new AbortController();
  }
}

export interface PartitionProofs {
  readonly partition: number;
  readonly lines: number;
  /** Offset behind the last journal record in a signed line; null where there is no line, or none is known here. */
  readonly provenOffset: number | null;
  /** Journal records that are in no stretch yet; null where that is not known here. */
  readonly lag: number | null;
  /** Why this partition stands still. */
  readonly failure: string | null;
}

export function notOwner(partition: number): DayProofError {
  return new DayProofError(
    "NOT_OWNER",
    `partition ${partition}: day proofs are made by another process, or begin only now; ask again in some seconds, or the other one`,
    { retryable: true },
  );
}

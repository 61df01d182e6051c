/**
 * Gets the open activation into every partition: sends it, and again to those that are silent, until all have answered.
 *
 * Owns: sending, taking over what the journal runs.
 * Does not own: the answers (answers-sink.ts), what may be activated (publishing.ts), the way to the journal (the sender),
 * alarms (status.ts).
 *
 * 1. One at a time on a database, in whichever process: the caller runs it alone.
 * 2. Everything it goes by is in the database: killed at any point, another one goes on. What was taken and is not known to
 *    be is sent again, which changes nothing.
 * 3. Nothing is sent before the journal's running activation is known here.
 * 4. A partition is sent an activation again after a pause that doubles: each time is a record in its journal.
 */

import type { Clock } from "../../platform/clock/clock.js";
import { backoffMs, mayPass } from "../../platform/clock/retry.js";
import type { Logger } from "../../platform/logger/logger.js";
import { formatInstant } from "../../schemas/instant.js";
import { type Activation, readStanding, type Standing } from "./activation.js";
import type { ActivationSender } from "./activation-sender.js";
import { completeOpen } from "./answers-sink.js";
import type { BundlesMetrics } from "./bundles-metrics.js";
import { readAnswers } from "./open-activation.js";
import { oneAtATime, type Reads } from "./tables.js";
import { takeOver } from "./take-over.js";
import { readContent, readVersion } from "./version.js";

/** People may ask another process of the same database. */
const LOOK_EVERY_MS = 2_000;
/** A detector answers within a second; one that takes a partition over takes some. */
const AGAIN_AFTER_MS = 10_000;
const AGAIN_AFTER_MS_MAX = 600_000;

export interface PublisherOptions {
  readonly tables: Reads;
  readonly sender: ActivationSender;
  readonly contentOf: (bundleHash: string) => Promise<unknown>;
  readonly partitions: number;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: BundlesMetrics;
}

export class Publisher {
  /** What kept it from its work the last time; null where nothing does. */
  trouble: string | null = null;
  private waking = new AbortController();
  private isTakeOverDue = true;
  /** The number under which the journal holds another bundle than this database. */
  private conflictAt: number | null = null;

  constructor(private readonly options: PublisherOptions) {}

  /** Does the journal hold another bundle than this database under a number that no later activation has replaced? */
  isInConflict({ running }: Standing): boolean {
    return this.conflictAt !== null && (running?.sequence ?? -1) <= this.conflictAt;
  }

  /** There is something to do, or to be looked at. */
  wake(): void {
    this.waking.abort();
  }

  /** A partition goes by an activation that is not known here. */
  foreign(sequence: number): void {
    this.options.logger.warn("bundles.foreign-activation", { sequence });
    this.isTakeOverDue = true;
    this.wake();
  }

  /** Until the signal is aborted. @throws what cannot pass by itself. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, logger } = this.options;
    this.isTakeOverDue = true;
    let failures = 0;
    while (!signal.aborted) {
      this.waking = new AbortController();
      let pauseMs = LOOK_EVERY_MS;
      try {
        await this.step();
        this.trouble = null;
        failures = 0;
      } catch (error) {
        if (signal.aborted) return;
        if (!mayPass(error)) throw error;
        failures++;
        this.trouble = error instanceof Error ? error.message : String(error);
        pauseMs = backoffMs(failures);
        logger.warn("bundles.publisher-retries", { error, attempt: failures });
      }
      await clock.sleep(pauseMs, AbortSignal.any([signal, this.waking.signal]));
    }
  }

  private async step(): Promise<void> {
    if (this.isTakeOverDue) await this.takeOver();
    const { open, current } = await readStanding(this.options.tables);
    if (current !== null && open !== null) await this.bring(open);
  }

  private async takeOver(): Promise<void> {
    const { tables, sender, contentOf, partitions, clock, logger } = this.options;
    const running = await sender.running();
    if (running === null)
      throw new PublisherError("NOT_TOLD", "the gateway cannot tell yet which activation runs");
    const taken = await takeOver(tables, { running, contentOf, partitions, nowMs: clock.now() });
    this.conflictAt = taken === "conflict" ? running.sequence : null;
    if (this.conflictAt !== null)
      logger.error("bundles.activation-conflict", {
        sequence: running.sequence,
        bundleHash: running.bundleHash,
      });
    if (taken === "found") logger.info("bundles.taken-over", { sequence: running.sequence });
    this.isTakeOverDue = false;
  }

  private async bring(open: Activation): Promise<void> {
    const { tables, sender, clock, logger, metrics } = this.options;
    await oneAtATime(tables, (trx) => completeOpen(trx, clock.now()));
    if (!this.isDue(open)) return;
    const answered = new Set((await readAnswers(tables, open.sequence)).map(({ partition }) => partition));
    const silent = range(open.partitions).filter((partition) => !answered.has(partition));
    if (silent.length === 0) return;
    const result = await sender.send({
      sequence: open.sequence,
      content: await readContent(tables, open.bundleHash),
      shadow: await this.shadowOf(open),
      publishedBy: open.publishedBy,
      engineVersion: open.engineVersion,
      partitions: open.timesSent === 0 ? null : silent,
    });
    metrics.sent("refused" in result ? "refused" : "taken");
    if ("refused" in result) {
      logger.error("bundles.activation-refused", { sequence: open.sequence, bundleHash: open.bundleHash });
      // Perhaps because the journal is further than this database.
      this.isTakeOverDue = true;
      return this.closeRefused(open, result.refused);
    }
    await oneAtATime(tables, (trx) =>
      trx
        .updateTable("bundle_activations")
        .set({
          sent_at: formatInstant(clock.now()),
          times_sent: open.timesSent + 1,
          engine_version: result.engineVersion,
        })
        .where("sequence", "=", open.sequence)
        .execute(),
    );
  }

  private isDue({ sentAtMs, timesSent }: Activation): boolean {
    if (sentAtMs === null) return true;
    const pauseMs = Math.min(AGAIN_AFTER_MS_MAX, AGAIN_AFTER_MS * 2 ** (timesSent - 1));
    return this.options.clock.now() - sentAtMs >= pauseMs;
  }

  private async shadowOf({ shadowVersion }: Activation): Promise<unknown> {
    if (shadowVersion === null) return null;
    const { bundleHash } = await readVersion(this.options.tables, shadowVersion);
    return readContent(this.options.tables, bundleHash);
  }

  /** Unless it was taken before, by some partitions: then it stays open, and they say what they think of it. */
  private async closeRefused({ sequence, timesSent }: Activation, reason: string): Promise<void> {
    if (timesSent > 0) throw new PublisherError("NOT_TAKEN", reason);
    await oneAtATime(this.options.tables, (trx) =>
      trx
        .updateTable("bundle_activations")
        .set({ status: "refused", reason })
        .where("sequence", "=", sequence)
        .where("status", "=", "open")
        .execute(),
    );
  }
}

/** Tried again, with pauses that grow. */
class PublisherError extends Error {
  override readonly name = "PublisherError";
  readonly retryable = true;
  constructor(
    readonly code: "NOT_TOLD" | "NOT_TAKEN",
    message: string,
  ) {
    super(message);
  }
}

function range(count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => i);
}

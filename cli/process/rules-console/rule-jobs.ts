/**
 * Long work about rules, done in this process's background.
 *
 * Owns: the work that it began, what each says of its progress, their end.
 * Does not own: what the work is (given by kind), what is stored of it (job-store.ts).
 *
 * 1. Work goes on when whoever began it leaves the page. Closing ends it and says so: interrupted.
 * 2. Whoever wants it to end may ask any process: the one that does it looks at each beat.
 */

import type { Clock } from "../../../platform/clock/clock.js";
import type { Logger } from "../../../platform/logger/logger.js";
import type { JobKind, JobProgress, JobStart, JobSummary } from "../../../schemas/http/rules-jobs.js";
import { BEAT_MS, type JobEnd, type JobStore } from "../../../services/bundles/editor/job-store.js";
import { RulesRefusal } from "../../../services/bundles/refusal.js";
import { OperatingError } from "../../exit-status.js";

export interface WorkOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: JobProgress) => void;
}

/** Work of one kind. @returns what came of it, as JSON. @throws OperatingError, RulesRefusal for people to read. */
export type Work<Kind extends JobKind> = (
  asked: Extract<JobStart, { readonly kind: Kind }>,
  options: WorkOptions,
) => Promise<unknown>;

export type Works = { readonly [Kind in JobKind]: Work<Kind> };

export interface RuleJobsOptions {
  readonly store: JobStore;
  readonly works: Works;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Why work was ended. */
const ENDED = { cancelled: new OperatingError("cancelled"), interrupted: new OperatingError("interrupted") };

export class RuleJobs {
  private readonly underWay = new Map<
    string,
    { readonly controller: AbortController; ended: Promise<void> }
  >();

  constructor(private readonly options: RuleJobsOptions) {}

  /** null where work of this kind is under way. @throws DatabaseError. */
  async start(asked: JobStart, person: string): Promise<JobSummary | null> {
    const job = await this.options.store.begin(asked, person);
    if (job === null) return null;
    const controller = new AbortController();
    const ended = this.run(job, controller).finally(() => this.underWay.delete(job.jobId));
    this.underWay.set(job.jobId, { controller, ended });
    return job;
  }

  /** null where it is not under way. */
  async cancel(jobId: string): Promise<JobSummary | null> {
    const job = await this.options.store.askCancel(jobId);
    if (job !== null) this.underWay.get(jobId)?.controller.abort(ENDED.cancelled);
    return job;
  }

  async close(): Promise<void> {
    const all = [...this.underWay.values()];
    for (const { controller } of all) controller.abort(ENDED.interrupted);
    await Promise.all(all.map(({ ended }) => ended));
  }

  /** Never rejects. */
  private async run(job: JobSummary, controller: AbortController): Promise<void> {
    const { store, logger } = this.options;
    const done = new AbortController();
    let progress: JobProgress | null = null;
    const beating = this.beats(job.jobId, () => progress, controller, done.signal);
    const end = await this.ended(job, {
      signal: controller.signal,
      onProgress: (now) => {
        progress = now;
      },
    });
    done.abort();
    await beating;
    try {
      await store.end(job.jobId, end);
    } catch (error) {
      // Nobody says any more that it is under way: it is found to be interrupted.
      logger.error("rules.job-not-stored", { error, code: job.kind });
    }
  }

  private async ended({ kind, asked }: JobSummary, options: WorkOptions): Promise<JobEnd> {
    const work = this.options.works[kind] as Work<JobKind>;
    try {
      const result = await work(asked, options);
      options.signal.throwIfAborted();
      return { state: "done", result };
    } catch (error) {
      if (options.signal.reason === ENDED.cancelled) return { state: "cancelled" };
      if (options.signal.reason === ENDED.interrupted) return { state: "interrupted" };
      return { state: "failed", error: this.told(error, kind) };
    }
  }

  private told(error: unknown, kind: JobKind): string {
    if (error instanceof OperatingError || error instanceof RulesRefusal) return error.message;
    this.options.logger.error("rules.job-failed", { error, code: kind });
    return "failed for a reason that the log of this process has";
  }

  private async beats(
    jobId: string,
    progress: () => JobProgress | null,
    controller: AbortController,
    done: AbortSignal,
  ): Promise<void> {
    const { store, clock, logger } = this.options;
    for (;;) {
      await clock.sleep(BEAT_MS, done);
      if (done.aborted) return;
      try {
        if (!(await store.beat(jobId, progress()))) controller.abort(ENDED.cancelled);
      } catch (error) {
        // It may come back before the work is taken for interrupted.
        logger.warn("rules.job-no-beat", { error });
      }
    }
  }
}

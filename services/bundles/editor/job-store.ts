/**
 * Long work about rules as the database holds it, for every process that shares it.
 *
 * 1. One of each kind at a time, in however many processes.
 * 2. Whoever does work says so every few seconds. Work of which nobody has said so for a while was interrupted: its process is
 *    gone, and it is said of it before anything else is.
 * 3. Work that has ended is not changed any more.
 */

import { randomUUID } from "node:crypto";
import type { Selectable } from "kysely";
import type { Clock } from "../../../platform/clock/clock.js";
import { DatabaseError, storableText } from "../../../platform/database/database.js";
import {
  JOBS_KEPT,
  type JobKind,
  type JobProgress,
  type JobStart,
  type JobSummary,
} from "../../../schemas/http/rules-jobs.js";
import { formatInstant } from "../../../schemas/instant.js";
import type { Reads, RuleJobsTable } from "../tables.js";

/** How often it is said. */
export const BEAT_MS = 1_000;
/** A process that others keep from the processor for so long has hardly ever been seen. */
export const SILENT_MS_MAX = 20_000;
const UNIQUE_VIOLATION = "23505";
/** Of an error, what people read. */
const ERROR_LENGTH_MAX = 2_000;

export type JobEnd =
  | { readonly state: "done"; readonly result: unknown }
  | { readonly state: "failed"; readonly error: string }
  | { readonly state: "cancelled" | "interrupted" };

export interface StoredJob extends JobSummary {
  /** null until it is done. */
  readonly result: unknown;
}

export class JobStore {
  constructor(private readonly options: { readonly tables: Reads; readonly clock: Clock }) {}

  /** @returns the work that was begun; null where some of its kind is under way. @throws DatabaseError. */
  async begin(asked: JobStart, person: string): Promise<JobSummary | null> {
    await this.interruptSilent();
    const now = formatInstant(this.options.clock.now());
    try {
      const row = await this.options.tables
        .insertInto("rule_jobs")
        .values({
          job_id: randomUUID(),
          kind: asked.kind,
          asked: JSON.stringify(asked),
          state: "running",
          started_by: person,
          started_at: now,
          ended_at: null,
          progress: null,
          beat_at: now,
          cancel_asked: false,
          error: null,
          result: null,
        })
        .returningAll()
        .executeTakeFirstOrThrow();
      return summaryOf(row);
    } catch (error) {
      if (error instanceof DatabaseError && error.sqlState === UNIQUE_VIOLATION) return null;
      throw error;
    }
  }

  /** Still at it. @returns whether it goes on: not where somebody wants it to end, or another process gave it up. */
  async beat(jobId: string, progress: JobProgress | null): Promise<boolean> {
    const row = await this.options.tables
      .updateTable("rule_jobs")
      .set({
        beat_at: formatInstant(this.options.clock.now()),
        ...(progress !== null && { progress: JSON.stringify(progress) }),
      })
      .where("job_id", "=", jobId)
      .where("state", "=", "running")
      .returning("cancel_asked")
      .executeTakeFirst();
    return row !== undefined && !row.cancel_asked;
  }

  async end(jobId: string, end: JobEnd): Promise<void> {
    await this.options.tables
      .updateTable("rule_jobs")
      .set({
        state: end.state,
        ended_at: formatInstant(this.options.clock.now()),
        error: end.state === "failed" ? storableText(end.error.slice(0, ERROR_LENGTH_MAX)) : null,
        result: end.state === "done" ? JSON.stringify(end.result) : null,
      })
      .where("job_id", "=", jobId)
      .where("state", "=", "running")
      .execute();
    await this.dropOld();
  }

  /** @returns the work; null where there is none of this name, or none under way any more. */
  async askCancel(jobId: string): Promise<JobSummary | null> {
    await this.interruptSilent();
    const row = await this.options.tables
      .updateTable("rule_jobs")
      .set({ cancel_asked: true })
      .where("job_id", "=", jobId)
      .where("state", "=", "running")
      .returningAll()
      .executeTakeFirst();
    return row === undefined ? null : summaryOf(row);
  }

  /** The latest first, without what came of them. */
  async list(kind: JobKind | null): Promise<readonly JobSummary[]> {
    await this.interruptSilent();
    let query = this.options.tables
      .selectFrom("rule_jobs")
      .select(SUMMARY_COLUMNS)
      .orderBy("started_at", "desc")
      .orderBy("job_id");
    if (kind !== null) query = query.where("kind", "=", kind);
    return (await query.execute()).map(summaryOf);
  }

  async read(jobId: string): Promise<StoredJob | null> {
    await this.interruptSilent();
    const row = await this.options.tables
      .selectFrom("rule_jobs")
      .selectAll()
      .where("job_id", "=", jobId)
      .executeTakeFirst();
    return row === undefined
      ? null
      : { ...summaryOf(row), result: row.result === null ? null : JSON.parse(row.result) };
  }

  private async interruptSilent(): Promise<void> {
    const { tables, clock } = this.options;
    const nowMs = clock.now();
    await tables
      .updateTable("rule_jobs")
      .set({ state: "interrupted", ended_at: formatInstant(nowMs) })
      .where("state", "=", "running")
      .where("beat_at", "<", new Date(nowMs - SILENT_MS_MAX))
      .execute();
  }

  private async dropOld(): Promise<void> {
    const { tables } = this.options;
    await tables
      .deleteFrom("rule_jobs")
      .where("state", "!=", "running")
      .where(({ eb, selectFrom }) =>
        eb(
          selectFrom("rule_jobs as later")
            .select(({ fn }) => fn.countAll<number>().as("count"))
            .whereRef("later.kind", "=", "rule_jobs.kind")
            .whereRef("later.started_at", ">", "rule_jobs.started_at"),
          ">=",
          JOBS_KEPT,
        ),
      )
      .execute();
  }
}

const SUMMARY_COLUMNS = [
  "job_id",
  "kind",
  "asked",
  "state",
  "started_by",
  "started_at",
  "ended_at",
  "progress",
  "error",
] as const;

function summaryOf(row: Pick<Selectable<RuleJobsTable>, (typeof SUMMARY_COLUMNS)[number]>): JobSummary {
  return {
    jobId: row.job_id,
    kind: row.kind,
    asked: row.asked,
    state: row.state,
    startedBy: row.started_by,
    startedAt: formatInstant(row.started_at.getTime()),
    endedAt: row.ended_at === null ? null : formatInstant(row.ended_at.getTime()),
    progress: row.progress,
    error: row.error,
  };
}

/**
 * Does what people asked to be done to many cases, when its time has come.
 *
 * Owns: which operation is done next, and what became of each of its cases.
 * Does not own: the change of a case with its entry in the audit log (cases/cases-work.ts).
 *
 * 1. One process on the database does operations, one after the other; where it dies the next one goes on.
 * 2. A case is changed once: what an interrupted operation did is known by the case's own history, and not done again.
 * 3. A case that stands against it is reported, and the others are done.
 * 4. What nobody was there to do in time is not done any more: nobody expects it.
 */

import { Kysely, sql } from "kysely";
import type { Clock } from "../../../platform/clock/clock.js";
import type { OpenDatabase } from "../../../platform/database/database.js";
import { roundsInTurn } from "../../../platform/database/rounds-in-turn.js";
import type { Logger } from "../../../platform/logger/logger.js";
import type { AskedChange, ChangeResult } from "../../../schemas/case-command.js";
import { formatInstant } from "../../../schemas/instant.js";
import type { AlertsTables } from "../tables.js";
import { areOwnChanges, type CaseBefore, stepsOf } from "./operation-steps.js";
import type { CaseResult, QueueOperationsTable, QueueTables, SeenCase } from "./queue-tables.js";

/** Of all processes on the database one has it. */
const OPERATING = "console.queue-operations";
/** Who pressed has waited ten seconds; half of one more is not seen. */
const LOOK_EVERY_MS = 500;
/** A restart takes seconds. What was asked for ten minutes ago is no longer what one wants done unseen. */
export const EXPIRES_AFTER_MS = 600_000;

export interface OperationRunnerOptions {
  readonly database: OpenDatabase;
  readonly change: (asked: AskedChange) => Promise<ChangeResult>;
  /** Names of those who may still do something. */
  readonly activePeople: () => Promise<ReadonlySet<string>>;
  readonly clock: Clock;
  readonly logger: Logger;
}

type DueOperation = Pick<QueueOperationsTable, "operation_id" | "actor" | "status"> & {
  readonly scope: AskedChange["scope"];
  readonly command: Parameters<typeof stepsOf>[0];
  readonly cases: readonly SeenCase[];
  readonly results: readonly CaseResult[];
  readonly runs_at: Date;
};

export class OperationRunner {
  private readonly tables: Kysely<AlertsTables & QueueTables>;

  constructor(private readonly options: OperationRunnerOptions) {
    this.tables = new Kysely<AlertsTables & QueueTables>({ dialect: options.database.dialect });
  }

  /** Until the signal is aborted. Never rejects for an outage: it waits. */
  run(signal: AbortSignal): Promise<void> {
    const { database, clock, logger } = this.options;
    const onFailure = (error: unknown, attempt: number) =>
      logger.warn("queue.operations-waiting", { error, attempt });
    return roundsInTurn(
      {
        database,
        turn: OPERATING,
        clock,
        onFailure,
        round: async (held) => ((await this.next(held)) ? 0 : LOOK_EVERY_MS),
      },
      signal,
    );
  }

  /** The one that has waited longest. @returns false where none is due. @throws DatabaseError. */
  async next(signal: AbortSignal): Promise<boolean> {
    const nowMs = this.options.clock.now();
    const due = await this.tables
      .selectFrom("queue_operations")
      .selectAll()
      .where("status", "in", ["waiting", "running"])
      .where("runs_at", "<=", new Date(nowMs))
      .orderBy("runs_at")
      .orderBy("operation_id")
      .executeTakeFirst();
    if (due === undefined) return false;
    if (nowMs - due.runs_at.getTime() > EXPIRES_AFTER_MS) await this.settle(due, "expired");
    else if (await this.begin(due)) await this.operate(due, signal);
    return true;
  }

  /** @returns false where it was taken back meanwhile. */
  private async begin({ operation_id, status }: DueOperation): Promise<boolean> {
    if (status === "running") return true;
    const { numUpdatedRows } = await this.tables
      .updateTable("queue_operations")
      .set({ status: "running" })
      .where("operation_id", "=", operation_id)
      .where("status", "=", "waiting")
      .executeTakeFirstOrThrow();
    return numUpdatedRows > 0n;
  }

  private async operate(operation: DueOperation, signal: AbortSignal): Promise<void> {
    const done = new Set(operation.results.map(({ caseId }) => caseId));
    const people = await this.options.activePeople();
    for (const seen of operation.cases.filter(({ caseId }) => !done.has(caseId))) {
      // The next one goes on with it.
      if (signal.aborted) return;
      const result = people.has(operation.actor)
        ? await this.operateOn(operation, seen)
        : refused(seen.caseId, "PERSON_UNKNOWN", `'${operation.actor}' may do nothing any more`);
      await sql`update queue_operations set results = results || ${JSON.stringify([result])}::text::jsonb
        where operation_id = ${operation.operation_id}`.execute(this.tables);
    }
    await this.settle(operation, "done");
  }

  private async operateOn(operation: DueOperation, { caseId, version: seen }: SeenCase): Promise<CaseResult> {
    const { actor, scope, command } = operation;
    const found = await this.standing(operation, { caseId, version: seen });
    if (found.isDone) return { caseId, code: null, detail: null };
    let version = found.version;
    for (const step of stepsOf(command, found.before, actor)) {
      const result = await this.options.change({ caseId, actor, scope, version, command: step });
      if (result.kind === "refused") return refused(caseId, result.code, result.detail);
      version = result.version;
    }
    return { caseId, code: null, detail: null };
  }

  /** Whatever others did to the case meanwhile, the change itself finds and refuses. */
  private async standing({ actor, command, runs_at, status }: DueOperation, { caseId, version }: SeenCase) {
    const work = await this.tables
      .selectFrom("case_work")
      .selectAll()
      .where("case_id", "=", caseId)
      .executeTakeFirst();
    const before: CaseBefore = { state: work?.state ?? "new", assignee: work?.assignee ?? null };
    if (status === "waiting" || work === undefined || work.version === version)
      return { before, version, isDone: false };
    const changes = await this.tables
      .selectFrom("case_history")
      .select(["version", "actor", "action", "at"])
      .where("case_id", "=", caseId)
      .where("version", ">", version)
      .orderBy("version")
      .limit(3)
      .execute();
    const told = changes.map(({ at, ...change }) => ({ ...change, atMs: at.getTime() }));
    if (!areOwnChanges(told, { command, actor, runsAtMs: runs_at.getTime() }))
      return { before, version, isDone: false };
    return { before, version: work.version, isDone: command.kind !== "triage" };
  }

  private async settle({ operation_id }: DueOperation, status: "done" | "expired"): Promise<void> {
    await this.tables
      .updateTable("queue_operations")
      .set({ status, ended_at: formatInstant(this.options.clock.now()) })
      .where("operation_id", "=", operation_id)
      .execute();
  }
}

function refused(caseId: string, code: string, detail: string): CaseResult {
  return { caseId, code, detail };
}

/**
 * What people do to many cases at once: asked for, done a little later, until then taken back.
 *
 * Owns: the rows of `queue_operations`.
 * Does not own: doing it (operation-runner.ts), what it comes to (operation-steps.ts, cases/).
 *
 * 1. Taken back or begun: never both. Each is one statement on a row that waits.
 * 2. Only whoever asked for it sees it and takes it back.
 */

import { Kysely } from "kysely";
import type { OpenDatabase } from "../../../platform/database/database.js";
import type { Scope } from "../../../schemas/console/access.js";
import { OPERATION_WAITS_MS, type QueueCommand, type QueueOperation } from "../../../schemas/http/queue.js";
import { formatInstant } from "../../../schemas/instant.js";
import type { CaseResult, QueueOperationsTable, QueueTables, SeenCase } from "./queue-tables.js";

/** Of one person; who presses faster is no person. */
export const OPERATIONS_WAITING_MAX = 20;
/** The latest of one person: what a page still tells of. */
const OPERATIONS_SHOWN_MAX = 20;
/** What became of each case stands in the cases' own histories. */
const KEPT_MS = 30 * 86_400_000;

export interface AskedOperation {
  readonly operationId: string;
  readonly actor: string;
  readonly scope: Scope;
  readonly command: QueueCommand;
  readonly cases: readonly SeenCase[];
  readonly nowMs: number;
}

export class QueueOperations {
  private readonly tables: Kysely<QueueTables>;

  constructor({ dialect }: Pick<OpenDatabase, "dialect">) {
    this.tables = new Kysely<QueueTables>({ dialect });
  }

  /** @returns null where too many of the actor's wait already. @throws DatabaseError. */
  async ask({
    operationId,
    actor,
    scope,
    command,
    cases,
    nowMs,
  }: AskedOperation): Promise<QueueOperation | null> {
    await this.tables
      .deleteFrom("queue_operations")
      .where("actor", "=", actor)
      .where("asked_at", "<", new Date(nowMs - KEPT_MS))
      .where("ended_at", "is not", null)
      .execute();
    const waiting = await this.tables
      .selectFrom("queue_operations")
      .select("operation_id")
      .where("actor", "=", actor)
      .where("status", "in", ["waiting", "running"])
      .limit(OPERATIONS_WAITING_MAX)
      .execute();
    if (waiting.length === OPERATIONS_WAITING_MAX) return null;
    const row = await this.tables
      .insertInto("queue_operations")
      .values({
        operation_id: operationId,
        actor,
        scope: JSON.stringify(scope),
        command: JSON.stringify(command),
        cases: JSON.stringify(cases),
        status: "waiting",
        asked_at: formatInstant(nowMs),
        runs_at: formatInstant(nowMs + OPERATION_WAITS_MS),
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    return operationOf(row);
  }

  /** The latest first. */
  async list(actor: string): Promise<readonly QueueOperation[]> {
    const rows = await this.tables
      .selectFrom("queue_operations")
      .selectAll()
      .where("actor", "=", actor)
      .orderBy("asked_at", "desc")
      .orderBy("operation_id")
      .limit(OPERATIONS_SHOWN_MAX)
      .execute();
    return rows.map(operationOf);
  }

  /** @returns null where the actor has none of this id. */
  async show(operationId: string, actor: string): Promise<QueueOperation | null> {
    const row = await this.tables
      .selectFrom("queue_operations")
      .selectAll()
      .where("operation_id", "=", operationId)
      .where("actor", "=", actor)
      .executeTakeFirst();
    return row === undefined ? null : operationOf(row);
  }

  /** @returns false where none of the actor's of this id waits. */
  async takeBack(operationId: string, actor: string, nowMs: number): Promise<boolean> {
    const { numUpdatedRows } = await this.tables
      .updateTable("queue_operations")
      .set({ status: "taken-back", ended_at: formatInstant(nowMs) })
      .where("operation_id", "=", operationId)
      .where("actor", "=", actor)
      .where("status", "=", "waiting")
      .executeTakeFirstOrThrow();
    return numUpdatedRows > 0n;
  }
}

interface OperationRow extends Pick<QueueOperationsTable, "operation_id" | "status"> {
  readonly command: QueueCommand;
  readonly cases: readonly SeenCase[];
  readonly results: readonly CaseResult[];
  readonly asked_at: Date;
  readonly runs_at: Date;
}

function operationOf(row: OperationRow): QueueOperation {
  return {
    operationId: row.operation_id,
    command: row.command.kind,
    cases: row.cases.length,
    status: row.status,
    askedAt: formatInstant(row.asked_at.getTime()),
    runsAt: formatInstant(row.runs_at.getTime()),
    results: [...row.results],
  };
}

/**
 * Signs the head of the audit log now and then.
 *
 * Owns: `audit_checkpoints`.
 * Does not own: the chain (audit-log.ts), the keys.
 *
 * 1. Only what follows whole from the checkpoint before is signed: nobody's change gets a signature afterwards.
 * 2. Of all processes on the database one signs. A checkpoint more is none too many.
 */

import { type Kysely, sql } from "kysely";
import type { Clock } from "../clock/clock.js";
import type { OpenDatabase } from "../database/database.js";
import type { Logger } from "../logger/logger.js";
import type { Signer } from "../signer/signer.js";
import { type AuditCheckpoint, signCheckpoint } from "./audit-checkpoint.js";
import { type AuditTables, auditLines } from "./audit-log.js";
import { AuditVerifier } from "./audit-verifier.js";

export interface CheckpointTables extends AuditTables {
  audit_checkpoints: {
    seq: number;
    sha256: string;
    at: string;
    key_id: string;
    ed25519: string;
    sm2: string;
  };
}

/** So many entries are a morning of a busy office: more than that nobody can take back unseen. */
export const ENTRIES_MAX = 100;
/** Fewer are signed when they are a day old. */
export const DAY_MS = 86_400_000;
const LOOK_EVERY_MS = 60_000;
/** Half a megabyte. */
const PAGE_LINES = 500;
const TURN = "audit.checkpoints";

export interface CheckpointerOptions {
  readonly database: OpenDatabase;
  readonly tables: Kysely<CheckpointTables>;
  readonly signer: () => Signer;
  /** ISO 8601 with +08:00. */
  readonly formatInstant: (ms: number) => string;
  readonly clock: Clock;
  readonly logger: Logger;
}

export type CheckpointRound =
  | { readonly kind: "signed"; readonly seq: number }
  | { readonly kind: "not-due" }
  | { readonly kind: "broken"; readonly seq: number };

export class AuditCheckpointer {
  constructor(private readonly options: CheckpointerOptions) {}

  /** Until the signal is aborted. Never rejects: what fails is tried again. */
  async run(signal: AbortSignal): Promise<void> {
    const { database, clock, logger } = this.options;
    while (!signal.aborted) {
      try {
        await database.alone(TURN, signal, async (held) => {
          while (!held.aborted) {
            await this.round();
            await clock.sleep(LOOK_EVERY_MS, held);
          }
        });
      } catch (error) {
        if (signal.aborted) return;
        logger.warn("audit.checkpoint-failed", { error });
        await clock.sleep(LOOK_EVERY_MS, signal);
      }
    }
  }

  /** @throws DatabaseError, SignerError. */
  async round(): Promise<CheckpointRound> {
    const { clock, formatInstant, logger, signer } = this.options;
    const [last, head] = [await this.last(), await this.headSeq()];
    const at = formatInstant(clock.now());
    if (!(await this.isDue(last, head))) return { kind: "not-due" };
    const verifier = new AuditVerifier([], last);
    for (let whole = true; whole && verifier.entries < head; ) {
      const lines = await auditLines(this.options.tables, { afterSeq: verifier.entries, limit: PAGE_LINES });
      whole = lines.length > 0 && lines.every((line) => verifier.push(line));
    }
    const fault = verifier.end();
    if (fault !== null || verifier.entries < head) {
      const seq = fault?.seq ?? verifier.entries + 1;
      logger.error("audit.broken", { sequence: seq });
      return { kind: "broken", seq };
    }
    const signed = await signCheckpoint({ seq: verifier.entries, sha256: verifier.headSha256, at }, signer());
    await this.store(signed);
    return { kind: "signed", seq: signed.seq };
  }

  /** Many entries, or an old one. */
  private async isDue(last: AuditCheckpoint | null, head: number): Promise<boolean> {
    const behind = head - (last?.seq ?? 0);
    if (behind <= 0) return false;
    if (behind >= ENTRIES_MAX) return true;
    const [first] = await auditLines(this.options.tables, { afterSeq: last?.seq ?? 0, limit: 1 });
    const { at } = JSON.parse(first ?? "{}") as { at?: string };
    return at === undefined || this.options.clock.now() - Date.parse(at) >= DAY_MS;
  }

  private async last(): Promise<AuditCheckpoint | null> {
    const [last] = await checkpointsOf(this.options.tables, { order: "desc", afterSeq: 0, limit: 1 });
    return last ?? null;
  }

  private async headSeq(): Promise<number> {
    const { rows } = await sql<{ seq: number | null }>`select max(seq) as seq from audit_log`.execute(
      this.options.tables,
    );
    return rows[0]?.seq ?? 0;
  }

  private async store({ keyId, ...checkpoint }: AuditCheckpoint): Promise<void> {
    await this.options.tables
      .insertInto("audit_checkpoints")
      .values({ ...checkpoint, key_id: keyId })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
}

export async function checkpointsOf(
  tables: Kysely<CheckpointTables>,
  {
    order,
    afterSeq,
    limit,
  }: { readonly order: "asc" | "desc"; readonly afterSeq: number; readonly limit: number },
): Promise<readonly AuditCheckpoint[]> {
  const rows = await tables
    .selectFrom("audit_checkpoints")
    .selectAll()
    .where("seq", ">", afterSeq)
    .orderBy("seq", order)
    .limit(limit)
    .execute();
  return rows.map(({ key_id, ...row }) => ({ ...row, keyId: key_id }));
}

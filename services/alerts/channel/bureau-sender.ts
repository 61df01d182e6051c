/**
 * Hands reports of loss over to the bureau's own system, and asks for those it has not decided.
 *
 * Owns: the rows' status from `pending` on, when each is handed over next.
 * Does not own: which requests there are (request-loss.ts), having each once (the other side, by requestId).
 *
 * 1. A row is marked after the channel has answered: killed between the two, it is handed over again under the same key.
 *    Nothing is lost, nothing counts twice.
 * 2. A report that is not taken waits by itself, the longer the oftener; the others go on. It never gives up: the card of
 *    somebody who reported a loss would stay open in the bureau's system.
 * 3. Of all processes on the database one sends; where it dies the next one begins.
 * 4. What is taken and not decided is asked for, for a month: then an operator is told once, and it is asked daily.
 */

import { Kysely, type Selectable, type Updateable } from "kysely";
import type { BureauAnswer, BureauChannel } from "../../../platform/bureau-channel/bureau-channel.js";
import type { Clock } from "../../../platform/clock/clock.js";
import { backoffMs } from "../../../platform/clock/retry.js";
import { type OpenDatabase, storableText } from "../../../platform/database/database.js";
import { roundsInTurn } from "../../../platform/database/rounds-in-turn.js";
import type { Logger } from "../../../platform/logger/logger.js";
import { formatInstant } from "../../../schemas/instant.js";
import type { BureauRequestsTable, ChannelTables } from "./channel-tables.js";

export interface BureauSenderOptions {
  readonly database: OpenDatabase;
  readonly channel: BureauChannel;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** One after the other at up to ten seconds each: a round ends within minutes. */
const ROUND_ROWS_MAX = 20;
/** The turn that the senders of all processes take. */
export const BUREAU_SENDING = "alerts.bureau-channel";
/** How long a report waits at most for the table to be looked at: somebody may be holding the card. */
const IDLE_MS = 500;
/** Not taken: five minutes at most, for the card is open meanwhile. */
const NOT_TAKEN = { firstMs: 2_000, lastMs: 300_000 };
/** Taken: people decide. */
const NOT_DECIDED = { firstMs: 60_000, lastMs: 86_400_000 };
/** 2^11 minutes are more than a day, so by then it is asked daily; 30 days later it is said. */
const ASKS_UNTIL_ERROR = 41;
/** Doubling beyond it only makes larger numbers of what is cut anyway. */
const DOUBLINGS_MAX = 20;

type RequestRow = Selectable<BureauRequestsTable>;

export class BureauSender {
  private readonly tables: Kysely<ChannelTables>;

  constructor(private readonly options: BureauSenderOptions) {
    this.tables = new Kysely<ChannelTables>({ dialect: options.database.dialect });
  }

  /** Until the signal is aborted. Never rejects for an outage: it waits. */
  run(signal: AbortSignal): Promise<void> {
    const { database, clock, logger } = this.options;
    const onFailure = (error: unknown, attempt: number) =>
      logger.warn("alerts.bureau-waiting", { error, attempt });
    return roundsInTurn(
      {
        database,
        turn: BUREAU_SENDING,
        clock,
        onFailure,
        round: async (held) => ((await this.sendDue(held)) < ROUND_ROWS_MAX ? IDLE_MS : 0),
      },
      signal,
    );
  }

  /** One round, ended early where the signal is aborted. @returns how many were handed over. @throws DatabaseError. */
  async sendDue(signal?: AbortSignal): Promise<number> {
    const due = await this.tables
      .selectFrom("bureau_requests")
      .selectAll()
      .where("status", "in", ["pending", "taken"])
      .where("next_at", "<=", new Date(this.options.clock.now()))
      .orderBy("next_at")
      .orderBy("place")
      .limit(ROUND_ROWS_MAX)
      .execute();
    let handed = 0;
    for (const row of due) {
      if (signal?.aborted === true) break;
      await this.handOver(row);
      handed++;
    }
    return handed;
  }

  private async handOver(row: RequestRow): Promise<void> {
    let answer: BureauAnswer;
    try {
      answer = await this.options.channel.report(noticeOf(row));
    } catch (error) {
      const attempts = row.attempts + 1;
      this.options.logger.warn("alerts.bureau-report-waits", {
        attempt: attempts,
        error,
      });
      return this.mark(row, { attempts, next_at: this.afterMs(NOT_TAKEN, attempts) });
    }
    await this.take(row, answer);
  }

  private async take(row: RequestRow, answer: BureauAnswer): Promise<void> {
    const { logger } = this.options;
    // Asking counts anew: a long outage before says nothing of how soon people decide.
    const attempts = (answer.kind === "taken" && row.status === "pending" ? 0 : row.attempts) + 1;
    switch (answer.kind) {
      case "kept":
        return this.mark(row, { status: "kept", attempts });
      case "taken":
        if (attempts === ASKS_UNTIL_ERROR)
          logger.error("alerts.bureau-report-undecided", { attempt: attempts });
        return this.mark(row, { status: "taken", attempts, next_at: this.afterMs(NOT_DECIDED, attempts) });
      case "accepted":
        return this.mark(row, {
          status: "accepted",
          attempts,
          receipt_no: answer.receiptNo && storableText(answer.receiptNo),
          accepted_at: answer.acceptedAt,
          effective_at: answer.effectiveAt,
        });
      case "refused": {
        logger.error("alerts.bureau-report-refused");
        const refusal = storableText(`${answer.code}: ${answer.reason}`);
        return this.mark(row, { status: "refused", attempts, refusal });
      }
      default:
        answer satisfies never;
    }
  }

  private afterMs(backoff: { firstMs: number; lastMs: number }, attempts: number): string {
    const waitMs = backoffMs(Math.min(attempts, DOUBLINGS_MAX), backoff);
    return formatInstant(this.options.clock.now() + waitMs);
  }

  /** Only of a row that stands as it stood: another sender may have had the turn meanwhile. */
  private async mark(row: RequestRow, change: Updateable<BureauRequestsTable>): Promise<void> {
    await this.tables
      .updateTable("bureau_requests")
      .set(change)
      .where("request_id", "=", row.request_id)
      .where("status", "in", ["pending", "taken"])
      .execute();
  }
}

function noticeOf(row: RequestRow) {
  return {
    requestId: row.request_id,
    personKey: row.person_key,
    cardKey: row.card_key,
    cardTail: row.card_tail,
    credential: row.credential,
    region: row.region,
    reportedAt: formatInstant(row.reported_at.getTime()),
  };
}

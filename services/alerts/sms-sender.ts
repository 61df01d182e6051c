/**
 * Sends what the ledger holds as pending, in the order of the events.
 *
 * Owns: the rows' status from `pending` on.
 * Does not own: which SMS there are (alerts-sink.ts), delivering once (the gateway, by smsId).
 *
 * 1. A row is marked after the gateway has the message: killed between the two, the row is sent again and the gateway
 *    knows it. Nothing is lost; nothing is doubled where the gateway can know.
 * 2. Where the gateway or the vault is not working, the row stays pending and everything waits: no row gives up because
 *    of an outage. A message that the gateway refuses for good is `failed`, and the next one goes.
 * 3. Of all processes on the database one sends: two would hand over the same rows. Where it dies, or loses its turn with
 *    the connection, the next one begins; a message that was under way then is one of invariant 1.
 * 4. A phone number is in memory for the time of the call; it is written nowhere.
 */

import { Kysely } from "kysely";
import type { Clock } from "../../platform/clock/clock.js";
import { backoffMs } from "../../platform/clock/retry.js";
import type { OpenDatabase } from "../../platform/database/database.js";
import type { Logger } from "../../platform/logger/logger.js";
import { type SmsGateway, SmsGatewayError } from "../../platform/sms-gateway/sms-gateway.js";
import type { AlertsTables, SmsReason, SmsStatus } from "./tables.js";

/** What is needed of a contact (the vault keeps more). */
export interface SmsContact {
  readonly phone: string;
}

export interface SmsSenderOptions {
  readonly database: OpenDatabase;
  readonly gateway: SmsGateway;
  /** Null where nobody gave a phone number. */
  readonly contactOf: (personKey: string) => Promise<SmsContact | null>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onStatus: (status: Exclude<SmsStatus, "pending" | "suppressed">) => void;
}

/** Of one round. */
const ROUND_ROWS_MAX = 50;
/** The turn that the senders of all processes take. */
export const SMS_SENDING = "alerts.sms-sender";
/** How long an SMS waits at most for the ledger to be looked at. */
const IDLE_MS = 200;

interface PendingSms {
  readonly sms_id: string;
  readonly person_key: string;
  readonly template: string;
  readonly text: string;
}

interface Sent {
  readonly status: Exclude<SmsStatus, "pending" | "suppressed">;
  readonly reason: SmsReason | null;
}

export class SmsSender {
  private readonly database: Kysely<AlertsTables>;
  /** Since the last round that went through. */
  private failures = 0;

  constructor(private readonly options: SmsSenderOptions) {
    this.database = new Kysely<AlertsTables>({ dialect: options.database.dialect });
  }

  /** Until the signal is aborted. Never rejects for an outage: it waits. */
  async run(signal: AbortSignal): Promise<void> {
    const { database } = this.options;
    while (!signal.aborted)
      await this.orWait(signal, () => database.alone(SMS_SENDING, signal, (held) => this.sendWhile(held)));
  }

  private async sendWhile(held: AbortSignal): Promise<void> {
    while (!held.aborted)
      await this.orWait(held, async () => {
        const settled = await this.sendPending(held);
        this.failures = 0;
        if (settled === 0) await this.options.clock.sleep(IDLE_MS, held);
      });
  }

  /** After a failure waits the longer, the more there were without a round between. */
  private async orWait(signal: AbortSignal, work: () => Promise<void>): Promise<void> {
    const { clock, logger } = this.options;
    try {
      await work();
    } catch (error) {
      this.failures++;
      logger.warn("alerts.sms-waiting", { error, attempt: this.failures });
      await clock.sleep(backoffMs(this.failures), signal);
    }
  }

  /** One round. @returns how many rows were settled. @throws what stands in the way of all of them. */
  async sendPending(signal: AbortSignal): Promise<number> {
    let settled = 0;
    while (settled < ROUND_ROWS_MAX && !signal.aborted) {
      const row = await this.nextPending();
      if (row === undefined) break;
      await this.send(row);
      settled++;
    }
    return settled;
  }

  /** One at a time: rows read before may have been sent by whoever got the turn while this process stood still. */
  private nextPending(): Promise<PendingSms | undefined> {
    return this.database
      .selectFrom("sms")
      .select(["sms_id", "person_key", "template", "text"])
      .where("status", "=", "pending")
      .orderBy("created_at")
      .orderBy("sms_id")
      .limit(1)
      .executeTakeFirst();
  }

  async pendingCount(): Promise<number> {
    const { count } = await this.database
      .selectFrom("sms")
      .select((row) => row.fn.countAll<number>().as("count"))
      .where("status", "=", "pending")
      .executeTakeFirstOrThrow();
    return Number(count);
  }

  private async send(row: PendingSms): Promise<void> {
    const contact = await this.options.contactOf(row.person_key);
    const sent = contact === null ? NO_CONTACT : await this.handOver(row, contact);
    await this.database
      .updateTable("sms")
      .set((row) => ({
        ...sent,
        attempts: row("attempts", "+", sent === NO_CONTACT ? 0 : 1),
        sent_at: sent.status === "sent" ? new Date(this.options.clock.now()).toISOString() : null,
      }))
      .where("sms_id", "=", row.sms_id)
      .where("status", "=", "pending")
      .execute();
    this.options.onStatus(sent.status);
  }

  private async handOver(row: PendingSms, { phone }: SmsContact): Promise<Sent> {
    const { sms_id: smsId, template, text } = row;
    try {
      await this.options.gateway.send({ smsId, phone, template, text });
      return { status: "sent", reason: null };
    } catch (error) {
      if (isRefusal(error)) return { status: "failed", reason: "refused" };
      await this.countAttempt(smsId);
      throw error;
    }
  }

  private async countAttempt(smsId: string): Promise<void> {
    await this.database
      .updateTable("sms")
      .set((row) => ({ attempts: row("attempts", "+", 1) }))
      .where("sms_id", "=", smsId)
      .execute();
  }
}

const NO_CONTACT: Sent = { status: "no-contact", reason: null };

/** Only what the gateway said of this message; everything else may pass. */
function isRefusal(error: unknown): boolean {
  return error instanceof SmsGatewayError && error.code === "REFUSED";
}

/**
 * Sends what the ledger holds as pending, in the order of the events: some at once where the gateway remembers, of one
 * person one after the other.
 *
 * Owns: the rows' status from `pending` on.
 * Does not own: which SMS there are (alerts-sink.ts), delivering once (the gateway, by smsId).
 *
 * 1. Rows are marked after the gateway has their messages: killed between the two, they are sent again and the gateway
 *    knows them. Nothing is lost; nothing is doubled where the gateway can know.
 * 2. Where the gateway or the vault is not working, the row stays pending and everything waits: no row gives up because
 *    of an outage. A message that the gateway refuses for good is `failed`, and the next one goes.
 * 3. Of all processes on the database one sends: two would hand over the same rows. Where it dies, or loses its turn with
 *    the connection, the next one begins; messages that were under way then are those of invariant 1.
 * 4. A phone number is in memory for the time of the call; it is written nowhere.
 */

import { Kysely, sql } from "kysely";
import type { Clock } from "../../../platform/clock/clock.js";
import { backoffMs } from "../../../platform/clock/retry.js";
import type { OpenDatabase } from "../../../platform/database/database.js";
import type { Logger } from "../../../platform/logger/logger.js";
import { type SmsGateway, SmsGatewayError } from "../../../platform/sms-gateway/sms-gateway.js";
import type { AlertsTables, SmsReason, SmsStatus } from "../tables.js";

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
const ROUND_ROWS_MAX = 64;
/**
 * Under way at once where the gateway remembers what it has. One by one each costs three statements and a wait for the
 * disk: for two hundred a second as much as all else that is done about ten thousand swipes. Any other gateway gets
 * one after the other: a kill doubles one at most.
 */
const TOGETHER_MAX = 16;
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
  /** How many more. */
  readonly attempts: number;
}

/** Not the message is at fault: it stays as it is. */
interface Outage extends Omit<Sent, "status"> {
  readonly status: "pending";
  readonly error: unknown;
}

export class SmsSender {
  private readonly database: Kysely<AlertsTables>;
  private readonly togetherMax: number;
  /** Since the last round that went through. */
  private failures = 0;

  constructor(private readonly options: SmsSenderOptions) {
    this.togetherMax = options.gateway.remembers ? TOGETHER_MAX : 1;
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
        if (settled < ROUND_ROWS_MAX) await this.options.clock.sleep(IDLE_MS, held);
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
      const pending = await this.nextPending();
      const rows = firstOfEachPerson(pending);
      settled += await this.send(rows);
      if (pending.length < this.togetherMax && rows.length === pending.length) break;
    }
    return settled;
  }

  /** Never more than are sent at once: rows read before may have been sent by whoever got the turn while this process stood still. */
  private nextPending(): Promise<readonly PendingSms[]> {
    return this.database
      .selectFrom("sms")
      .select(["sms_id", "person_key", "template", "text"])
      .where("status", "=", "pending")
      .orderBy("created_at")
      .orderBy("sms_id")
      .limit(this.togetherMax)
      .execute();
  }

  async pendingCount(): Promise<number> {
    const { count } = await this.database
      .selectFrom("sms")
      .select((row) => row.fn.countAll<number>().as("count"))
      .where("status", "=", "pending")
      .executeTakeFirstOrThrow();
    return Number(count);
  }

  /** All at once. @returns how many were settled. @throws what the first of the others met, after all have ended. */
  private async send(rows: readonly PendingSms[]): Promise<number> {
    if (rows.length === 0) return 0;
    const contacts = await Promise.all(rows.map(({ person_key }) => this.options.contactOf(person_key)));
    const sent = await Promise.all(rows.map((row, i) => this.handOver(row, contacts[i] ?? null)));
    await this.mark(rows, sent);
    for (const { status } of sent) if (status !== "pending") this.options.onStatus(status);
    const outage = sent.find(isOutage);
    if (outage !== undefined) throw outage.error;
    return rows.length;
  }

  /** Never rejects. */
  private async handOver(row: PendingSms, contact: SmsContact | null): Promise<Sent | Outage> {
    if (contact === null) return NO_CONTACT;
    const { sms_id: smsId, template, text } = row;
    try {
      await this.options.gateway.send({ smsId, phone: contact.phone, template, text, values: [] });
      return { status: "sent", reason: null, attempts: 1 };
    } catch (error) {
      if (isRefusal(error)) return { status: "failed", reason: "refused", attempts: 1 };
      return { status: "pending", reason: null, attempts: 1, error };
    }
  }

  private async mark(rows: readonly PendingSms[], sent: readonly (Sent | Outage)[]): Promise<void> {
    const sentAt = new Date(this.options.clock.now()).toISOString();
    const marks = rows.map(({ sms_id }, i) => {
      const { status, reason, attempts } = sent[i]!;
      return { sms_id, status, reason, attempts, sent_at: status === "sent" ? sentAt : null };
    });
    await sql`
      update sms set
        status = given.status, reason = given.reason, attempts = sms.attempts + given.attempts, sent_at = given.sent_at
      from json_to_recordset(${JSON.stringify(marks)}::text::json)
        as given(sms_id text, status text, reason text, attempts integer, sent_at timestamptz)
      where sms.sms_id = given.sms_id and sms.status = 'pending'`.execute(this.database);
  }
}

/** Of one person the next follows when that is settled: they keep their order. */
function firstOfEachPerson(rows: readonly PendingSms[]): readonly PendingSms[] {
  const first = new Map<string, PendingSms>();
  for (const row of rows) if (!first.has(row.person_key)) first.set(row.person_key, row);
  return [...first.values()];
}

const NO_CONTACT: Sent = { status: "no-contact", reason: null, attempts: 0 };

function isOutage(sent: Sent | Outage): sent is Outage {
  return sent.status === "pending";
}

/** Only what the gateway said of this message; everything else may pass. */
function isRefusal(error: unknown): boolean {
  return error instanceof SmsGatewayError && error.code === "REFUSED";
}

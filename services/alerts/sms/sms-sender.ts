/**
 * Sends what the ledger holds as queued: what expires first, then in the order of the events; some at once where the gateway
 * can say later what it has, of one person one after the other.
 *
 * Owns: when rows are handed over, whose turn it is, the waiting.
 * Does not own: which SMS there are (sms-ledger.ts, enqueue-sms.ts), what becomes of those handed over (sms-handover.ts),
 * asking the operator (sms-asker.ts), delivering once (the gateway, by smsId).
 *
 * 1. A row is `sending`, and that is committed, before the gateway is called. Whoever finds such a row at the beginning of
 *    a turn knows that its message may be out: handed over again where the gateway remembers, else `unknown`.
 * 2. Where the gateway, the vault or the database is not working, everything waits: no row gives up because of an outage.
 *    A row that fails again and again steps aside for a while, so that others get their turn.
 * 3. What the gateway answered is not lost with the database: it is written before anything else is done.
 * 4. Of all processes on the database one sends. One that stood still and lost its turn without knowing hands over only what
 *    it has made `sending` itself: nobody else does.
 * 5. A phone number is in memory for the time of the call; it is written nowhere.
 */

import { Kysely, sql } from "kysely";
import type { Clock } from "../../../platform/clock/clock.js";
import type { OpenDatabase } from "../../../platform/database/database.js";
import { roundsInTurn } from "../../../platform/database/rounds-in-turn.js";
import type { Logger } from "../../../platform/logger/logger.js";
import {
  type SmsGateway,
  SmsGatewayError,
  type SmsValue,
} from "../../../platform/sms-gateway/sms-gateway.js";
import type { Severity } from "../../../schemas/fields.js";
import type { SmsSituation } from "../../../schemas/sms-templates.js";
import { ASK_EVERY_MS, firstAskMs, SmsAsker } from "./sms-asker.js";
import { type Handed, handOver } from "./sms-handover.js";
import { notBeforeMs } from "./sms-hours.js";
import { applyMarks, isoOf, type Mark } from "./sms-marks.js";
import type { SmsStatus } from "./sms-state.js";
import type { SmsTables } from "./sms-tables.js";

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
  /**
   * Are hours kept also where a message comes to be sent later than it was meant to be (after an outage)? A demo plays old
   * times, whose hours were kept when the row was made.
   */
  readonly keepsHours?: boolean;
  /** After it is stored. */
  readonly onStatus: (status: SmsStatus) => void;
}

/** Of one round. */
const ROUND_ROWS_MAX = 64;
/**
 * Under way at once where the gateway remembers. Each costs three statements and a wait for the disk: one by one, two hundred
 * a second were as much as all else that is done about ten thousand swipes. By 64 it is a quarter of a millisecond each.
 */
const TOGETHER_MAX = 64;
/** Where the operator can be asked: calls over the network, and each that a kill interrupts has to be asked about. */
const ASKABLE_TOGETHER_MAX = 16;
/** Where neither is so: a kill leaves a person one message to decide about. */
const ALONE = 1;
/** The turn that the senders of all processes take. */
export const SMS_SENDING = "alerts.sms-sender";
/** How long an SMS waits at most for the ledger to be looked at. */
const IDLE_MS = 200;

interface DueSms {
  readonly sms_id: string;
  readonly person_key: string;
  readonly template: SmsSituation;
  readonly severity: Severity;
  readonly text: string;
  readonly values: readonly SmsValue[] | null;
  readonly attempts: number;
  readonly is_expired: boolean;
}

export class SmsSender {
  private readonly database: Kysely<SmsTables>;
  private readonly asker: SmsAsker;
  private readonly togetherMax: number;
  /** What was answered and could not be written. */
  private unwritten: readonly Mark[] = [];
  private isRecovered = false;
  private askedAtMs = Number.NEGATIVE_INFINITY;

  constructor(private readonly options: SmsSenderOptions) {
    const { gateway, database } = options;
    this.togetherMax = togetherMaxOf(gateway);
    this.database = new Kysely<SmsTables>({ dialect: database.dialect });
    this.asker = new SmsAsker(options, this.database);
  }

  /** Until the signal is aborted. Never rejects for an outage: it waits. */
  run(signal: AbortSignal): Promise<void> {
    const { database, clock, logger } = this.options;
    const onFailure = (error: unknown, attempt: number) =>
      logger.warn("alerts.sms-waiting", { error, attempt });
    return roundsInTurn(
      {
        database,
        turn: SMS_SENDING,
        clock,
        onFailure,
        onTurn: () => {
          this.isRecovered = false;
        },
        round: async (held) => {
          const settled = await this.sendQueued(held);
          await this.askDue(held);
          return settled < ROUND_ROWS_MAX ? IDLE_MS : 0;
        },
      },
      signal,
    );
  }

  private async askDue(held: AbortSignal): Promise<void> {
    const nowMs = this.options.clock.now();
    if (held.aborted || nowMs - this.askedAtMs < ASK_EVERY_MS) return;
    await this.asker.askDue();
    this.askedAtMs = nowMs;
  }

  /** One round. @returns how many rows were handed over or settled. @throws what stands in the way of all of them. */
  async sendQueued(signal: AbortSignal): Promise<number> {
    await this.recover();
    let settled = 0;
    while (settled < ROUND_ROWS_MAX && !signal.aborted) {
      const due = await this.nextDue();
      const rows = firstOfEachPerson(await this.withoutThoseForTheDay(due));
      settled += await this.send(rows);
      if (due.length < this.togetherMax && rows.length === due.length) break;
    }
    return settled;
  }

  /** What an earlier turn, or a statement that failed, left behind. */
  private async recover(): Promise<void> {
    if (this.isRecovered) return;
    await this.write(this.unwritten);
    this.unwritten = [];
    const { gateway, clock } = this.options;
    const nowMs = clock.now();
    const left = await this.database
      .selectFrom("sms")
      .select("sms_id")
      .where("status", "=", "sending")
      .execute();
    await this.write(
      left.map(({ sms_id: smsId }) =>
        gateway.remembers
          ? { smsId, to: "queued", atMs: nowMs }
          : {
              smsId,
              to: "unknown",
              reason: "interrupted",
              atMs: nowMs,
              checkAtMs: firstAskMs(gateway, nowMs),
            },
      ),
    );
    this.isRecovered = true;
  }

  /** Never more than are sent at once: rows read before may have been sent by whoever got the turn while this process stood still. */
  private async nextDue(): Promise<readonly DueSms[]> {
    const now = isoOf(this.options.clock.now());
    const { rows } = await sql<DueSms>`
      select sms_id, person_key, template, severity, text, "values", attempts,
        coalesce(expires_at <= ${now}::timestamptz, false) as is_expired
      from sms
      where status = 'queued' and (not_before is null or not_before <= ${now}::timestamptz)
      order by (expires_at is null), created_at, sms_id
      limit ${this.togetherMax}`.execute(this.database);
    return rows;
  }

  /** Of those that have waited into the night the hour is written down. */
  private async withoutThoseForTheDay(due: readonly DueSms[]): Promise<readonly DueSms[]> {
    if (this.options.keepsHours !== true) return due;
    const nowMs = this.options.clock.now();
    const timed = due.map((row) => {
      const { template: situation, severity, is_expired } = row;
      return { row, fromMs: is_expired ? nowMs : notBeforeMs({ situation, severity, atMs: nowMs }) };
    });
    const later = timed.filter(({ fromMs }) => fromMs > nowMs);
    if (later.length > 0) {
      const given = later.map(({ row, fromMs }) => ({ sms_id: row.sms_id, not_before: isoOf(fromMs) }));
      await sql`
        update sms set not_before = given.not_before
        from json_to_recordset(${JSON.stringify(given)}::text::json) as given(sms_id text, not_before timestamptz)
        where sms.sms_id = given.sms_id and sms.status = 'queued'`.execute(this.database);
    }
    return timed.filter(({ fromMs }) => fromMs <= nowMs).map(({ row }) => row);
  }

  /** All at once. @returns how many it was. @throws where all that were handed over met an outage, after all have ended. */
  private async send(rows: readonly DueSms[]): Promise<number> {
    if (rows.length === 0) return 0;
    const phones = await this.phonesOf(rows);
    // Whatever fails from here on until it is written leaves rows that are `sending`.
    this.isRecovered = false;
    const claimed = await this.claim(
      rows.filter(({ sms_id, is_expired }) => phones.has(sms_id) && !is_expired),
    );
    const { gateway, clock } = this.options;
    const handed = await Promise.all(
      claimed.map((row) =>
        handOver({ row, phoneOf: phones.get(row.sms_id)!, gateway, now: () => clock.now() }),
      ),
    );
    const atMs = clock.now();
    const others = rows.flatMap(({ sms_id: smsId, is_expired }): readonly Mark[] => {
      if (is_expired) return [{ smsId, to: "suppressed", reason: "expired", atMs }];
      return phones.has(smsId) ? [] : [{ smsId, to: "no-contact", atMs }];
    });
    this.unwritten = [...handed.map(({ mark }) => mark), ...others];
    await this.write(this.unwritten);
    this.unwritten = [];
    this.isRecovered = true;
    throwOutageOfAll(handed, others.length);
    return rows.length;
  }

  /** By smsId. A contact that cannot be had (a damaged one) is that row's outage, and keeps no other from being sent. */
  private async phonesOf(rows: readonly DueSms[]): Promise<ReadonlyMap<string, () => string>> {
    const found = await Promise.allSettled(rows.map(({ person_key }) => this.options.contactOf(person_key)));
    const phones = new Map<string, () => string>();
    found.forEach((contact, i) => {
      const smsId = rows[i]!.sms_id;
      if (contact.status === "fulfilled") {
        const { value } = contact;
        if (value !== null) phones.set(smsId, () => value.phone);
      } else
        phones.set(smsId, () => {
          throw new SmsGatewayError("UNAVAILABLE", "the contact cannot be read", {
            retryable: true,
            cause: contact.reason,
          });
        });
    });
    return phones;
  }

  /** Committed when this resolves. @returns those that are this process's now. */
  private async claim(rows: readonly DueSms[]): Promise<readonly DueSms[]> {
    if (rows.length === 0) return [];
    const ids = rows.map(({ sms_id }) => sms_id);
    const claimed = await sql<{ sms_id: string }>`
      update sms set status = 'sending', attempts = attempts + 1, asks = 0,
        sending_at = ${isoOf(this.options.clock.now())}::timestamptz
      where sms_id = any(${ids}::text[]) and status = 'queued'
      returning sms_id`.execute(this.database);
    const mine = new Set(claimed.rows.map(({ sms_id }) => sms_id));
    return rows.filter(({ sms_id }) => mine.has(sms_id));
  }

  private async write(marks: readonly Mark[]): Promise<void> {
    for (const { status } of await applyMarks(this.database, marks)) this.options.onStatus(status);
  }
}

function togetherMaxOf({ remembers, query }: SmsGateway): number {
  if (remembers) return TOGETHER_MAX;
  return query === undefined ? ALONE : ASKABLE_TOGETHER_MAX;
}

/** Of one person the next follows when that is settled: they keep their order. */
function firstOfEachPerson(rows: readonly DueSms[]): readonly DueSms[] {
  const first = new Map<string, DueSms>();
  for (const row of rows) if (!first.has(row.person_key)) first.set(row.person_key, row);
  return [...first.values()];
}

/** Where one of them got through it is not the gateway. */
function throwOutageOfAll(handed: readonly Handed[], others: number): void {
  const outages = handed.flatMap(({ outage }) => (outage === null ? [] : [outage]));
  if (outages.length > 0 && outages.length === handed.length && others === 0) throw outages[0]!.error;
}

/** A ledger with orders in it, and a sender whose clock a test moves. */

import { Kysely, type Transaction } from "kysely";
import type { OpenDatabase } from "../../../platform/database/database.js";
import { silentLogger } from "../../../platform/logger/logger.js";
import type { SmsGateway } from "../../../platform/sms-gateway/sms-gateway.js";
import { enqueueSms, type SmsOrder } from "../../../services/alerts/sms/enqueue-sms.js";
import { SmsAsker } from "../../../services/alerts/sms/sms-asker.js";
import { applyMarks } from "../../../services/alerts/sms/sms-marks.js";
import { SmsSender } from "../../../services/alerts/sms/sms-sender.js";
import type { SmsTables } from "../../../services/alerts/sms/sms-tables.js";
import type { AlertsTables } from "../../../services/alerts/tables.js";
import { MINUTE_MS, START_MS } from "../../support/records.js";
import { type AlertsDesk, templates } from "../alerts-desk.js";
import { PERSON } from "../outcome-records.js";

export class SmsDesk {
  nowMs = START_MS;
  readonly statuses: string[] = [];
  keepsHours = false;
  contactOf: (personKey: string) => Promise<{ readonly phone: string }> = async () => ({
    phone: "13812341234",
  });
  readonly signal = new AbortController().signal;

  constructor(private readonly desk: AlertsDesk) {}

  readonly clock = { now: () => this.nowMs, sleep: () => Promise.resolve() };

  later(minutes: number): void {
    this.nowMs += minutes * MINUTE_MS;
  }

  enqueue(smsId: string, fields: Partial<SmsOrder> = {}) {
    return this.desk.tables.transaction().execute((trx) => this.enqueueIn(trx, smsId, fields));
  }

  enqueueIn(trx: Transaction<AlertsTables>, smsId: string, fields: Partial<SmsOrder> = {}) {
    const order: SmsOrder = {
      smsId,
      personKey: PERSON,
      situation: "loss-reported",
      values: { card: "尾号1234" },
      createdAtMs: this.nowMs,
      severity: "critical",
      ...fields,
    };
    return enqueueSms(trx, order, templates);
  }

  enqueueCode(smsId: string, code = "246810") {
    return this.enqueue(smsId, { situation: "login-code", values: { code } });
  }

  /** Two SMS that do not arrive: the person is to be phoned. */
  async unreached(personKey = PERSON): Promise<void> {
    const tables = new Kysely<SmsTables>({ dialect: this.desk.database.dialect });
    for (const smsId of [1, 2].map((n) => `lost-${this.nowMs}-${personKey.slice(0, 4)}-${n}`)) {
      await this.enqueue(smsId, { personKey });
      await applyMarks(tables, [{ smsId, to: "sending", atMs: this.nowMs }]);
      await applyMarks(tables, [{ smsId, to: "failed", reason: "undelivered", atMs: this.nowMs }]);
    }
  }

  sender(gateway: SmsGateway, database: OpenDatabase = this.desk.database) {
    return new SmsSender({ ...this.options(gateway), database });
  }

  asker(gateway: SmsGateway, database: OpenDatabase = this.desk.database) {
    return new SmsAsker(
      { ...this.options(gateway), database },
      new Kysely<SmsTables>({ dialect: database.dialect }),
    );
  }

  send(gateway: SmsGateway): Promise<number> {
    return this.sender(gateway).sendQueued(this.signal);
  }

  ask(gateway: SmsGateway): Promise<number> {
    return this.asker(gateway).askDue();
  }

  row(smsId: string) {
    return this.desk.tables
      .selectFrom("sms")
      .selectAll()
      .where("sms_id", "=", smsId)
      .executeTakeFirstOrThrow();
  }

  async states(): Promise<Readonly<Record<string, string>>> {
    const rows = await this.desk.tables
      .selectFrom("sms")
      .select(["sms_id", "status"])
      .orderBy("sms_id")
      .execute();
    return Object.fromEntries(rows.map(({ sms_id, status }) => [sms_id, status]));
  }

  private options(gateway: SmsGateway) {
    return {
      database: this.desk.database,
      gateway,
      contactOf: (personKey: string) => this.contactOf(personKey),
      clock: this.clock,
      keepsHours: this.keepsHours,
      logger: silentLogger,
      onStatus: (status: string) => void this.statuses.push(status),
    };
  }
}

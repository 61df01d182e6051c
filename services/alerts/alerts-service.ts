/**
 * Alerts: kadun.decisions becomes alerts, cases and SMS.
 *
 * Owns: one consumer for each partition, the senders, the reminders, their end.
 * Does not own: database, log, gateway and bureau (opened and closed by the caller, after `close()`).
 *
 * 1. `ended` rejects when a consumer gave up; the others are stopped then: a process with a dead consumer would look
 *    alive. It resolves after `close()`.
 */

import { setMaxListeners } from "node:events";
import type { BureauChannel } from "../../platform/bureau-channel/bureau-channel.js";
import type { Clock } from "../../platform/clock/clock.js";
import type { OpenDatabase } from "../../platform/database/database.js";
import { migrate } from "../../platform/database/migrations.js";
import type { EventLog } from "../../platform/event-log/event-log.js";
import type { Logger } from "../../platform/logger/logger.js";
import type { Metrics } from "../../platform/metrics/metrics.js";
import type { SmsGateway } from "../../platform/sms-gateway/sms-gateway.js";
import type { Regions } from "../../schemas/bundle/regions.js";
import type { SmsTemplatesFile } from "../../schemas/sms-templates.js";
import { Topic } from "../../schemas/topics.js";
import type { WorkingCalendar } from "../../schemas/working-calendar.js";
import { AlertsMetrics } from "./alerts-metrics.js";
import { AlertsSink } from "./alerts-sink.js";
import { BureauSender } from "./channel/bureau-sender.js";
import { consumeDecisions } from "./decisions-consumer.js";
import { placeName } from "./place-name.js";
import type { HolderDeadline } from "./reminders/reminder-plan.js";
import { Reminders } from "./reminders/reminders.js";
import { type SmsCounts, smsCounts } from "./sms/sms-counts.js";
import { type SmsContact, SmsSender } from "./sms/sms-sender.js";

/** How often the lag is measured. */
const LAG_EVERY_MS = 2_000;
/** A day: whoever learns of a rejected swipe later has no use for an SMS about it. */
export const SMS_STALE_AFTER_MS = 86_400_000;

export interface AlertsServiceOptions {
  readonly log: EventLog;
  readonly database: OpenDatabase;
  /** The folder schemas/postgres. */
  readonly migrationsFolder: string;
  readonly gateway: SmsGateway;
  readonly contactOf: (personKey: string) => Promise<SmsContact | null>;
  readonly templates: SmsTemplatesFile;
  readonly regions: Regions;
  /** Later news is kept in the ledger and not sent; null sends all (a demo plays old times). */
  readonly smsStaleAfterMs: number | null;
  /** false: what is pending in the ledger waits for another process (a rebuild makes tables and sends nothing). */
  readonly isSending?: boolean;
  /** Cardholders' reports to the bureau, and their reminders; none where it is missing. */
  readonly holders?: HolderOptions;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

export interface HolderOptions {
  readonly bureau: BureauChannel;
  readonly calendar: WorkingCalendar;
  /** Deadlines of appeals that are the holders' own and still open. */
  readonly deadlines: () => Promise<readonly HolderDeadline[]>;
}

export interface AlertsPartitionStatus {
  readonly partition: number;
  /** Offset of the next outcome to read. */
  readonly nextOffset: number;
  /** Outcomes in the log that are not applied yet; null where the log could not be asked. */
  readonly lag: number | null;
}

export interface AlertsService {
  readonly ended: Promise<void>;
  status(): Promise<readonly AlertsPartitionStatus[]>;
  /** SMS of the ledger that are to be handed over now: not those that wait for the day. */
  smsPending(): Promise<number>;
  /** What somebody has to do; none where all is well. */
  readonly alarms: readonly string[];
  /** After the batches and the SMS under way. Idempotent. */
  close(): Promise<void>;
}

/** Migrates the database, then runs until closed. @throws DatabaseError of the migrations, EventLogError. */
export async function startAlertsService(options: AlertsServiceOptions): Promise<AlertsService> {
  const logger = options.logger.with({ service: "alerts" });
  await migrate(options.database.dialect, options.migrationsFolder);
  const metrics = new AlertsMetrics(options.metrics);
  const service = new RunningAlerts({ ...options, logger }, metrics);
  await service.start();
  return service;
}

class RunningAlerts implements AlertsService {
  ended: Promise<void> = Promise.resolve();
  alarms: readonly string[] = [];
  private readonly stopping = new AbortController();
  private readonly nextOffsets = new Map<number, number>();
  /** Of the log, by partition, when the service began. */
  private readonly endsAtStart = new Map<number, number>();
  private readonly sink: AlertsSink;
  private readonly sender: SmsSender;

  constructor(
    private readonly options: AlertsServiceOptions,
    private readonly metrics: AlertsMetrics,
  ) {
    const { database, log, clock, logger, templates, regions } = options;
    this.sink = new AlertsSink({
      database,
      log,
      clock,
      logger,
      templates,
      staleAfterMs: options.smsStaleAfterMs,
      placeOf: (code) => placeName(regions.regions, code),
      onApplied: (made) => metrics.made(made),
    });
    const keepsHours = options.smsStaleAfterMs !== null;
    this.sender = new SmsSender({ ...options, keepsHours, onStatus: (status) => metrics.smsStatus(status) });
  }

  async start(): Promise<void> {
    const partitions = await this.options.log.partitionCount(Topic.DECISIONS);
    for (let partition = 0; partition < partitions; partition++)
      this.nextOffsets.set(partition, (await this.sink.progress(partition))?.nextOffset ?? 0);
    for (const partition of this.nextOffsets.keys())
      this.endsAtStart.set(partition, (await this.options.log.bounds(Topic.DECISIONS, partition)).end);
    const { signal } = this.stopping;
    setMaxListeners(Number.POSITIVE_INFINITY, signal); // each partition's consumer waits with it
    const loops = [...this.nextOffsets.keys()].map((partition) => this.consume(partition));
    if (this.options.isSending !== false) loops.push(this.sender.run(signal), ...this.forHolders(signal));
    this.ended = this.allOf([...loops, this.measureLag(signal)]);
    this.ended.catch(() => {}); // whoever awaits it is told; until then it is nobody's unhandled rejection
  }

  async status(): Promise<readonly AlertsPartitionStatus[]> {
    const { log } = this.options;
    return Promise.all(
      [...this.nextOffsets.keys()].map(async (partition) => {
        const bounds = await log.bounds(Topic.DECISIONS, partition).catch(() => null);
        const nextOffset = this.nextOffsets.get(partition) ?? 0;
        return { partition, nextOffset, lag: bounds && Math.max(0, bounds.end - nextOffset) };
      }),
    );
  }

  private forHolders(signal: AbortSignal): readonly Promise<void>[] {
    const { holders } = this.options;
    if (holders === undefined) return [];
    const { bureau: channel, calendar, deadlines } = holders;
    const isCaughtUp = () => this.isCaughtUp();
    return [
      new BureauSender({ ...this.options, channel }).run(signal),
      new Reminders({ ...this.options, calendar, deadlines, isCaughtUp }).run(signal),
    ];
  }

  /** With what lay in the log when the service began. */
  private isCaughtUp(): boolean {
    return [...this.endsAtStart].every(([partition, end]) => (this.nextOffsets.get(partition) ?? 0) >= end);
  }

  async smsPending(): Promise<number> {
    return (await this.smsCounts()).queued;
  }

  private smsCounts(): Promise<SmsCounts> {
    const { database, clock } = this.options;
    return smsCounts(database, clock.now());
  }

  async close(): Promise<void> {
    this.stopping.abort();
    await this.ended.catch(() => {}); // `ended` says it to its own reader
  }

  private consume(partition: number): Promise<void> {
    const { log, clock, logger } = this.options;
    return consumeDecisions({
      log,
      partition,
      sink: this.sink,
      clock,
      logger,
      metrics: this.metrics,
      signal: this.stopping.signal,
      onProgress: ({ nextOffset }) => this.nextOffsets.set(partition, nextOffset),
    });
  }

  /** The first failure stops all; it is said when all have ended. */
  private async allOf(loops: readonly Promise<void>[]): Promise<void> {
    const watched = loops.map((loop) =>
      loop.catch((error: unknown) => {
        this.options.logger.error("alerts.stopped", { error });
        this.stopping.abort();
        throw error;
      }),
    );
    const failed = (await Promise.allSettled(watched)).find(({ status }) => status === "rejected");
    if (failed?.status === "rejected") throw failed.reason;
  }

  private async measureSms(): Promise<void> {
    const counts = await this.smsCounts();
    this.metrics.smsCounts(counts);
    this.alarms =
      counts.toResolve === 0
        ? []
        : [
            `SMS_UNKNOWN: of ${counts.toResolve} SMS nobody knows whether they were sent, and no operator can be asked: 'kadun sms list --status unknown', then 'kadun sms resolve'`,
          ];
  }

  private async measureLag(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.measureSms().catch(() => {}); // the sender says it where the database is away
      // The consumers decide about a log that fails; a figure less is no reason to stop.
      for (const { partition, lag } of await this.status())
        if (lag !== null) this.metrics.lagOf(partition, lag);
      await this.options.clock.sleep(LAG_EVERY_MS, signal);
    }
  }
}

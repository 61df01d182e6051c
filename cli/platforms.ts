/** What the processes stand on: ports, opened by `compose.ts` for a profile. */

import type { AnalyticsDatabase } from "../platform/analytics/analytics-database.js";
import type { BureauChannel } from "../platform/bureau-channel/bureau-channel.js";
import type { Clock } from "../platform/clock/clock.js";
import type { OpenDatabase } from "../platform/database/database.js";
import type { EventLog } from "../platform/event-log/event-log.js";
import type { KeyValue } from "../platform/key-value/key-value.js";
import type { Logger } from "../platform/logger/logger.js";
import type { Metrics } from "../platform/metrics/metrics.js";
import type { SealedBox } from "../platform/sealed-box/sealed-box.js";
import type { SmsGateway } from "../platform/sms-gateway/sms-gateway.js";
import type { StateStore } from "../platform/state-store/state-store.js";

/** Metrics as they are scraped. */
export interface MetricsText {
  readonly contentType: string;
  text(): Promise<string>;
}

/** What every process has. */
export interface ProcessPlatform {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly metricsText: MetricsText;
}

export interface GatewayPlatform extends ProcessPlatform {
  readonly log: EventLog;
  /** Seals contacts and dead letters. */
  readonly box: SealedBox;
  /** Makes tokens of identities. */
  readonly linkageKey: Buffer;
  readonly keyValues: {
    readonly contacts: KeyValue;
    readonly institutions: KeyValue;
    readonly networks: KeyValue;
    readonly redriven: KeyValue;
    /** Persons who moved to another key, and how far the carrier is. */
    readonly moved: KeyValue;
  };
}

export interface DetectorPlatform extends ProcessPlatform {
  readonly log: EventLog;
  readonly store: StateStore;
}

export interface AnalyticsPlatform extends ProcessPlatform {
  readonly log: EventLog;
  readonly analytics: AnalyticsDatabase;
}

export interface AlertsPlatform extends ProcessPlatform {
  readonly log: EventLog;
  readonly box: SealedBox;
  readonly contacts: KeyValue;
  /** Persons who moved to another key: their contacts went with them. */
  readonly moved: KeyValue;
  readonly database: OpenDatabase;
  readonly smsGateway: SmsGateway;
  /** Null where nothing is sent (a rebuild). */
  readonly bureauChannel: BureauChannel | null;
}

/**
 * The composition root of the embedded profile: its adapters behind the ports. The only place that knows both.
 * Opening fails with one clear error; whatever was opened before it is closed again.
 */

import { join } from "node:path";
import type { AnalyticsDatabase } from "../../platform/analytics/analytics-database.js";
import { openChdbDatabase } from "../../platform/analytics/chdb/chdb-database.js";
import { openChdbReader } from "../../platform/analytics/chdb/chdb-reader.js";
import { systemClock } from "../../platform/clock/system-clock.js";
import type { SettingsOf } from "../../platform/config/settings.js";
import { openPgliteDatabase } from "../../platform/database/pglite/pglite-database.js";
import type { EventLog } from "../../platform/event-log/event-log.js";
import { openLmdbEventLog } from "../../platform/event-log/lmdb/lmdb-event-log.js";
import type { KeyValue } from "../../platform/key-value/key-value.js";
import { openLmdbKeyValue } from "../../platform/key-value/lmdb/lmdb-key-value.js";
import { SealedBox } from "../../platform/sealed-box/sealed-box.js";
import { openLmdbStateStore } from "../../platform/state-store/lmdb/lmdb-state-store.js";
import { Topic } from "../../schemas/topics.js";
import { newDatabaseFile } from "../embedded/new-database-file.js";
import type { DataPaths } from "../embedded/paths.js";
import type {
  AlertsPlatform,
  AnalyticsPlatform,
  DetectorPlatform,
  GatewayPlatform,
  ProcessPlatform,
} from "../platforms.js";
import type { BUREAU_SETTINGS } from "../process/bureau-settings.js";
import type { Closers } from "../process/closers.js";
import type { SmsGatewaySettings } from "../process/sms-settings.js";
import { openBureau } from "./bureau.js";
import { openSmsGateway } from "./sms.js";

/** What both processes of an embedded Kadun have. */
export interface Shared extends ProcessPlatform {
  readonly paths: DataPaths;
  readonly partitions: number;
  /** Seals contacts and dead letters. */
  readonly vaultKey: Buffer;
}

export interface SwipePlatform extends Shared, GatewayPlatform, DetectorPlatform {}

export interface OfficePlatform extends Shared, AnalyticsPlatform, AlertsPlatform {
  /** As the swipe process writes it. */
  readonly institutions: KeyValue;
  /** Of the console's pages alone. */
  readonly figuresReader: Pick<AnalyticsDatabase, "query">;
  /** With the topic of day proofs: the one log that the office writes. */
  readonly proofsLog: EventLog;
}

const VAULT_KEY_ID = "vault-1";

/** What the swipe process stands on, embedded. `closers` get everything opened, in order. */
export async function openEmbeddedSwipe(
  shared: Shared & { readonly linkageKey: Buffer },
  closers: Closers,
): Promise<SwipePlatform> {
  const { paths } = shared;
  const opened = async <Part extends { close(): Promise<void> }>(part: Promise<Part>): Promise<Part> =>
    closers.add(await part);
  return {
    ...shared,
    box: boxOf(shared),
    log: await opened(openLog(shared, false)),
    store: await opened(openLmdbStateStore({ path: paths.state, partitions: shared.partitions })),
    keyValues: {
      contacts: await opened(openLmdbKeyValue({ path: paths.contacts })),
      institutions: await opened(openLmdbKeyValue({ path: paths.institutions })),
      networks: await opened(openLmdbKeyValue({ path: paths.networks })),
      redriven: await opened(openLmdbKeyValue({ path: paths.redriven })),
      moved: await opened(openLmdbKeyValue({ path: paths.moved })),
    },
  };
}

/** The office's databases, opened by a command while no office runs. */
export async function openEmbeddedDatabases(
  { paths, logger }: Pick<Shared, "paths" | "logger">,
  closers: Closers,
): Promise<Pick<OfficePlatform, "analytics" | "database">> {
  const onUnpackFailure = (error: unknown) => logger.warn("database.not-unpacked", { error });
  const fresh = { packed: newDatabaseFile, onUnpackFailure };
  return {
    analytics: closers.add(await openChdbDatabase({ directory: paths.analytics })),
    database: closers.add(await openPgliteDatabase({ path: paths.database, ...fresh })),
  };
}

/** Two pages at once: a long query of one does not hold up the other. */
const FIGURES_AT_ONCE = 2;

function openFiguresReader(directory: string) {
  return openChdbReader({ directory, queriesAtOnce: FIGURES_AT_ONCE });
}

export interface SendingSettings {
  readonly sms: SmsGatewaySettings;
  /** Where reports of loss go; null where none is sent. */
  readonly bureau: SettingsOf<typeof BUREAU_SETTINGS> | null;
}

/** What the office stands on, embedded: the logs, contacts and moves as a second process, its own databases. */
export async function openEmbeddedOffice(
  shared: Shared,
  { sms, bureau }: SendingSettings,
  closers: Closers,
): Promise<OfficePlatform> {
  const { paths, clock, logger } = shared;
  return {
    ...shared,
    box: boxOf(shared),
    log: closers.add(await openLog(shared, true)),
    proofsLog: closers.add(await openProofsLog(shared)),
    contacts: closers.add(await openLmdbKeyValue({ path: paths.contacts, readOnly: true })),
    moved: closers.add(await openLmdbKeyValue({ path: paths.moved, readOnly: true })),
    institutions: closers.add(await openLmdbKeyValue({ path: paths.institutions, readOnly: true })),
    ...(await openEmbeddedDatabases(shared, closers)),
    figuresReader: closers.add(await openFiguresReader(paths.analytics)),
    smsGateway: closers.add(await openSmsGateway(sms, { clock, logger, outbox: paths.outbox })),
    bureauChannel:
      bureau === null ? null : await openBureau({ ...bureau, outbox: paths.bureauOutbox }, clock, closers),
  };
}

/** The logs of a data directory as a second process sees them. */
export function openLogReadOnly(paths: DataPaths, partitions: number): Promise<EventLog> {
  return openLog({ paths, partitions, clock: systemClock }, true);
}

/** Of the office; a command opens it while no office runs. */
export function openProofsLog({
  paths,
  partitions,
  clock,
}: Pick<Shared, "paths" | "partitions" | "clock">): Promise<EventLog> {
  return openLmdbEventLog({
    path: join(paths.proofs, "log"),
    clock,
    topics: { [Topic.DAY_PROOFS]: { partitions, durability: "durable" } },
  });
}

function openLog(
  { paths, partitions, clock }: Pick<Shared, "paths" | "partitions" | "clock">,
  readOnly: boolean,
): Promise<EventLog> {
  return openLmdbEventLog({
    path: paths.log,
    readOnly,
    clock,
    topics: {
      [Topic.JOURNAL]: { partitions, durability: "durable" },
      [Topic.DECISIONS]: { partitions, durability: "derived" },
      [Topic.DEAD_LETTERS]: { partitions: 1, durability: "durable" },
    },
  });
}

function boxOf({ vaultKey }: Pick<Shared, "vaultKey">): SealedBox {
  return new SealedBox({ id: VAULT_KEY_ID, key: vaultKey });
}

/** The data directory of an embedded Kadun, opened by the process that owns it: format, lock, keys. */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "../../platform/clock/system-clock.js";
import {
  DataDirectoryError,
  type DataFormat,
  openDataDirectory,
} from "../../platform/lifecycle/data-directory.js";
import { openKeyFile } from "../../platform/lifecycle/key-file.js";
import { type OwnerLock, takeOwnerLock } from "../../platform/lifecycle/owner-lock.js";
import { createPinoLogger } from "../../platform/logger/pino/pino-logger.js";
import { PrometheusMetrics } from "../../platform/metrics/prometheus/prometheus-metrics.js";
import { formatInstant } from "../../schemas/instant.js";
import type { Shared } from "../compose/embedded.js";
import { type DataPaths, pathsOf } from "./paths.js";
import type { EmbeddedSettings } from "./settings.js";

/** Changes when an older program could not read the directory any more. */
export const FORMAT_VERSION = 2;
/** From here on persons lie in the partition of Kafka's default partitioner; with one partition there is no difference. */
const FORMAT_OF_PLACES = 2;
export const PRODUCT = "kadun";

export interface OwnedData {
  readonly shared: Shared & { readonly linkageKey: Buffer };
  readonly lock: OwnerLock;
}

/** For the swipe process. @throws DataDirectoryError, OwnerLockError, KeyFileError. */
export function openOwnedData(settings: EmbeddedSettings): OwnedData {
  const paths = pathsOf(settings.data);
  const { format } = openDataDirectory(paths.data, wantedFormat(settings));
  checkPlaces(paths.data, format);
  const lock = takeOwnerLock(paths.lock);
  try {
    // Keys are made before the first byte of data: where there is a log, both must be there.
    const mayMake = !existsSync(paths.log);
    const vaultKey = openKeyFile(paths.vaultKey, { mayMake });
    const linkageKey = openKeyFile(paths.linkageKey, { mayMake });
    return { shared: { ...sharedOf(settings, paths, format, "swipe"), vaultKey, linkageKey }, lock };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** For the office, of a directory that its swipe process has opened. */
export function openOfficeData(settings: EmbeddedSettings): Shared {
  const paths = pathsOf(settings.data);
  const { format } = openDataDirectory(paths.data, wantedFormat(settings));
  const vaultKey = openKeyFile(paths.vaultKey, { mayMake: false });
  return { ...sharedOf(settings, paths, format, "office"), vaultKey };
}

function checkPlaces(path: string, { formatVersion, partitions }: DataFormat): void {
  if (formatVersion >= FORMAT_OF_PLACES || partitions === 1) return;
  throw new DataDirectoryError(
    "FOREIGN",
    `${path}: made by an earlier program with ${partitions} partitions (format ${formatVersion}); persons would be looked for in others now. Feed what was fed there into a new directory`,
  );
}

function wantedFormat({ partitions }: EmbeddedSettings): DataFormat {
  return {
    product: PRODUCT,
    formatVersion: FORMAT_VERSION,
    createdAt: formatInstant(systemClock.now()),
    partitions,
  };
}

function sharedOf(
  { logLevel }: EmbeddedSettings,
  paths: DataPaths,
  { partitions }: DataFormat,
  service: string,
): Omit<Shared, "vaultKey"> {
  const metrics = new PrometheusMetrics();
  const logger = createPinoLogger({ level: logLevel }).with({ service });
  return { paths, partitions, clock: systemClock, logger, metrics, metricsText: metrics };
}

export function programPath(packageRoot: string): string {
  return join(packageRoot, "dist", "cli", "main.js");
}

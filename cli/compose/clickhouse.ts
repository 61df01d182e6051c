/** ClickHouse as the roles use it: its options from settings, its refusals with the settings behind them. */

import { AnalyticsError } from "../../platform/analytics/analytics-database.js";
import { openClickhouseDatabase } from "../../platform/analytics/clickhouse/clickhouse-database.js";
import type {
  ClickhouseOptions,
  ClickhouseTls,
} from "../../platform/analytics/clickhouse/clickhouse-options.js";
import type { SettingsOf } from "../../platform/config/settings.js";
import { fileOf } from "../distributed/read-settings.js";
import type { CLICKHOUSE_SETTINGS } from "../distributed/settings.js";
import { OperatingError, UsageError } from "../exit-status.js";

type ClickhouseSettings = SettingsOf<typeof CLICKHOUSE_SETTINGS>;

const TLS_SETTINGS =
  "KADUN_CLICKHOUSE_URL, KADUN_CLICKHOUSE_CA_FILE, KADUN_CLICKHOUSE_CERTIFICATE_FILE, KADUN_CLICKHOUSE_KEY_FILE";

/** @throws UsageError, OperatingError naming the settings to look at, AnalyticsError. */
export async function openClickhouse(settings: ClickhouseSettings) {
  const options = clickhouseOptions(settings);
  try {
    return await openClickhouseDatabase(options);
  } catch (error) {
    // Over TLS and not to be had again: a certificate, or what is asked for one.
    const isOfTls = error instanceof AnalyticsError && isTls(settings) && !error.retryable;
    if (!isOfTls || error.code === "NOT_AUTHORIZED") throw error;
    throw new OperatingError(`${error.message}; see ${TLS_SETTINGS}`);
  }
}

/** @throws UsageError where settings do not go together. */
export function clickhouseOptions(settings: ClickhouseSettings): ClickhouseOptions {
  const { clickhouseUrl, clickhouseUser, clickhousePasswordFile, clickhouseDatabase } = settings;
  const tls = tlsOf(settings);
  return {
    url: clickhouseUrl,
    user: clickhouseUser,
    password: fileOf("KADUN_CLICKHOUSE_PASSWORD_FILE", clickhousePasswordFile)?.trimEnd() ?? "",
    database: clickhouseDatabase,
    ...(tls === null ? {} : { tls }),
  };
}

function isTls({ clickhouseUrl }: ClickhouseSettings): boolean {
  return new URL(clickhouseUrl).protocol === "https:";
}

function tlsOf(settings: ClickhouseSettings): ClickhouseTls | null {
  const { clickhouseCaFile, clickhouseCertificateFile, clickhouseKeyFile, clickhousePasswordFile } = settings;
  if (!isTls(settings)) {
    refuseUnused({
      KADUN_CLICKHOUSE_CA_FILE: clickhouseCaFile,
      KADUN_CLICKHOUSE_CERTIFICATE_FILE: clickhouseCertificateFile,
      KADUN_CLICKHOUSE_KEY_FILE: clickhouseKeyFile,
    });
    return null;
  }
  const ca = fileOf("KADUN_CLICKHOUSE_CA_FILE", clickhouseCaFile);
  const certificate = fileOf("KADUN_CLICKHOUSE_CERTIFICATE_FILE", clickhouseCertificateFile);
  const key = fileOf("KADUN_CLICKHOUSE_KEY_FILE", clickhouseKeyFile);
  if ((certificate === null) !== (key === null))
    throw new UsageError(
      "KADUN_CLICKHOUSE_CERTIFICATE_FILE, KADUN_CLICKHOUSE_KEY_FILE: one is set without the other; a client's certificate needs its key",
    );
  if (certificate !== null && clickhousePasswordFile !== "")
    throw new UsageError(
      "KADUN_CLICKHOUSE_CERTIFICATE_FILE, KADUN_CLICKHOUSE_PASSWORD_FILE: both are set; the server lets a user in by certificate or by password, take one away",
    );
  if (ca === null && certificate === null) return null;
  return {
    ...(ca === null ? {} : { ca }),
    ...(certificate === null || key === null ? {} : { client: { certificate, key } }),
  };
}

/** Who gives a certificate believes that it is used. */
function refuseUnused(given: Readonly<Record<string, string>>): void {
  const names = Object.keys(given).filter((name) => given[name] !== "");
  if (names.length === 0) return;
  throw new UsageError(
    `${names.join(", ")}: given, but KADUN_CLICKHOUSE_URL begins with http://; let it begin with https://, or take ${names.length === 1 ? "it" : "them"} away`,
  );
}

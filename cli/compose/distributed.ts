/**
 * The composition root of the distributed profile: real servers behind the ports, opened from a role's settings.
 * Opening fails with one clear error; whatever was opened before it is closed again (`closers`).
 */

import type { SettingsOf } from "../../platform/config/settings.js";
import type { OpenDatabase } from "../../platform/database/database.js";
import { openPostgresDatabase } from "../../platform/database/postgres/postgres-database.js";
import { openDatabaseKeyValue } from "../../platform/key-value/database/database-key-value.js";
import type { KeyValue } from "../../platform/key-value/key-value.js";
import { SealedBox } from "../../platform/sealed-box/sealed-box.js";
import { openRedisStateStore } from "../../platform/state-store/redis/redis-state-store.js";
import { openRoleKey } from "../distributed/role-key.js";
import type {
  CLICKHOUSE_SETTINGS,
  POSTGRES_SETTINGS,
  REDIS_SETTINGS,
  SMS_SETTINGS,
  VAULT_SETTINGS,
} from "../distributed/settings.js";
import { OperatingError, UsageError } from "../exit-status.js";
import type { ProcessPlatform } from "../platforms.js";
import type { Closers } from "../process/closers.js";
import { openClickhouse } from "./clickhouse.js";
import { openSmsGateway } from "./sms.js";

/** The stores of the one table of registers. */
const NAMESPACES = {
  contacts: "contacts",
  institutions: "institutions",
  networks: "networks",
  redriven: "redriven",
  moved: "moved",
  bundles: "bundles",
  activations: "activations",
} as const;
export type RegisterName = keyof typeof NAMESPACES;

export function openBox({ vaultKeyFile }: SettingsOf<typeof VAULT_SETTINGS>): SealedBox {
  return new SealedBox({ id: "vault-1", key: openRoleKey("KADUN_VAULT_KEY_FILE", vaultKeyFile) });
}

export async function openPostgres(
  { postgresUrl }: SettingsOf<typeof POSTGRES_SETTINGS>,
  closers: Closers,
): Promise<OpenDatabase> {
  return closers.add(await openPostgresDatabase({ url: postgresUrl }));
}

export function openRegister(
  database: OpenDatabase,
  name: RegisterName,
  closers: Closers,
  access: { readonly readOnly: boolean } = { readOnly: false },
): KeyValue {
  return closers.add(openDatabaseKeyValue({ database, namespace: NAMESPACES[name], ...access }));
}

export async function openStore(
  { redisUrl }: SettingsOf<typeof REDIS_SETTINGS>,
  { logger }: ProcessPlatform,
  closers: Closers,
) {
  try {
    return closers.add(await openRedisStateStore({ url: redisUrl, logger }));
  } catch (error) {
    // The address, which the table of settings only looks at from outside.
    if (error instanceof RangeError) throw new UsageError(`KADUN_REDIS_URL: ${error.message}`);
    throw error;
  }
}

export async function openAnalytics(settings: SettingsOf<typeof CLICKHOUSE_SETTINGS>, closers: Closers) {
  return closers.add(await openClickhouse(settings));
}

export async function openSms(
  settings: SettingsOf<typeof SMS_SETTINGS>,
  { clock, logger }: ProcessPlatform,
  closers: Closers,
) {
  const { smsOutbox } = settings;
  try {
    return closers.add(await openSmsGateway(settings, { clock, logger, outbox: smsOutbox }));
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (syscall === undefined) throw error;
    throw new OperatingError(
      `KADUN_SMS_OUTBOX: ${smsOutbox}: ${syscall} failed (${code}); name a file in a folder where the user that runs this program may write`,
    );
  }
}

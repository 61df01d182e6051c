/** What a server must be like before state is given to it. */

import { type Logger, silentLogger } from "../../logger/logger.js";
import { StateStoreError } from "../state-store.js";
import type { RedisConnection } from "./redis-connection.js";

const POLICY_WANTED = "noeviction";

/** @throws StateStoreError SETTINGS, NOT_AUTHORIZED, UNREACHABLE. */
export async function checkServer(connection: RedisConnection, logger: Logger = silentLogger): Promise<void> {
  // Puts are transactions; without the right to them their parts would run one by one.
  const nothing = [
    { command: "MULTI", args: [] },
    { command: "EXEC", args: [] },
  ];
  await connection.call("begin a transaction", nothing);
  const info = await infoOf(connection, logger);
  const { server } = connection;
  if (info.get("role") === "slave")
    throw new StateStoreError(
      "SETTINGS",
      `Redis ${server} is a replica of ${info.get("master_host")}:${info.get("master_port")} and takes no writes; give the address of the master`,
    );
  const policy = info.get("maxmemory_policy") ?? (await configuredPolicy(connection));
  if (policy === null) logger.warn("state-store.settings-unknown", { reason: "maxmemory-policy" });
  else if (policy !== POLICY_WANTED)
    throw new StateStoreError(
      "SETTINGS",
      `Redis ${server}: maxmemory-policy is ${policy}, by which the server throws away what it was given when its memory is full; set it to ${POLICY_WANTED} (CONFIG SET maxmemory-policy ${POLICY_WANTED}, and in redis.conf or the provider's parameters)`,
    );
  if (info.get("aof_enabled") === "0")
    logger.warn("state-store.not-kept", {
      reason: "appendonly is off: after a restart of the server state is rebuilt from the journal",
    });
}

/** Names and values of INFO; empty where it is denied. */
async function infoOf(connection: RedisConnection, logger: Logger): Promise<ReadonlyMap<string, string>> {
  const text = await unlessDenied(() => connection.call("read its INFO", [{ command: "INFO", args: [] }]));
  if (!Buffer.isBuffer(text)) {
    logger.warn("state-store.settings-unknown", { reason: "INFO" });
    return new Map();
  }
  const pairs = text
    .toString()
    .split("\r\n")
    .map((line) => /^([a-z_0-9]+):(.*)$/.exec(line));
  return new Map(pairs.flatMap((pair) => (pair === null ? [] : [[pair[1]!, pair[2]!] as const])));
}

async function configuredPolicy(connection: RedisConnection): Promise<string | null> {
  const args = ["GET", "maxmemory-policy"];
  const reply = await unlessDenied(() => connection.call("read its settings", [{ command: "CONFIG", args }]));
  const value: unknown = Array.isArray(reply) ? reply[1] : null;
  return Buffer.isBuffer(value) ? value.toString() : null;
}

/** Managed servers deny CONFIG by an ACL or have no such command. NOAUTH and WRONGPASS are not meant. */
async function unlessDenied(read: () => Promise<readonly unknown[]>): Promise<unknown> {
  try {
    return (await read())[0];
  } catch (error) {
    if (!(error instanceof StateStoreError)) throw error;
    const why = error.cause instanceof Error ? error.cause.message : "";
    if (/^NOPERM|unknown command|^ERR .*CONFIG/i.test(why)) return null;
    throw error;
  }
}

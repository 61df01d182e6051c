/** How the library is told to behave: its defaults apply writes twice, and never settle some of them. */

import type { RedisOptions } from "ioredis";
import {
  COMMAND_TIMEOUT_DEFAULT_MS,
  CONNECT_TIMEOUT_DEFAULT_MS,
  type RedisAddress,
  type RedisStateStoreSettings,
  type RedisTls,
} from "./redis-options.js";

const RECONNECT_MS_FIRST = 50;
const RECONNECT_MS_MAX = 1_000;

export function clientOptions(address: RedisAddress, settings: RedisStateStoreSettings) {
  return {
    host: address.host,
    port: address.port,
    db: address.db,
    ...(address.username === null ? {} : { username: address.username }),
    ...(address.password === null ? {} : { password: address.password }),
    ...(address.tls === null ? {} : { tls: tlsOptions(address.tls) }),
    lazyConnect: true,
    commandTimeout: settings.commandTimeoutMs ?? COMMAND_TIMEOUT_DEFAULT_MS,
    connectTimeout: settings.connectTimeoutMs ?? CONNECT_TIMEOUT_DEFAULT_MS,
    // How long the library waits for the server's side to close: a stuck server does not, and a closed one has.
    disconnectTimeout: 1,
    retryStrategy: (attempt: number) =>
      Math.min(RECONNECT_MS_MAX, RECONNECT_MS_FIRST * 2 ** Math.min(attempt - 1, 10)),
    // Whatever is sent again is sent by us (redis-connection.ts, 1). By its defaults the library does it on its own;
    // with the first of these alone it never settles what it may not send again.
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    // A server that is loading says so to every command, and that passes.
    enableReadyCheck: false,
    // RESP2: every server and proxy speaks it, and replies have one shape.
    protocol: 2 as const,
    disableClientInfo: true,
  } satisfies RedisOptions;
}

function tlsOptions(tls: RedisTls): NonNullable<RedisOptions["tls"]> {
  return {
    ...(tls.serverName === undefined ? {} : { servername: tls.serverName }),
    ...(tls.ca === undefined ? {} : { ca: tls.ca }),
    ...(tls.certificate === undefined ? {} : { cert: tls.certificate }),
    ...(tls.key === undefined ? {} : { key: tls.key }),
  };
}

/** One Redis of this process, on a free port of 127.0.0.1: a child process in a temporary directory, or a container. */

import { serverMode } from "../../../tools/server-mode.js";
import { ContainerServer } from "./container-server.js";
import { freePorts } from "./free-ports.js";
import { redisImage } from "./images.js";
import type { Server } from "./server.js";
import { makeServerDirectory, removeServerDirectory } from "./server-directory.js";
import { ServerProcess } from "./server-process.js";

const HOST = "127.0.0.1";

export interface RedisServerOptions {
  /** Keep what was written over a restart (AOF, a write is in the file before it is answered); default false. */
  readonly appendOnly?: boolean;
  /** It is ready when it has all of the other's data. A promoted one is this one's replica again when started anew. */
  readonly replicaOf?: RedisServer;
  readonly password?: string;
  /** More arguments of redis-server. */
  readonly extra?: readonly string[];
}

export interface RedisServer {
  /** redis://[:password@]127.0.0.1:port */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly password: string | null;
  /** Of the last start. */
  readonly pid: number;
  /** kill -9. */
  kill(): Promise<void>;
  /** Orderly. */
  stop(): Promise<void>;
  /** Same port, and the same data with `appendOnly`; resolves when ready. */
  start(): Promise<void>;
  /** SIGSTOP and SIGCONT. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** kill -9 and the directory removed. */
  close(): Promise<void>;
}

export async function startRedis(options: RedisServerOptions = {}): Promise<RedisServer> {
  const mode = await serverMode();
  const directory = makeServerDirectory();
  const [port] = await freePorts(1);
  const server = mode === "docker" ? redisContainer(options, port!) : redisProcess(options, port!, directory);
  const close = async (): Promise<void> => {
    await server.discard();
    removeServerDirectory(directory);
  };
  try {
    await server.start();
  } catch (error) {
    await close();
    throw error;
  }
  return redisOf(server, port!, options.password ?? null, close);
}

function redisProcess(options: RedisServerOptions, port: number, directory: string): Server {
  return new ServerProcess({
    name: "Redis",
    directory,
    logName: "redis",
    command: "redis-server",
    arguments: [...redisArguments(options, port), "--dir", directory],
    readyLine:
      options.replicaOf === undefined
        ? /Ready to accept connections/
        : /MASTER <-> REPLICA sync: (Finished with|Successful)/,
  });
}

function redisContainer(options: RedisServerOptions, port: number): Server {
  const password = options.password ?? null;
  return new ContainerServer(redisImage({ port, password, arguments: redisArguments(options, port) }));
}

function redisArguments(options: RedisServerOptions, port: number): readonly string[] {
  const { appendOnly = false, replicaOf, password, extra = [] } = options;
  const where = ["--port", String(port), "--bind", HOST];
  const kept = ["--save", "", "--appendonly", appendOnly ? "yes" : "no", "--appendfsync", "always"];
  // A replica need not wait for others that might come too.
  const copied = ["--repl-diskless-sync-delay", "0"];
  const replica = replicaOf === undefined ? [] : ["--replicaof", replicaOf.host, String(replicaOf.port)];
  const masterPassword = replicaOf?.password ?? null;
  return [
    ...where,
    ...kept,
    ...copied,
    ...replica,
    ...(masterPassword === null ? [] : ["--masterauth", masterPassword]),
    ...(password === undefined ? [] : ["--requirepass", password]),
    ...extra,
  ];
}

function redisOf(
  server: Server,
  port: number,
  password: string | null,
  close: () => Promise<void>,
): RedisServer {
  const login = password === null ? "" : `:${encodeURIComponent(password)}@`;
  return {
    url: `redis://${login}${HOST}:${port}`,
    host: HOST,
    port,
    password,
    get pid() {
      return server.pid;
    },
    kill: () => server.kill(),
    stop: () => server.stop(),
    start: () => server.start(),
    pause: () => server.pause(),
    resume: () => server.resume(),
    close,
  };
}

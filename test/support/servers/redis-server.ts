/** One Redis as a child process of this process, on a free port of 127.0.0.1, in a temporary directory. */

import { freePorts } from "./free-ports.js";
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
  const directory = makeServerDirectory();
  const [port] = await freePorts(1);
  const process = new ServerProcess({
    name: "Redis",
    directory,
    logName: "redis",
    command: "redis-server",
    arguments: redisArguments(options, directory, port!),
    readyLine:
      options.replicaOf === undefined
        ? /Ready to accept connections/
        : /MASTER <-> REPLICA sync: (Finished with|Successful)/,
  });
  const close = async (): Promise<void> => {
    await process.kill();
    removeServerDirectory(directory);
  };
  try {
    await process.start();
  } catch (error) {
    await close();
    throw error;
  }
  return redisOf(process, port!, options.password ?? null, close);
}

function redisArguments(options: RedisServerOptions, directory: string, port: number): readonly string[] {
  const { appendOnly = false, replicaOf, password, extra = [] } = options;
  const where = ["--port", String(port), "--bind", HOST, "--dir", directory];
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
  process: ServerProcess,
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
      return process.pid;
    },
    kill: () => process.kill(),
    stop: () => process.stop(),
    start: () => process.start(),
    pause: () => process.pause(),
    resume: () => process.resume(),
    close,
  };
}

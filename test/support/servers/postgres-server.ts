/**
 * One PostgreSQL of this process, on a free port of 127.0.0.1: a child process in a temporary directory, or a container.
 * It refuses to run as root: there the child process runs as the user `postgres` of the Debian package.
 */

import { execFile, execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chownSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Standing } from "../../../bench/load/standing.js";
import { postgresPrograms } from "../../../tools/postgres-programs.js";
import { serverMode } from "../../../tools/server-mode.js";
import { ContainerServer } from "./container-server.js";
import { freePorts } from "./free-ports.js";
import { postgresImage } from "./images.js";
import type { Server } from "./server.js";
import { makeServerDirectory, removeServerDirectory } from "./server-directory.js";
import { ServerProcess } from "./server-process.js";

const HOST = "127.0.0.1";
const SUPERUSER = "kadun";

export interface PostgresServer {
  /** postgres://kadun:password@127.0.0.1:port/postgres, the superuser. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** Of the last start. */
  readonly pid: number;
  /** kill -9 of the server and all its sessions. */
  kill(): Promise<void>;
  /** Orderly: sessions are ended ("fast"). */
  stop(): Promise<void>;
  /** Same port, same data; resolves when ready. */
  start(): Promise<void>;
  /** SIGSTOP and SIGCONT of the server and all its sessions. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** kill -9 and the directory removed. */
  close(): Promise<void>;
}

export interface PostgresServerOptions {
  /** To what comes first; not in a container. */
  readonly standing?: Standing;
}

export async function startPostgres({
  standing = "same",
}: PostgresServerOptions = {}): Promise<PostgresServer> {
  const mode = await serverMode();
  const directory = makeServerDirectory();
  const password = randomBytes(12).toString("hex");
  const [port] = await freePorts(1);
  let server: Server | null = null;
  const close = async (): Promise<void> => {
    await server?.discard();
    removeServerDirectory(directory);
  };
  try {
    server =
      mode === "docker"
        ? new ContainerServer(
            postgresImage({ port: port!, user: SUPERUSER, password, settings: settings(port!) }),
          )
        : await postgresProcess(directory, { port: port!, password, standing });
    await server.start();
    return postgresOf(server, port!, password, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function postgresProcess(
  directory: string,
  { port, password, standing }: { port: number; password: string; standing: Standing },
): Promise<Server> {
  const programs = postgresPrograms();
  if (programs === null) throw new Error("PostgreSQL is not installed: run 'npm run setup:servers'");
  const user = serverUser();
  const data = await initialise(programs, directory, user, password);
  return new ServerProcess({
    name: "PostgreSQL",
    directory,
    logName: "postgres",
    command: join(programs, "postgres"),
    arguments: ["-D", data, "-c", "unix_socket_directories=", ...settings(port)],
    ...(user === null ? {} : { user }),
    readyLine: /database system is ready to accept connections/,
    stopSignal: "SIGINT",
    standing,
  });
}

function settings(port: number): readonly string[] {
  const values = {
    listen_addresses: HOST,
    port: String(port),
    // A killed process loses nothing by it; only a power cut would.
    fsync: "off",
    max_connections: "200",
    shared_buffers: "64MB",
  };
  return Object.entries(values).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}

interface SystemUser {
  readonly uid: number;
  readonly gid: number;
}

/** null: as this process. */
function serverUser(): SystemUser | null {
  if (process.getuid?.() !== 0) return null;
  const id = (flag: string): number => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

/** @returns the data directory. */
async function initialise(
  programs: string,
  directory: string,
  user: SystemUser | null,
  password: string,
): Promise<string> {
  const data = join(directory, "postgres");
  const passwordFile = join(directory, "password");
  mkdirSync(data, { mode: 0o700 });
  writeFileSync(passwordFile, password);
  if (user !== null) for (const path of [directory, data, passwordFile]) chownSync(path, user.uid, user.gid);
  const login = ["-U", SUPERUSER, "-A", "scram-sha-256", `--pwfile=${passwordFile}`];
  const texts = ["-E", "UTF8", "--locale=C", "--no-sync"];
  await promisify(execFile)(join(programs, "initdb"), ["-D", data, ...login, ...texts], {
    ...user,
    cwd: directory,
  });
  return data;
}

function postgresOf(
  server: Server,
  port: number,
  password: string,
  close: () => Promise<void>,
): PostgresServer {
  return {
    url: `postgres://${SUPERUSER}:${password}@${HOST}:${port}/postgres`,
    host: HOST,
    port,
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

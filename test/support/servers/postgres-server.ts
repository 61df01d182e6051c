/**
 * One PostgreSQL as a child process of this process, on a free port of 127.0.0.1, in a temporary directory. It refuses
 * to run as root: there it runs as the user `postgres` of the Debian package.
 */

import { execFile, execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chownSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { postgresPrograms } from "../../../tools/postgres-programs.js";
import { freePorts } from "./free-ports.js";
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

export async function startPostgres(): Promise<PostgresServer> {
  const programs = postgresPrograms();
  if (programs === null) throw new Error("PostgreSQL is not installed: run 'npm run setup:servers'");
  const directory = makeServerDirectory();
  const user = serverUser();
  let process: ServerProcess | null = null;
  const close = async (): Promise<void> => {
    await process?.kill();
    removeServerDirectory(directory);
  };
  try {
    const password = randomBytes(12).toString("hex");
    const data = await initialise(programs, directory, user, password);
    const [port] = await freePorts(1);
    process = serverProcess(programs, directory, data, port!, user);
    await process.start();
    return postgresOf(process, port!, password, close);
  } catch (error) {
    await close();
    throw error;
  }
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

function serverProcess(
  programs: string,
  directory: string,
  data: string,
  port: number,
  user: SystemUser | null,
): ServerProcess {
  const settings = {
    listen_addresses: HOST,
    port: String(port),
    unix_socket_directories: "",
    // A killed process loses nothing by it; only a power cut would.
    fsync: "off",
    max_connections: "200",
    shared_buffers: "64MB",
  };
  return new ServerProcess({
    name: "PostgreSQL",
    directory,
    logName: "postgres",
    command: join(programs, "postgres"),
    arguments: [
      "-D",
      data,
      ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
    ],
    ...(user === null ? {} : { user }),
    readyLine: /database system is ready to accept connections/,
    stopSignal: "SIGINT",
  });
}

function postgresOf(
  process: ServerProcess,
  port: number,
  password: string,
  close: () => Promise<void>,
): PostgresServer {
  return {
    url: `postgres://${SUPERUSER}:${password}@${HOST}:${port}/postgres`,
    host: HOST,
    port,
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

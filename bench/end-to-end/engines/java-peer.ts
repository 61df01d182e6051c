/**
 * Programs of bench/peers that Maven builds, once for each content of their sources, into their git-ignored `target`.
 * What Maven fetches goes to the user's ordinary repository.
 */

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { packageRoot } from "../../../cli/package-root.js";
import type { Job, Program } from "../engine.js";

const run = promisify(execFile);
const PEERS = join(packageRoot, "bench", "peers");
/** Sources that both peers compile. */
const JOB = join(PEERS, "swipe-5-java");
/** 200 MB over a slow line. */
const BUILD_MS = 900_000;
const JAVA_MIN = 17;

export interface JavaPeer {
  /** Folder in bench/peers. */
  readonly folder: string;
  readonly mainClass: string;
  readonly heapMb: number;
  /** More arguments of the Java machine. */
  readonly java?: readonly string[];
}

/** @returns why it cannot run here; null where it is built. @throws Error with Maven's words where the build fails. */
export async function buildJavaPeer(
  { folder }: JavaPeer,
  progress: (text: string) => void,
): Promise<string | null> {
  const directory = join(PEERS, folder);
  const built = join(directory, "target", "built");
  const digest = digestOf([join(directory, "pom.xml"), ...filesIn(join(directory, "src")), ...filesIn(JOB)]);
  const isBuilt = existsSync(built) && readFileSync(built, "utf8") === digest;
  const lacking = await missingTools(isBuilt);
  if (lacking !== null || isBuilt) return lacking;
  progress(`building bench/peers/${folder} with Maven`);
  await maven(join(directory, "pom.xml"));
  writeFileSync(built, digest);
  return null;
}

export function javaProgram(peer: JavaPeer, { folder }: Job, args: readonly string[]): Program {
  const gcLog = join(folder, "gc.log");
  return {
    command: "java",
    arguments: [...javaArguments(peer, { folder, gcLog }), ...args],
    environment: {},
    gcLog: { kind: "java", path: gcLog },
  };
}

/** All that stands before the program's own arguments. */
export function javaArguments(
  peer: JavaPeer,
  { folder, gcLog }: { readonly folder: string; readonly gcLog: string },
): readonly string[] {
  const target = join(PEERS, peer.folder, "target");
  const machine = [
    `-Xms${peer.heapMb}m`,
    `-Xmx${peer.heapMb}m`,
    "-XX:+UseG1GC",
    `-Xlog:gc:file=${gcLog}`,
    `-Djava.io.tmpdir=${folder}`,
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
    ...(peer.java ?? []),
  ];
  const classPath = [join(target, "peer.jar"), join(target, "libs", "*")].join(":");
  return [...machine, "-cp", classPath, peer.mainClass];
}

async function missingTools(isBuilt: boolean): Promise<string | null> {
  const java = await saidBy(isBuilt ? "java" : "javac", ["-version"]);
  if (java === null)
    return isBuilt ? "no Java: install it" : `no JDK: install one of version ${JAVA_MIN} or later`;
  const version = Number(/(\d+)/.exec(java)?.[1] ?? 0);
  if (version < JAVA_MIN) return `Java is of version ${version}: install ${JAVA_MIN} or later`;
  return isBuilt || (await saidBy("mvn", ["-version"])) !== null ? null : "no Maven: install mvn";
}

async function saidBy(command: string, args: readonly string[]): Promise<string | null> {
  try {
    const { stdout, stderr } = await run(command, args);
    return stdout + stderr;
  } catch {
    return null;
  }
}

async function maven(pom: string): Promise<void> {
  try {
    await run("mvn", ["-q", "-B", "-f", pom, "clean", "package"], { timeout: BUILD_MS });
  } catch (error) {
    const { stdout = "", message } = error as { stdout?: string; message: string };
    throw new Error(`Maven could not build ${pom}: ${stdout.trim().slice(0, 2000) || message}`, {
      cause: error,
    });
  }
}

function filesIn(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function digestOf(files: readonly string[]): string {
  const hash = createHash("sha256");
  for (const file of files) hash.update(file).update(readFileSync(file));
  return hash.digest("hex");
}

/**
 * The jars of a Kafka broker for the test suites, resolved by Maven from test/support/servers/kafka/pom.xml into a cache
 * outside the tree, once for each content of the pom.
 */

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { packageRoot } from "../cli/package-root.js";
import { systemClock } from "../platform/clock/system-clock.js";
import { waitForOwnerLock } from "../platform/lifecycle/owner-lock.js";

/** 43 MB over a slow line. */
const FETCH_MS = 600_000;
const DIGEST_DIGITS = 12;

const pom = join(packageRoot, "test", "support", "servers", "kafka", "pom.xml");

/** `KADUN_SERVERS_CACHE`, else `.cache/kadun` of the home directory. */
export function serversCache(): string {
  return process.env.KADUN_SERVERS_CACHE || join(homedir(), ".cache", "kadun");
}

/** Folder of the jars; it exists only when they are all there. */
export function kafkaJarsFolder(): string {
  const digest = createHash("sha256").update(readFileSync(pom)).digest("hex").slice(0, DIGEST_DIGITS);
  return join(serversCache(), `kafka-${digest}`);
}

/** Fetches them where they are missing; several processes may ask at once. Resolves to the folder. */
export async function kafkaJars(): Promise<string> {
  const folder = kafkaJarsFolder();
  if (existsSync(folder)) return folder;
  mkdirSync(serversCache(), { recursive: true });
  const lock = await waitForOwnerLock(`${folder}.lock`, systemClock, FETCH_MS);
  try {
    if (!existsSync(folder)) await fetchJars(folder);
  } finally {
    lock.release();
  }
  return folder;
}

/** Into a folder beside it first: a fetch that was cut off leaves nothing that looks whole. */
async function fetchJars(folder: string): Promise<void> {
  const draft = mkdtempSync(`${folder}.`);
  const goal = ["dependency:copy-dependencies", "-DincludeScope=runtime", `-DoutputDirectory=${draft}`];
  try {
    await promisify(execFile)("mvn", ["-q", "-B", "-f", pom, ...goal], { timeout: FETCH_MS });
    renameSync(draft, folder);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    throw new Error(`Kafka's jars could not be fetched by Maven (${pom}): ${saidBy(error)}`, {
      cause: error,
    });
  }
}

function saidBy(error: unknown): string {
  const { stdout, message } = error as { stdout?: string; message: string };
  return stdout?.trim().split("\n").slice(0, 5).join("\n") || message;
}

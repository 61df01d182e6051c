/**
 * `npm run setup:servers`: what the suites against real servers need is there afterwards, or the command that brings it
 * is told. Root on Debian gets the packages installed; no service is left running or set to run.
 */

import { spawnSync } from "node:child_process";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { hasPip, installBagit } from "./bagit-validator.js";
import { kafkaJars, kafkaJarsFolder } from "./kafka-artifacts.js";
import { postgresPrograms } from "./postgres-programs.js";
import { serverMode } from "./server-mode.js";

/** Kafka 4's brokers refuse older ones. */
const JAVA_MIN = 17;
const INSTALL_MS = 900_000;
/** Debian's installer asks this program whether a service may be started: 101 is no. */
const POLICY = "/usr/sbin/policy-rc.d";

interface Need {
  readonly what: string;
  /** Debian's package. */
  readonly package: string;
  /** That the package sets to run. */
  readonly service?: string;
  readonly isThere: () => boolean;
}

const NEEDS: readonly Need[] = [
  {
    what: `Java ${JAVA_MIN} or later, for Kafka`,
    package: "default-jre-headless",
    isThere: () => javaMajor() >= JAVA_MIN && isInPath("keytool"),
  },
  {
    what: "Maven, which fetches Kafka's jars",
    package: "maven",
    isThere: () => existsSync(kafkaJarsFolder()) || isInPath("mvn"),
  },
  {
    what: "Redis",
    package: "redis-server",
    service: "redis-server",
    isThere: () => isInPath("redis-server"),
  },
  {
    what: "PostgreSQL",
    package: "postgresql",
    service: "postgresql",
    isThere: () => postgresPrograms() !== null,
  },
  {
    what: "Python with pip, for the validator of bags",
    package: "python3-pip",
    isThere: hasPip,
  },
];

class SetupError extends Error {
  override readonly name = "SetupError";
}

async function setUp(): Promise<string> {
  if ((await serverMode()) === "docker") return "servers for the tests: containers; nothing to install";
  const missing = NEEDS.filter((need) => !need.isThere());
  if (missing.length > 0) install(missing);
  const jars = await kafkaJars();
  installBagit();
  return `servers for the tests: Kafka (${jars}), Redis and PostgreSQL (${postgresPrograms()}) are there`;
}

function install(missing: readonly Need[]): void {
  const whats = missing.map(({ what }) => what).join("; ");
  if (!isInPath("apt-get"))
    throw new SetupError(`missing: ${whats}. Install them and run 'npm run setup:servers' again`);
  if (process.getuid?.() !== 0)
    throw new SetupError(`missing: ${whats}. Run:\n${commandsOf(missing).join("\n")}`);
  console.log(`installing ${whats}`);
  withoutServices(() => {
    run("apt-get", ["update", "-qq"]);
    run("apt-get", [
      "install",
      "-qq",
      "-y",
      "--no-install-recommends",
      ...missing.map((need) => need.package),
    ]);
  });
  for (const service of servicesOf(missing))
    if (isInPath("systemctl")) run("systemctl", ["disable", service]);
  const still = missing.filter((need) => !need.isThere());
  if (still.length > 0)
    throw new SetupError(
      `${still.map((need) => `${need.what}: Debian's ${need.package} does not bring it`).join("; ")}. Install it by hand`,
    );
}

function commandsOf(missing: readonly Need[]): readonly string[] {
  const services = servicesOf(missing);
  return [
    `sudo apt-get update && sudo apt-get install -y --no-install-recommends ${missing.map((need) => need.package).join(" ")}`,
    ...(services.length === 0 ? [] : [`sudo systemctl disable --now ${services.join(" ")}`]),
    "npm run setup:servers",
  ].map((line) => `  ${line}`);
}

function servicesOf(needs: readonly Need[]): readonly string[] {
  return needs.flatMap(({ service }) => (service === undefined ? [] : [service]));
}

/** A policy that is there already is the machine's own and stays. */
function withoutServices(work: () => void): void {
  const isOurs = !existsSync(POLICY);
  if (isOurs) writeFileSync(POLICY, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  try {
    work();
  } finally {
    if (isOurs) rmSync(POLICY, { force: true });
  }
}

function run(command: string, args: readonly string[]): void {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: "utf8",
    timeout: INSTALL_MS,
    env,
  });
  if (status === 0) return;
  const said = error?.message ?? `${stdout}${stderr}`.trim();
  throw new SetupError(`'${command} ${args.join(" ")}' ended with ${status}: ${said}`);
}

/** 0 without Java. */
function javaMajor(): number {
  const { stderr } = spawnSync("java", ["-version"], { encoding: "utf8" });
  return Number(/version "(\d+)/.exec(stderr ?? "")?.[1] ?? 0);
}

function isInPath(program: string): boolean {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => existsSync(join(folder, program)));
}

try {
  console.log(await setUp());
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

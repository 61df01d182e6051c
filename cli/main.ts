#!/usr/bin/env node
/** `kadun COMMAND …`: finds the command, runs it, turns what went wrong into one message and an exit status. */

import { ExitStatus, OperatingError, UsageError } from "./exit-status.js";
import { packageVersion } from "./package-root.js";

const COMMANDS: Readonly<Record<string, () => Promise<(args: readonly string[]) => Promise<ExitStatus>>>> = {
  accounts: async () => (await import("./accounts.js")).accounts,
  appeals: async () => (await import("./appeals.js")).appeals,
  archive: async () => (await import("./archive.js")).archive,
  alerts: async () => (await import("./alerts.js")).alerts,
  analytics: async () => (await import("./distributed/analytics-role.js")).analytics,
  audit: async () => (await import("./audit.js")).audit,
  bench: async () => (await import("./bench.js")).bench,
  cases: async () => (await import("./cases.js")).cases,
  console: async () => (await import("./distributed/console-role.js")).consoleRole,
  "dead-letters": async () => (await import("./dead-letters.js")).deadLetters,
  decoys: async () => (await import("./decoys.js")).decoys,
  demo: async () => (await import("./demo.js")).demo,
  detector: async () => (await import("./distributed/detector-role.js")).detector,
  doctor: async () => (await import("./doctor.js")).doctor,
  evidence: async () => (await import("./evidence.js")).evidence,
  feedback: async () => (await import("./feedback.js")).feedback,
  "import-status": async () => (await import("./import-status.js")).importStatus,
  ingest: async () => (await import("./distributed/ingest-role.js")).ingest,
  networks: async () => (await import("./networks.js")).networks,
  office: async () => (await import("./office.js")).office,
  patrols: async () => (await import("./patrols.js")).patrols,
  people: async () => (await import("./people.js")).people,
  rebuild: async () => (await import("./rebuild.js")).rebuild,
  reconcile: async () => (await import("./reconcile.js")).reconcileCommand,
  replay: async () => (await import("./replay.js")).replay,
  rules: async () => (await import("./rules.js")).rules,
  sms: async () => (await import("./sms.js")).sms,
  start: async () => (await import("./start.js")).start,
  topics: async () => (await import("./topics.js")).topics,
};

const USAGE = `kadun COMMAND [OPTIONS]

Commands: ${Object.keys(COMMANDS).join(", ")}
kadun COMMAND --help says more; kadun --version prints the version.`;

async function main(args: readonly string[]): Promise<ExitStatus> {
  const [name, ...rest] = args;
  if (name === "--version") {
    console.log(packageVersion());
    return ExitStatus.DONE;
  }
  if (name === undefined || name === "--help" || name === "help") {
    console.log(USAGE);
    return name === undefined ? ExitStatus.USAGE : ExitStatus.DONE;
  }
  const load = COMMANDS[name];
  if (load === undefined) throw new UsageError(`unknown command '${name}'\n\n${USAGE}`);
  const command = await load();
  return command(rest);
}

function statusOf(error: unknown): ExitStatus {
  if (error instanceof UsageError || isParseArgsError(error)) {
    console.error(`kadun: ${(error as Error).message}`);
    return ExitStatus.USAGE;
  }
  if (error instanceof OperatingError) {
    console.error(`kadun: ${error.message}`);
    return ExitStatus.FAILED;
  }
  throw error;
}

function isParseArgsError(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  return typeof code === "string" && code.startsWith("ERR_PARSE_ARGS");
}

// A reader such as `head` that closed the pipe has had enough: not a failure of ours.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(ExitStatus.DONE);
  console.error(`kadun: standard output: cannot be written (${error.code}); free its disk or name another`);
  process.exit(ExitStatus.FAILED);
});
process.stderr.on("error", () => process.exit(ExitStatus.FAILED));

main(process.argv.slice(2)).then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    process.exitCode = statusOf(error);
  },
);

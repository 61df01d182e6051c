/** What all roles have in common: settings, logger, metrics, an orderly end, errors as one message. */

import { parseArgs } from "node:util";
import { systemClock } from "../../platform/clock/system-clock.js";
import type { SettingsOf, SettingsTable } from "../../platform/config/settings.js";
import { Shutdown } from "../../platform/lifecycle/shutdown.js";
import { createPinoLogger } from "../../platform/logger/pino/pino-logger.js";
import { PrometheusMetrics } from "../../platform/metrics/prometheus/prometheus-metrics.js";
import { ExitStatus, OperatingError } from "../exit-status.js";
import type { ProcessPlatform } from "../platforms.js";
import { Closers } from "../process/closers.js";
import { startError } from "../process/start-errors.js";
import { optionsOf, settingsFrom, settingsHelp } from "./read-settings.js";
import type { PROCESS_SETTINGS } from "./settings.js";

/** Batches, blocks, checkpoints under way and leaving the group take some seconds. */
const CLOSE_DEADLINE_MS = 25_000;

export interface RoleStart<Settings> {
  readonly settings: Settings;
  readonly platform: ProcessPlatform;
  /** Gets everything opened, in order. */
  readonly closers: Closers;
  /** The process cannot go on. */
  readonly onFailure: (error: unknown) => void;
}

/** Every role listens and logs. */
export type RoleTable = SettingsTable & typeof PROCESS_SETTINGS;

export interface Role<Table extends RoleTable> {
  readonly name: string;
  /** One paragraph for the help. */
  readonly about: string;
  readonly table: Table;
  /** Resolves with the address it listens on. */
  readonly start: (role: RoleStart<SettingsOf<Table>>) => Promise<string>;
}

/** The command of a role. */
export function roleCommand<Table extends RoleTable>(
  role: Role<Table>,
): (args: readonly string[]) => Promise<ExitStatus> {
  return async (args) => {
    const { values } = parseArgs({
      args: [...args],
      options: { ...optionsOf(role.table), help: { type: "boolean" } },
    });
    if (values.help === true) {
      console.log(usageOf(role));
      return ExitStatus.DONE;
    }
    return run(role, settingsFrom(role.table, values, process.env));
  };
}

function usageOf({ name, about, table }: Pick<Role<RoleTable>, "name" | "about" | "table">): string {
  return `kadun ${name} [--host ADDRESS] [--port PORT]

${about}
Settings come from the environment (deploy/env.example):
${settingsHelp(table)}
/livez says that the process turns, /readyz is red with reasons while it does not do all of its work; SIGTERM ends it in order.
Exit status: 0 ended in order, 1 failed, 64 usage.`;
}

async function run<Table extends RoleTable>(
  role: Role<Table>,
  settings: SettingsOf<Table>,
): Promise<ExitStatus> {
  const closers = new Closers();
  const { logLevel, port }: SettingsOf<typeof PROCESS_SETTINGS> = settings;
  try {
    const metrics = new PrometheusMetrics();
    const logger = createPinoLogger({ level: logLevel }).with({ service: role.name });
    const shutdown = new Shutdown({
      logger,
      deadlineMs: CLOSE_DEADLINE_MS,
      close: () => closers.close(),
    });
    let failure: unknown = null;
    const url = await role.start({
      settings,
      platform: { clock: systemClock, logger, metrics, metricsText: metrics },
      closers,
      onFailure: (error) => {
        logger.error(`${role.name}.failed`, { error });
        failure ??= error;
        shutdown.request(ExitStatus.FAILED);
      },
    });
    console.log(`kadun ${role.name}: listening on ${url}`);
    const status = (await shutdown.done) as ExitStatus;
    if (failure !== null) refuseToGoOn(failure);
    return status;
  } catch (error) {
    await closers.close().catch(() => {});
    throw startError(error, { port, option: "--port" });
  }
}

/** What somebody outside can mend is the last line, as at the start; the log has all else. */
function refuseToGoOn(failure: unknown): void {
  const told = startError(failure, { port: 0, option: "--port" });
  if (told instanceof OperatingError) throw told;
}

/** `kadun start`: an embedded Kadun, one command: the swipe process and, as its supervised child, the office. */

import { parseArgs } from "node:util";
import * as z from "zod";
import { systemClock } from "../platform/clock/system-clock.js";
import { Shutdown } from "../platform/lifecycle/shutdown.js";
import { SupervisedChild } from "../platform/lifecycle/supervised-child.js";
import type { Logger } from "../platform/logger/logger.js";
import { openEmbeddedSwipe, type Shared } from "./compose/embedded.js";
import { openOwnedData, programPath } from "./embedded/open-data.js";
import { type RunFile, removeRunFile, writeRunFile } from "./embedded/run-file.js";
import {
  argumentsOf,
  EMBEDDED_OPTIONS,
  type EmbeddedSettings,
  embeddedSettings,
  settingsHelp,
} from "./embedded/settings.js";
import { startSwipeProcess } from "./embedded/swipe-process.js";
import { ExitStatus } from "./exit-status.js";
import { packageRoot } from "./package-root.js";
import { Closers } from "./process/closers.js";
import { personBytesMaxOf } from "./process/person-settings.js";
import { startError } from "./process/start-errors.js";

export const START_USAGE = `kadun start [OPTIONS]

Runs Kadun on this machine in one data directory, without any server: swipes and card-status records over HTTP, answers,
rows for analysts, alerts, SMS. Ctrl-C or SIGTERM ends it in order; kill -9 loses nothing.
${settingsHelp()}
--cold-start        there is no snapshot of known losses to import: answer as usual from the start
Exit status: 0 ended in order, 1 failed, 64 usage.`;

/** Batches, blocks and checkpoints under way take a second or two. */
const CLOSE_DEADLINE_MS = 20_000;
const OFFICE_STOP_DEADLINE_MS = 10_000;

const officeMessage = z.object({ url: z.string(), citizenUrl: z.string().nullable() });

export async function start(args: readonly string[]): Promise<ExitStatus> {
  const { values } = parseArgs({
    args: [...args],
    options: { ...EMBEDDED_OPTIONS, "cold-start": { type: "boolean" }, help: { type: "boolean" } },
  });
  if (values.help === true) {
    console.log(START_USAGE);
    return ExitStatus.DONE;
  }
  return run(embeddedSettings(values, process.env), values["cold-start"] === true);
}

async function run(settings: EmbeddedSettings, isColdStart: boolean): Promise<ExitStatus> {
  const closers = new Closers();
  try {
    const { shared, lock } = openOwnedData(settings);
    closers.add({ close: async () => lock.release() });
    const { logger, paths } = shared;
    const shutdown = new Shutdown({ logger, deadlineMs: CLOSE_DEADLINE_MS, close: () => closers.close() });
    const platform = await openEmbeddedSwipe(shared, closers);
    const onFailure = (error: unknown) => {
      logger.error("detector.failed", { error });
      shutdown.request(ExitStatus.FAILED);
    };
    const { host, port, answerTimeLimitMs } = settings;
    const personBytesMax = personBytesMaxOf(settings);
    const memory = personBytesMax === null ? {} : { personBytesMax };
    const url = await startSwipeProcess(
      { platform, host, port, answerTimeLimitMs, ...memory, isColdStart, onFailure },
      closers,
    );
    const running = new RunningFile(paths.run, url, logger);
    closers.add({ close: async () => removeRunFile(paths.run) });
    const office = superviseOffice(settings, shared, running);
    closers.add({ close: () => office.stop() });
    console.log(`kadun: listening on ${url}`);
    return (await shutdown.done) as ExitStatus;
  } catch (error) {
    await closers.close().catch(() => {});
    throw startError(error, { port: settings.port, option: "--port" });
  }
}

/** Keeps `run.json` as things are. */
class RunningFile {
  private content: RunFile;

  constructor(
    private readonly path: string,
    url: string,
    private readonly logger: Logger,
  ) {
    this.content = { swipe: { pid: process.pid, url }, office: null };
    writeRunFile(path, this.content);
  }

  /** A disk that is full ends the office; that this file cannot be written then must not end the swipe process too. */
  office(office: RunFile["office"]): void {
    this.content = { ...this.content, office };
    try {
      writeRunFile(this.path, this.content);
    } catch (error) {
      this.logger.warn("lifecycle.run-file-not-written", { error });
    }
  }
}

function superviseOffice(
  settings: EmbeddedSettings,
  { logger, metrics }: Shared,
  running: RunningFile,
): SupervisedChild {
  return new SupervisedChild({
    name: "office",
    script: programPath(packageRoot),
    args: ["office", ...argumentsOf(settings)],
    clock: systemClock,
    logger,
    metrics,
    stopDeadlineMs: OFFICE_STOP_DEADLINE_MS,
    // Rows and alerts may come a little later; answers may not.
    isBackground: true,
    onMessage: (message, pid) => {
      const parsed = officeMessage.safeParse(message);
      if (parsed.success) running.office({ pid, ...parsed.data });
    },
    onExit: () => running.office(null),
  });
}

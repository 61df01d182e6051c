/** `kadun office`: the office of an embedded Kadun. Started by `kadun start`, ends with it. */

import { parseArgs } from "node:util";
import { systemClock } from "../platform/clock/system-clock.js";
import { waitForOwnerLock } from "../platform/lifecycle/owner-lock.js";
import { Shutdown } from "../platform/lifecycle/shutdown.js";
import { onParentGone, tellParent } from "../platform/lifecycle/supervised-child.js";
import { openEmbeddedOffice } from "./compose/embedded.js";
import { smsReceiptReader } from "./compose/sms.js";
import { startOfficeProcess } from "./embedded/office-process.js";
import { openOfficeData } from "./embedded/open-data.js";
import {
  EMBEDDED_OPTIONS,
  type EmbeddedSettings,
  embeddedSettings,
  settingsHelp,
} from "./embedded/settings.js";
import { ExitStatus } from "./exit-status.js";
import { breakerLimitsOf } from "./process/breaker-settings.js";
import { Closers } from "./process/closers.js";
import { startError } from "./process/start-errors.js";

export const OFFICE_USAGE = `kadun office [OPTIONS]

Analytics, alerts and SMS of an embedded Kadun, made from its logs. 'kadun start' runs it as a child process.
${settingsHelp()}
Exit status: 0 ended in order, 1 failed, 64 usage.`;

/** A predecessor whose swipe process was killed ends by itself, after the blocks under way. */
const PREDECESSOR_WAIT_MS = 30_000;
const CLOSE_DEADLINE_MS = 8_000;
const HOUR_MS = 3_600_000;

export async function office(args: readonly string[]): Promise<ExitStatus> {
  const { values } = parseArgs({
    args: [...args],
    options: { ...EMBEDDED_OPTIONS, help: { type: "boolean" } },
  });
  if (values.help === true) {
    console.log(OFFICE_USAGE);
    return ExitStatus.DONE;
  }
  return run(embeddedSettings(values, process.env));
}

async function run(settings: EmbeddedSettings): Promise<ExitStatus> {
  const closers = new Closers();
  try {
    const shared = openOfficeData(settings);
    const { logger, paths } = shared;
    const lock = await waitForOwnerLock(paths.officeLock, systemClock, PREDECESSOR_WAIT_MS);
    closers.add({ close: async () => lock.release() });
    const shutdown = new Shutdown({ logger, deadlineMs: CLOSE_DEADLINE_MS, close: () => closers.close() });
    let isStarting = true;
    onParentGone(() => {
      // It may be killed at any time, and what is half open takes its time to close: the next office waits for this one.
      if (isStarting) process.exit(ExitStatus.DONE);
      shutdown.request(ExitStatus.DONE);
    });
    const options = {
      platform: await openEmbeddedOffice(shared, { sms: settings, bureau: settings }, closers),
      host: settings.host,
      receipts: smsReceiptReader(settings),
      port: settings.officePort,
      localKeyFile: paths.localKey,
      smsStaleAfterMs: settings.smsStaleHours === 0 ? null : settings.smsStaleHours * HOUR_MS,
      breaker: breakerLimitsOf(settings),
      archive: settings.archive,
      evidenceSigner: settings.evidenceSigner,
      timeStampUrl: settings.timeStampUrl,
      citizen: settings,
      access: settings,
      isDemo: settings.demoUser === "on",
      onFirstLink: (address: string) =>
        console.log(
          `kadun: nobody can sign in at the console yet; whoever opens this address within a day, once, is its administrator:\n${address}`,
        ),
      onFailure: (error: unknown) => {
        logger.error("office.failed", { error });
        shutdown.request(ExitStatus.FAILED);
      },
    };
    const addresses = await startOfficeProcess(options, closers);
    isStarting = false;
    tellParent(addresses);
    return (await shutdown.done) as ExitStatus;
  } catch (error) {
    await closers.close().catch(() => {});
    throw startError(error, { port: settings.officePort, option: "--office-port" });
  }
}

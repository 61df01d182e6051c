/** The cardholder's pages as every profile starts them, where people work: office and console. */

import type { AddressInfo } from "node:net";
import type { KeyValue } from "../../platform/key-value/key-value.js";
import { createCitizenApp } from "../../services/console/citizen/citizen-app.js";
import type { HolderAppeals } from "../../services/console/citizen/citizen-desk.js";
import { loadBundle } from "../bundle-files.js";
import { OperatingError } from "../exit-status.js";
import type { AlertsPlatform } from "../platforms.js";
import { citizenDesk } from "./citizen-desk.js";
import { type CitizenSettings, citizenPortOf, trustedProxiesOf } from "./citizen-settings.js";
import type { Closers } from "./closers.js";
import { smsTemplates } from "./sms-templates.js";

export type CitizenPlatform = Pick<
  AlertsPlatform,
  "database" | "box" | "contacts" | "moved" | "clock" | "logger"
> & { readonly institutions: Pick<KeyValue, "get"> };

export interface CitizenProcess {
  readonly settings: CitizenSettings;
  /** Of the process that has the pages. */
  readonly ownPort: number;
  readonly appeals: HolderAppeals;
}

/** Of hashes in the database: codes, sessions, client addresses. The same in every process on this vault key. */
const HASH_PURPOSE = "kadun-citizen-pages";

/** Listens; the promise gives the address, null where there are no pages. The database is migrated. */
export async function startCitizenPages(
  platform: CitizenPlatform,
  { settings, ownPort, appeals }: CitizenProcess,
  closers: Closers,
): Promise<string | null> {
  const port = citizenPortOf(settings, ownPort);
  if (port === null) return null;
  const { citizenHost: host, citizenOrigin } = settings;
  const app = createCitizenApp({
    ...platform,
    desk: citizenDesk({
      ...platform,
      appeals,
      regions: loadBundle().content.regions,
      templates: smsTemplates(),
    }),
    hashKey: platform.box.derivedKey(HASH_PURPOSE),
    origin: citizenOrigin === "" ? null : citizenOrigin,
    trustedProxies: trustedProxiesOf(settings),
  });
  closers.add({
    close: async () => {
      // Browsers keep their lines open; what is under way is pressed again, harmlessly.
      app.server.closeAllConnections();
      await app.close();
    },
  });
  try {
    await app.listen({ host, port });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new OperatingError(
      `the cardholder's pages cannot listen on ${host}:${port} (${code}); name another port with KADUN_CITIZEN_PORT, or 'off'`,
      { cause },
    );
  }
  const listening = (app.server.address() as AddressInfo).port;
  platform.logger.info("citizen.listening", { port: listening });
  return `http://${host}:${listening}`;
}

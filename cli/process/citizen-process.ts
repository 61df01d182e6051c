/** The cardholder's pages as every profile starts them: on a port of their own, which the public reaches through a proxy. */

import type { AddressInfo } from "node:net";
import { createCitizenApp } from "../../services/console/citizen/citizen-app.js";
import type { HolderAppeals } from "../../services/console/citizen/citizen-desk.js";
import { loadBundle } from "../bundle-files.js";
import type { ProcessPlatform } from "../platforms.js";
import { type CitizenDeskParts, citizenDesk } from "./citizen-desk.js";
import { type CitizenSettings, proxiesOf } from "./citizen-settings.js";
import type { Closers } from "./closers.js";
import { smsTemplates } from "./sms-templates.js";
import { startError } from "./start-errors.js";

export type CitizenPlatform = ProcessPlatform & Omit<CitizenDeskParts, "regions" | "templates" | "appeals">;

/** Of hashes in the database: codes, sessions, client addresses. */
const HASH_PURPOSE = "kadun citizen hashes";

/** The database is migrated. @returns the address. @throws OperatingError where the port cannot be had. */
export async function startCitizen(
  platform: CitizenPlatform,
  settings: CitizenSettings,
  appeals: HolderAppeals,
  closers: Closers,
): Promise<string> {
  const { database, box, clock, logger } = platform;
  const { citizenHost: host, citizenPort: port, citizenOrigin } = settings;
  const desk = citizenDesk({
    ...platform,
    regions: loadBundle().content.regions,
    templates: smsTemplates(),
    appeals,
  });
  const app = createCitizenApp({
    desk,
    database,
    clock,
    logger: logger.with({ service: "citizen" }),
    hashKey: box.derivedKey(HASH_PURPOSE),
    origin: citizenOrigin === "" ? null : citizenOrigin,
    trustedProxies: proxiesOf(settings),
  });
  closers.add({ close: () => app.close() });
  await app.listen({ host, port }).catch((error: unknown) => {
    throw startError(error, { port, option: "--citizen-port (KADUN_CITIZEN_PORT)" });
  });
  return `http://${host}:${(app.server.address() as AddressInfo).port}`;
}

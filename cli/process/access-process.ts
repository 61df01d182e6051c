/** Sign-in, accounts and the gate as every profile starts them, where people work: office and console. */

import { readFileSync } from "node:fs";
import { Kysely } from "kysely";
import type { Clock } from "../../platform/clock/clock.js";
import type { OpenDatabase } from "../../platform/database/database.js";
import type { Logger } from "../../platform/logger/logger.js";
import type { SealedBox } from "../../platform/sealed-box/sealed-box.js";
import type { OneTimeLink } from "../../schemas/http/console-access.js";
import { OIDC_PATHS, WELCOME_PAGE } from "../../schemas/http/console-access-routes.js";
import { type AccessDesk, accessRoutes } from "../../services/console/access/access-routes.js";
import type { AccessTables } from "../../services/console/access/access-tables.js";
import { Accounts } from "../../services/console/access/accounts.js";
import { ConsoleSessions } from "../../services/console/access/console-sessions.js";
import { Gate } from "../../services/console/access/gate.js";
import { Oidc } from "../../services/console/access/oidc.js";
import { oidcRequests } from "../../services/console/access/oidc-requests.js";
import { PasswordHasher, type ScryptCost } from "../../services/console/access/password-hasher.js";
import { SignIn } from "../../services/console/access/sign-in.js";
import { Tries } from "../../services/console/access/tries.js";
import type { ConsoleRoutes } from "../../services/console/server/console-routes.js";
import { loadBundle } from "../bundle-files.js";
import { OperatingError, UsageError } from "../exit-status.js";
import { accountPeople, type KeptPeople, keyHolders } from "./access-people.js";
import { type AccessSettings, consoleProxiesOf } from "./access-settings.js";
import type { Closers } from "./closers.js";
import type { HttpRequests } from "./evidence-process.js";

export interface AccessPlatform {
  readonly database: OpenDatabase;
  readonly box: SealedBox;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface AccessOptions {
  readonly settings: AccessSettings;
  readonly people: KeptPeople;
  /** Asked at each call: it may be made anew. */
  readonly localKey: () => string;
  /** Does a demonstration run, with a user who needs no password? On this machine alone. */
  readonly isDemo: boolean;
  /** What time it is on the pages, where that is not this machine's. */
  readonly dayClock?: Clock;
  /** Cheaper where tests sign in often. */
  readonly passwordCost?: ScryptCost;
}

export interface Access {
  readonly gate: Gate;
  readonly routes: ConsoleRoutes;
  readonly trustedProxies: readonly string[];
  /** Of signing in at an identity provider. */
  readonly requests: HttpRequests;
  /** Can nobody come in yet? */
  isFirstRun(): Promise<boolean>;
  /** The first administrator's, where nobody can come in yet; else null. */
  firstLink(): Promise<OneTimeLink | null>;
}

/** Of keyed hashes in the database: the same in every process on this vault key. */
const HASH_PURPOSE = "kadun-console-access";
export const FIRST_ADMINISTRATOR = "admin";
export const DEMO_NAME = "demo";
/** Sessions and tries that are over. */
const FORGET_EVERY_MS = 3_600_000;

/** The database is migrated. @throws UsageError, OperatingError where the identity provider is half configured. */
export async function startAccess(
  platform: AccessPlatform,
  options: AccessOptions,
  closers: Closers,
): Promise<Access> {
  const { clock, logger, database, box } = platform;
  const { settings, people, localKey, isDemo, dayClock = clock, passwordCost } = options;
  const tables = new Kysely<AccessTables>({ dialect: database.dialect });
  const tries = new Tries(tables, box.derivedKey(HASH_PURPOSE));
  const sessions = new ConsoleSessions(tables);
  const signIn = new SignIn({ tables, tries, hasher: new PasswordHasher(passwordCost), clock });
  const accounts = new Accounts({
    tables,
    people: accountPeople(people),
    tries,
    isRegion: regionCheck(),
    clock,
  });
  const origin = settings.consoleOrigin === "" ? null : settings.consoleOrigin;
  const holders = keyHolders(people, localKey);
  const gate = new Gate({ tables, sessions, holders, clock, origin, isDemo });
  const { isSecure } = gate;
  const oidc = oidcOf(settings);
  if (isDemo) await accounts.ensureDemo(DEMO_NAME);
  closers.add(startForgetting(clock, logger, [sessions, tries]));
  const demoName = isDemo ? DEMO_NAME : null;
  const hasOidc = oidc !== null;
  const desk: AccessDesk = { signIn, accounts, sessions, clock, dayClock, isSecure, hasOidc, demoName };
  return {
    gate,
    routes: accessRoutes(desk),
    trustedProxies: consoleProxiesOf(settings),
    requests: oidc === null ? async () => false : oidcRequests({ oidc, signIn, isSecure, logger }),
    isFirstRun: () => accounts.isFirstRun(),
    firstLink: async () => (isDemo ? null : accounts.firstLink(FIRST_ADMINISTRATOR)),
  };
}

/** The token stands in the fragment, which browsers send to nobody. @param origin of the console. */
export function welcomeAddress(origin: string, { token }: Pick<OneTimeLink, "token">): string {
  return `${origin}${WELCOME_PAGE}#${token}`;
}

/** null where none is configured. */
function oidcOf(settings: AccessSettings): Oidc | null {
  const { oidcIssuer: issuer, oidcClientId: clientId, oidcClientSecretFile, oidcClaim: claim } = settings;
  if (issuer === "") return null;
  if (settings.consoleOrigin === "")
    throw new UsageError(
      "KADUN_OIDC_ISSUER: needs KADUN_CONSOLE_ORIGIN, the address that the identity provider sends browsers back to",
    );
  if (oidcClientSecretFile === "")
    throw new UsageError("KADUN_OIDC_ISSUER: needs KADUN_OIDC_CLIENT_SECRET_FILE, the secret of the console");
  const clientSecret = () => secretOf(oidcClientSecretFile);
  clientSecret();
  const redirectUri = `${settings.consoleOrigin}${OIDC_PATHS.callback}`;
  return new Oidc({ issuer, clientId, clientSecret, claim, redirectUri });
}

function secretOf(path: string): string {
  try {
    return readFileSync(path, "utf8").trim();
  } catch (error) {
    throw new OperatingError(
      `KADUN_OIDC_CLIENT_SECRET_FILE ${path}: cannot be read (${(error as NodeJS.ErrnoException).code}); check the path`,
    );
  }
}

function regionCheck(): (code: string) => boolean {
  const { regions, provinces } = loadBundle().content.regions;
  return (code) => provinces.includes(code) || Object.hasOwn(regions, code);
}

interface Forgetful {
  forgetBefore(nowMs: number): Promise<void>;
}

/** What it leaves is asked for by nobody: it may fail and be done the next time. */
function startForgetting(clock: Clock, logger: Logger, kept: readonly Forgetful[]) {
  const stopping = new AbortController();
  const ended = (async () => {
    while (!stopping.signal.aborted) {
      try {
        for (const one of kept) await one.forgetBefore(clock.now());
      } catch (error) {
        logger.warn("console.forgetting-failed", { error });
      }
      await clock.sleep(FORGET_EVERY_MS, stopping.signal);
    }
  })();
  return {
    close: async () => {
      stopping.abort();
      await ended;
    },
  };
}

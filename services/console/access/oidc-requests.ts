/** The two addresses of signing in at an identity provider: a browser leaves, and comes back. Answers are redirections. */

import type { IncomingMessage, ServerResponse } from "node:http";
import type { Logger } from "../../../platform/logger/logger.js";
import { OIDC_PATHS, SIGN_IN_PAGE, type SignInRefused } from "../../../schemas/http/console-access-routes.js";
import { cookieValue, sessionCookie } from "./cookies.js";
import { leavingOf, leavingText, type Oidc, OidcError } from "./oidc.js";
import type { SignIn } from "./sign-in.js";

export interface OidcRequestsParts {
  readonly oidc: Oidc;
  readonly signIn: Pick<SignIn, "bySubject">;
  readonly isSecure: boolean;
  readonly logger: Logger;
}

/** Signing in there with a second factor. */
const AWAY_SECONDS = 600;
const AFTER = "/";

/** Takes the requests of its addresses; false for all others. */
export function oidcRequests(parts: OidcRequestsParts) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<boolean> => {
    const [path = "", query = ""] = (request.url ?? "/").split("?", 2);
    if (request.method !== "GET") return false;
    if (path === OIDC_PATHS.start) await leave(parts, response);
    else if (path === OIDC_PATHS.callback) await comeBack(parts, request, response, query);
    else return false;
    return true;
  };
}

async function leave({ oidc, isSecure, logger }: OidcRequestsParts, response: ServerResponse): Promise<void> {
  try {
    const { url, leaving } = await oidc.leave();
    redirect(response, url, [awayCookie(leavingText(leaving), isSecure)]);
  } catch (error) {
    refuse(response, isSecure, reasonOf(error, logger));
  }
}

async function comeBack(
  { oidc, signIn, isSecure, logger }: OidcRequestsParts,
  request: IncomingMessage,
  response: ServerResponse,
  query: string,
): Promise<void> {
  const leaving = leavingOf(cookieValue(request.headers.cookie, awayName(isSecure)));
  if (leaving === null) return refuse(response, isSecure, "away-too-long");
  const { remoteAddress: address = "" } = request.socket;
  const visitor = { address, userAgent: request.headers["user-agent"] ?? "" };
  try {
    const token = await signIn.bySubject(await oidc.comeBack(query, leaving), visitor);
    if (token === null) return refuse(response, isSecure, "no-account");
    // Of a page, not of the provider's redirection: browsers send a strict cookie from the next request on.
    redirect(response, AFTER, [awayCookie(null, isSecure), sessionCookie(token, isSecure)]);
  } catch (error) {
    refuse(response, isSecure, reasonOf(error, logger));
  }
}

function reasonOf(error: unknown, logger: Logger): SignInRefused {
  logger.warn("console.oidc-failed", { error });
  return error instanceof OidcError ? "provider" : "failed";
}

function refuse(response: ServerResponse, isSecure: boolean, reason: SignInRefused): void {
  redirect(response, `${SIGN_IN_PAGE}?refused=${reason}`, [awayCookie(null, isSecure)]);
}

function redirect(response: ServerResponse, location: string, cookies: readonly string[]): void {
  response.writeHead(302, {
    location,
    "set-cookie": [...cookies],
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
  });
  response.end();
}

function awayName(isSecure: boolean): string {
  return isSecure ? "__Host-kadun-away" : "kadun_away";
}

/** Lax: the provider's page sends the browser back. */
function awayCookie(value: string | null, isSecure: boolean): string {
  const secure = isSecure ? "; Secure" : "";
  const age = value === null ? 0 : AWAY_SECONDS;
  return `${awayName(isSecure)}=${value ?? ""}; Path=/; HttpOnly; SameSite=Lax${secure}; Max-Age=${age}`;
}

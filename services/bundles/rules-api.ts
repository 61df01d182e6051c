/**
 * `/v1/rules` and `/v1/people`: who is it, what is asked, what comes back. Knows no sockets: the caller has them.
 *
 * 1. Without a key or session nothing is told: neither which versions there are nor whether an address exists.
 * 2. What was answered with 2xx is in the database.
 */

import { DatabaseError } from "../../platform/database/database.js";
import type { Logger } from "../../platform/logger/logger.js";
import type { Admit, AskedRequest, Caller } from "../../schemas/console/caller.js";
import {
  RULES_PROBLEMS,
  type RulesProblemBody,
  type RulesProblemCode,
} from "../../schemas/http/rules-problem.js";
import { RULES_ROUTES, type RulesRoute, type RulesRouteName } from "../../schemas/http/rules-routes.js";
import type { BundlesService } from "./bundles-service.js";
import { RulesRefusal } from "./refusal.js";
import { type Asked, RULES_HANDLERS } from "./rules-handlers.js";

/** A whole bundle is 200 kB, most of it regions. */
export const BODY_BYTES_MAX = 4_000_000;

export interface RulesRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: AskedRequest["headers"];
  readonly body: Uint8Array;
}

export interface RulesResponse {
  readonly status: number;
  readonly body: unknown;
  readonly isProblem: boolean;
}

export interface RulesApiOptions {
  readonly service: BundlesService;
  readonly admit: Admit;
  readonly logger: Logger;
}

export function isRulesPath(path: string): boolean {
  return /^\/v1\/(rules|people)(\/|$)/.test(path);
}

/** Answers; never throws. */
export async function answerRules(options: RulesApiOptions, request: RulesRequest): Promise<RulesResponse> {
  try {
    return await answer(options, request);
  } catch (error) {
    return problemOf(error, options.logger);
  }
}

async function answer(options: RulesApiOptions, request: RulesRequest): Promise<RulesResponse> {
  const { service } = options;
  const caller = await admitted(options, request);
  const { name, version } = routeOf(request);
  const route: RulesRoute = RULES_ROUTES[name];
  if (route.permission !== null && !caller.permissions.has(route.permission))
    throw new RulesRefusal(
      "NOT_ALLOWED",
      `it needs the permission ${route.permission}; an administrator gives roles`,
    );
  const body = bodyOf(route, request.body);
  const asked: Asked = { person: caller.name, version, query: request.query, body };
  return {
    status: route.status,
    body: await RULES_HANDLERS[name](service, asked),
    isProblem: false,
  };
}

/** People are whoever runs the machine's to keep; rules are people's. Told before anything else is. */
async function admitted({ admit }: RulesApiOptions, request: RulesRequest): Promise<Caller> {
  const isPeople = request.path.startsWith("/v1/people");
  const caller = await admit(request);
  if ("refused" in caller)
    throw new RulesRefusal(
      caller.refused,
      isPeople && caller.refused !== "CSRF" ? LOCAL_HINT : caller.detail,
    );
  if (caller.isLocal !== isPeople) throw new RulesRefusal("KEY_INVALID", isPeople ? LOCAL_HINT : PERSON_HINT);
  return caller;
}

const LOCAL_HINT = "people are added by whoever runs the machine: give the key of the network 'local'";
const PERSON_HINT =
  "people answer for rules by name: give the key that 'kadun people add NAME' printed: 'authorization: Bearer KEY', KADUN_PERSON_KEY or --person-key-file";

function routeOf({ method, path }: RulesRequest): { name: RulesRouteName; version: number } {
  const names = Object.keys(RULES_ROUTES) as RulesRouteName[];
  const known = names.flatMap((name) => {
    const match = patternOf(RULES_ROUTES[name].path).exec(path);
    return match === null ? [] : [{ name, version: Number(match[1] ?? 0) }];
  });
  const found = known.find(({ name }) => RULES_ROUTES[name].method === method);
  if (found !== undefined) return found;
  const addresses = [
    ...new Set(names.map((name) => `${RULES_ROUTES[name].method} ${RULES_ROUTES[name].path}`)),
  ];
  if (known.length === 0) throw new RulesRefusal("NOT_FOUND", `known here: ${addresses.join(", ")}`);
  const methods = known.map(({ name }) => RULES_ROUTES[name].method);
  throw new RulesRefusal("METHOD_NOT_ALLOWED", `${path} knows ${methods.join(", ")}`);
}

/** Numbers of versions have nine digits at most: PostgreSQL's integer has room for more. */
function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replace("{version}", "([1-9]\\d{0,8})")}$`);
}

function bodyOf({ body: shape }: RulesRoute, bytes: Uint8Array): unknown {
  if (shape === undefined) return undefined;
  const parsed = shape.safeParse(jsonOf(bytes));
  if (parsed.success) return parsed.data;
  const told = parsed.error.issues.map(({ path, message }) => `${path.join(".") || "(body)"}: ${message}`);
  throw new RulesRefusal("BODY_INVALID", told.join("; "));
}

/** No body is an empty object: what may be asked for without one has defaults. */
function jsonOf(bytes: Uint8Array): unknown {
  if (bytes.length === 0) return {};
  try {
    return JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch {
    throw new RulesRefusal("BODY_INVALID", "(body): expected JSON");
  }
}

function problemOf(error: unknown, logger: Logger): RulesResponse {
  if (error instanceof RulesRefusal) return problem(error.code, error.message, error.mistakes);
  logger.error("bundles.request-failed", { error });
  if (error instanceof DatabaseError && error.retryable)
    return problem("STORE_AWAY", "PostgreSQL does not answer; what runs goes on, ask again later");
  return problem("INTERNAL", "the log of this process has the reason");
}

export function problem(
  code: RulesProblemCode,
  detail: string,
  mistakes: RulesRefusal["mistakes"] = [],
): RulesResponse {
  const { status, title } = RULES_PROBLEMS[code];
  const type = `urn:kadun:problem:${code.toLowerCase().replaceAll("_", "-")}`;
  const body: RulesProblemBody = { type, title, status, code, detail };
  if (mistakes.length > 0) body.mistakes = [...mistakes];
  return { status, body, isProblem: true };
}

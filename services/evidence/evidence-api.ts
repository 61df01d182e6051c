/**
 * `/v1/evidence`: who is it, what is asked, what comes back. Knows no sockets: the caller has them.
 *
 * 1. Without a key or session nothing is told: neither which cases there are nor whether an address exists.
 */

import { DatabaseError } from "../../platform/database/database.js";
import type { Logger } from "../../platform/logger/logger.js";
import { SignerError } from "../../platform/signer/signer.js";
import { TimeStampError } from "../../platform/time-stamp/time-stamp.js";
import type { Scope } from "../../schemas/console/access.js";
import type { Admit, AskedRequest, Caller } from "../../schemas/console/caller.js";
import type { PublishedKeys } from "../../schemas/evidence/keys.js";
import {
  type MadePackageLine,
  type PackageProgress,
  packageRequest,
  unmaskingBody,
} from "../../schemas/http/evidence.js";
import {
  EVIDENCE_PROBLEMS,
  type EvidenceProblemBody,
  type EvidenceProblemCode,
} from "../../schemas/http/evidence-problem.js";
import {
  EVIDENCE_ROUTES,
  type EvidenceRoute,
  type EvidenceRouteName,
} from "../../schemas/http/evidence-routes.js";
import { EvidenceRefusal } from "./refusal.js";
import type { UnmaskingRequest } from "./unmasking.js";

/** Requests are a few words. */
export const BODY_BYTES_MAX = 16_384;

export interface EvidenceRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: AskedRequest["headers"];
  readonly body: Uint8Array;
  /** Aborted when nobody waits for the answer any more. */
  readonly gone: AbortSignal;
}

export type EvidenceResponse =
  | { readonly kind: "json"; readonly status: number; readonly body: unknown; readonly isProblem: boolean }
  /** JSON texts, one a line, as they come. */
  | { readonly kind: "lines"; readonly status: number; readonly lines: AsyncIterable<unknown> }
  /** A file, whole. */
  | { readonly kind: "file"; readonly status: number; readonly path: string; readonly name: string };

export interface EvidenceDesk {
  make(
    asked: {
      readonly caseId: string;
      readonly requestId: string | null;
      readonly since: string | null;
      readonly actor: string;
    },
    /** What it throws ends the making; nothing is left of it. */
    onProgress: (progress: PackageProgress) => void,
  ): Promise<MadePackageLine["package"]>;
  /** Is there such a case in these regions? */
  isCaseSeen(caseId: string, scope: Scope): Promise<boolean>;
  /** null where it is not there (any more). */
  madeFile(sha256: string): { readonly path: string; readonly name: string; readonly caseId: string } | null;
  request(
    person: string,
    asked: { readonly caseId: string; readonly reason: string },
  ): Promise<UnmaskingRequest>;
  approve(person: string, requestId: string): Promise<UnmaskingRequest>;
  /** null where there is none. */
  caseOfRequest(requestId: string): Promise<string | null>;
  requests(asked: {
    /** null: of all. */
    readonly caseId: string | null;
    readonly scope: Scope;
  }): Promise<readonly UnmaskingRequest[]>;
  keys(): PublishedKeys;
  rotate(): Promise<PublishedKeys>;
}

export interface EvidenceApiOptions {
  readonly desk: EvidenceDesk;
  readonly admit: Admit;
  readonly logger: Logger;
}

export function isEvidencePath(path: string): boolean {
  return /^\/v1\/evidence(\/|$)/.test(path);
}

/** Answers; never throws. */
export async function answerEvidence(
  options: EvidenceApiOptions,
  request: EvidenceRequest,
): Promise<EvidenceResponse> {
  try {
    return await answer(options, request);
  } catch (error) {
    return { kind: "json", ...problemOf(error, options.logger) };
  }
}

interface Asked {
  readonly caller: Caller;
  readonly id: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly gone: AbortSignal;
}

async function answer(options: EvidenceApiOptions, request: EvidenceRequest): Promise<EvidenceResponse> {
  const caller = await options.admit(request);
  if ("refused" in caller) throw new EvidenceRefusal(caller.refused, caller.detail);
  const { name, id } = routeOf(request);
  const route: EvidenceRoute = EVIDENCE_ROUTES[name];
  checkCaller(route, caller);
  const { query, gone } = request;
  const asked = { caller, id, query, gone, body: bodyOf(route, request.body) };
  return HANDLERS[name](options, asked);
}

const HANDLERS: Readonly<
  Record<EvidenceRouteName, (options: EvidenceApiOptions, asked: Asked) => Promise<EvidenceResponse>>
> = {
  make: async (options, { caller, body, gone }) => {
    const { caseId, unmasked, since } = packageRequest.parse(body);
    await refuseUnseen(options, caseId, caller);
    const asked = { caseId, requestId: unmasked ?? null, since: since ?? null, actor: caller.name };
    return { kind: "lines", status: 200, lines: makingLines(options, asked, gone) };
  },
  take: async ({ desk }, { id, caller }) => {
    const file = desk.madeFile(id);
    if (file !== null && (await desk.isCaseSeen(file.caseId, caller.scope)))
      return { kind: "file", status: 200, path: file.path, name: file.name };
    throw new EvidenceRefusal("NOT_FOUND", "it was made too long ago, or never; make it again");
  },
  request: async (options, { caller, body }) => {
    const asked = unmaskingBody.parse(body);
    await refuseUnseen(options, asked.caseId, caller);
    return json(201, await options.desk.request(caller.name, asked));
  },
  requests: async ({ desk }, { query, caller: { scope } }) =>
    json(200, { requests: await desk.requests({ caseId: query.get("case"), scope }) }),
  approve: async ({ desk }, { caller, id }) => {
    const caseId = await desk.caseOfRequest(id);
    if (caseId === null || !(await desk.isCaseSeen(caseId, caller.scope)))
      throw new EvidenceRefusal(
        "REQUEST_UNKNOWN",
        `there is no request '${id}'; 'kadun evidence requests' shows all`,
      );
    return json(200, await desk.approve(caller.name, id));
  },
  keys: async ({ desk }) => json(200, desk.keys()),
  rotate: async ({ desk }) => json(200, await desk.rotate()),
};

/** A case of other regions is not there. */
async function refuseUnseen({ desk }: EvidenceApiOptions, caseId: string, { scope }: Caller): Promise<void> {
  if (await desk.isCaseSeen(caseId, scope)) return;
  throw new EvidenceRefusal("CASE_UNKNOWN", `there is no case '${caseId}'; 'kadun cases list' shows them`);
}

function json(status: number, body: unknown): EvidenceResponse {
  return { kind: "json", status, body, isProblem: false };
}

/** Told to nobody, and not worth a line in the log. */
const NOBODY_WAITS = problem("BUSY", "nobody waited for it; make it again").body;

/** Progress is told as it comes; what went wrong is the last line. Whoever goes ends the making at its next step. */
async function* makingLines(
  { desk, logger }: EvidenceApiOptions,
  asked: Parameters<EvidenceDesk["make"]>[0],
  gone: AbortSignal,
): AsyncGenerator<PackageProgress | MadePackageLine | { readonly problem: EvidenceProblemBody }> {
  let waiting: PackageProgress | null = null;
  let wake = () => {};
  const making = desk
    .make(asked, (progress) => {
      gone.throwIfAborted();
      waiting = progress;
      wake();
    })
    .then(
      (made) => ({ package: made }),
      (error: unknown) => ({ problem: gone.aborted ? NOBODY_WAITS : problemOf(error, logger).body }),
    );
  let last: Awaited<typeof making> | null = null;
  making.then((ended) => {
    last = ended;
    wake();
  });
  gone.addEventListener("abort", () => wake(), { once: true });
  while (last === null) {
    await new Promise<void>((resolve) => {
      wake = resolve;
      if (waiting !== null || last !== null || gone.aborted) resolve();
    });
    if (gone.aborted) return;
    const next = waiting;
    waiting = null;
    if (next !== null) yield next;
  }
  yield last;
}

function routeOf({ method, path }: EvidenceRequest): { name: EvidenceRouteName; id: string } {
  const names = Object.keys(EVIDENCE_ROUTES) as EvidenceRouteName[];
  const known = names.flatMap((name) => {
    const match = patternOf(EVIDENCE_ROUTES[name].path).exec(path);
    return match === null ? [] : [{ name, id: match[1] ?? "" }];
  });
  const found = known.find(({ name }) => EVIDENCE_ROUTES[name].method === method);
  if (found !== undefined) return found;
  const addresses = names.map((name) => `${EVIDENCE_ROUTES[name].method} ${EVIDENCE_ROUTES[name].path}`);
  if (known.length === 0) throw new EvidenceRefusal("NOT_FOUND", `known here: ${addresses.join(", ")}`);
  const methods = known.map(({ name }) => EVIDENCE_ROUTES[name].method);
  throw new EvidenceRefusal("METHOD_NOT_ALLOWED", `${path} knows ${methods.join(", ")}`);
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replace("{id}", "([0-9a-f]{1,64})")}$`);
}

function checkCaller({ key, permission }: EvidenceRoute, { isLocal, permissions }: Caller): void {
  if (key === "person" && isLocal)
    throw new EvidenceRefusal(
      "KEY_INVALID",
      "two people answer for it by name: give the key that 'kadun people add NAME' printed",
    );
  if (key === "local" && !isLocal)
    throw new EvidenceRefusal(
      "KEY_INVALID",
      "done by whoever runs the machine: give the key of the network 'local'",
    );
  if (permission !== null && !permissions.has(permission))
    throw new EvidenceRefusal(
      "NOT_ALLOWED",
      `it needs the permission ${permission}; an administrator gives roles`,
    );
}

function bodyOf({ body: shape }: EvidenceRoute, bytes: Uint8Array): unknown {
  if (shape === undefined) return undefined;
  const parsed = shape.safeParse(jsonOf(bytes));
  if (parsed.success) return parsed.data;
  const told = parsed.error.issues.map(({ path, message }) => `${path.join(".") || "(body)"}: ${message}`);
  throw new EvidenceRefusal("BODY_INVALID", told.join("; "));
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch {
    throw new EvidenceRefusal("BODY_INVALID", "(body): expected JSON");
  }
}

function problemOf(error: unknown, logger: Logger) {
  if (error instanceof EvidenceRefusal) return problem(error.code, error.message);
  logger.error("evidence.request-failed", { error });
  if (error instanceof SignerError || error instanceof TimeStampError)
    return problem("SIGNER_AWAY", `${error.message}; nothing was made, ask again later`);
  if (error instanceof DatabaseError && error.retryable)
    return problem("STORE_AWAY", "PostgreSQL does not answer; ask again later");
  return problem("INTERNAL", "the log of this process has the reason");
}

export function problem(code: EvidenceProblemCode, detail: string) {
  const { status, title } = EVIDENCE_PROBLEMS[code];
  const type = `urn:kadun:problem:${code.toLowerCase().replaceAll("_", "-")}`;
  const body: EvidenceProblemBody = { type, title, status, code, detail };
  return { status, body, isProblem: true };
}

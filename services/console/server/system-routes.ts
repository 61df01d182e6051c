/** `/v1/console/system` and `/v1/console/audit`: from what was asked to the desks and back. */

import { checkpointFault } from "../../../platform/audit-log/audit-checkpoint.js";
import type { AuditAsked } from "../../../platform/audit-log/audit-search.js";
import { instant } from "../../../schemas/fields.js";
import type { CheckedCheckpoints } from "../../../schemas/http/system.js";
import { SYSTEM_PROBLEMS, type SystemProblemCode } from "../../../schemas/http/system-problem.js";
import { AUDIT_ROUTES, SYSTEM_ROUTES } from "../../../schemas/http/system-routes.js";
import { canonicalInstant } from "../../../schemas/instant.js";
import { ConsoleRefusal } from "./console-problem.js";
import type { Asked, ConsoleRoutes, Handler } from "./console-routes.js";
import type { SystemAuditVerification } from "./system-audit-verification.js";
import type { AuditLogDesk, SystemDesk } from "./system-desk.js";

/** Two signatures of each are checked. The verification of the chain looks at all. */
export const CHECKPOINTS_SHOWN_MAX = 25;
/** Names, actions and ids are shorter. */
const WORD_LENGTH_MAX = 200;

export function auditLogRoutes(desk: AuditLogDesk, verification: SystemAuditVerification): ConsoleRoutes {
  const handlers = {
    entries: async ({ query, caller }) => desk.search(auditAsked(query), caller.scope),
    signed: () => checkedCheckpoints(desk),
    verification: async () => verification.state,
    verify: async ({ caller }) => {
      if (verification.begin(caller.name)) return verification.state;
      throw refusal("VERIFYING", "look how far it is, or cancel it first");
    },
    cancel: async () => {
      if (await verification.cancel()) return verification.state;
      throw refusal("NOT_VERIFYING", "it has ended");
    },
  } satisfies Readonly<Record<keyof typeof AUDIT_ROUTES, Handler>>;
  return { prefix: "/v1/console/audit", routes: AUDIT_ROUTES, handlers };
}

export function systemRoutes(desk: SystemDesk): ConsoleRoutes {
  const handlers = {
    system: () => desk.status(),
    deadLetters: async ({ query }) => there(await desk.deadLetters(numberOf(query.from, "from") ?? 0)),
    redrive: async ({ caller }) => there(await desk.redrive(caller.name)),
  } satisfies Readonly<Record<keyof typeof SYSTEM_ROUTES, Handler>>;
  return { prefix: "/v1/console/system", routes: SYSTEM_ROUTES, handlers };
}

async function checkedCheckpoints(desk: AuditLogDesk): Promise<CheckedCheckpoints> {
  const keys = desk.keys();
  const checkpoints = await desk.latestCheckpoints(CHECKPOINTS_SHOWN_MAX);
  return {
    checkpoints: checkpoints.map((checkpoint) => ({
      ...checkpoint,
      fault: checkpointFault(checkpoint, keys),
    })),
    entries: await desk.head(),
    keys: keys.map(({ keyId }) => keyId),
  };
}

function auditAsked(query: Asked["query"]): AuditAsked {
  const before = numberOf(query.before, "before");
  return {
    actor: wordOf(query.actor, "actor"),
    action: wordOf(query.action, "action"),
    subject: wordOf(query.subject, "subject"),
    from: instantOf(query.from, "from"),
    to: instantOf(query.to, "to"),
    before: before === 0 ? null : before,
  };
}

function wordOf(text: string | undefined, name: string): string | null {
  if (text === undefined || text === "") return null;
  if (text.length <= WORD_LENGTH_MAX) return text;
  throw refusal("QUERY_INVALID", `${name}: at most ${WORD_LENGTH_MAX} characters`);
}

/** As entries have it, whatever offset it was given with. */
function instantOf(text: string | undefined, name: string): string | null {
  if (text === undefined || text === "") return null;
  const parsed = instant.safeParse(text);
  if (parsed.success) return canonicalInstant(parsed.data);
  throw refusal("QUERY_INVALID", `${name}: expected an instant such as 2026-03-01T00:00:00.000+08:00`);
}

function numberOf(text: string | undefined, name: string): number | null {
  if (text === undefined || text === "") return null;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw refusal("QUERY_INVALID", `${name}: expected the number that the last page gave`);
}

function there<Value>(value: Value | null): Value {
  if (value !== null) return value;
  throw refusal("GATEWAY_AWAY", "'kadun doctor' says why; ask again when it runs");
}

function refusal(code: SystemProblemCode, detail: string): ConsoleRefusal {
  return new ConsoleRefusal(code, SYSTEM_PROBLEMS[code], detail);
}

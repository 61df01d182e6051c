/** `/v1/cases` and `/v1/audit`: from what was asked to the desks and back. */

import type * as z from "zod";
import type { CaseCommand } from "../../../schemas/case-command.js";
import { CASE_STATES } from "../../../schemas/case-transitions.js";
import type * as shapes from "../../../schemas/http/cases.js";
import { CASES_ROUTES, type CasesRouteName } from "../../../schemas/http/cases-routes.js";
import type { AuditDesk, CasesAsked, CasesDesk } from "./cases-desk.js";
import { casesRefusal } from "./console-problem.js";
import type { Asked, ConsoleRoutes, Handler } from "./console-routes.js";

type Body<Name extends keyof typeof shapes> = z.infer<(typeof shapes)[Name] & z.ZodType>;

export function casesRoutes(desk: CasesDesk): ConsoleRoutes {
  const show = async ({ path, caller }: Pick<Asked, "path" | "caller">) => {
    const found = await desk.show(path.id!, caller.scope);
    if (found === null) throw casesRefusal("NOT_FOUND", "there is no such case; GET /v1/cases lists them");
    return found;
  };
  const changing =
    (commandOf: (asked: Asked) => CaseCommand): Handler =>
    async (asked) => {
      const { version } = asked.body as { readonly version: number };
      const caseId = asked.path.id!;
      const { name: actor, scope } = asked.caller;
      const result = await desk.change({ caseId, actor, scope, version, command: commandOf(asked) });
      if (result.kind === "refused") throw casesRefusal(result.code, result.detail);
      return show(asked);
    };
  const { audit: _audit, checkpoints: _checkpoints, ...routes } = CASES_ROUTES;
  const handlers = {
    list: async ({ query, caller }) => desk.list({ ...casesAsked(query), scope: caller.scope }),
    show,
    assign: changing(({ body, caller }) => {
      const { assignee = caller.name, reason = null } = body as Body<"assignmentBody">;
      return { kind: "assign", assignee, reason };
    }),
    note: changing(({ body }) => ({ kind: "note", text: (body as Body<"noteBody">).text })),
    strikeNote: changing(({ body, path }) => ({
      kind: "strike-note",
      noteId: numberOf(path.note, "NOTE_UNKNOWN"),
      reason: (body as Body<"strikeBody">).reason,
    })),
    phoned: changing(({ body }) => {
      const { outcome, note = null } = body as Body<"phonedBody">;
      return { kind: "phoned", outcome, note };
    }),
    move: changing(({ body }) => {
      const { to, reason = null, rules = null } = body as Body<"transitionBody">;
      return { kind: "move", to, reason, rules };
    }),
    approve: changing(({ body, path }) => {
      const { reason = null } = body as Body<"approvalBody">;
      return { kind: "approve", proposalId: numberOf(path.proposal, "PROPOSAL_UNKNOWN"), reason };
    }),
    reject: changing(({ body, path }) => ({
      kind: "reject",
      proposalId: numberOf(path.proposal, "PROPOSAL_UNKNOWN"),
      reason: (body as Body<"rejectionBody">).reason,
    })),
  } satisfies Readonly<Record<Exclude<CasesRouteName, "audit" | "checkpoints">, Handler>>;
  return { prefix: "/v1/cases", routes, handlers };
}

export function auditRoutes(desk: AuditDesk): ConsoleRoutes {
  const { audit, checkpoints } = CASES_ROUTES;
  return {
    prefix: "/v1/audit",
    routes: { audit, checkpoints },
    handlers: {
      audit: async ({ query, caller }) => {
        if (caller.scope.includes("")) return desk.lines(afterOf(query));
        throw casesRefusal("NOT_ALLOWED", "the whole chain is the nation's; look entries up by who and what");
      },
      checkpoints: async ({ query }) => ({ checkpoints: await desk.checkpoints(afterOf(query)) }),
    },
  };
}

function casesAsked({ after, state, assignee }: Asked["query"]): Omit<CasesAsked, "scope"> {
  const known = CASE_STATES.find((one) => one === state);
  if (state !== undefined && known === undefined)
    throw casesRefusal("BODY_INVALID", `state: expected one of ${CASE_STATES.join(", ")}`);
  return { after: after ?? null, state: known ?? null, assignee: assignee ?? null };
}

function afterOf({ after = "0" }: Asked["query"]): number {
  if (/^\d{1,9}$/.test(after)) return Number(after);
  throw casesRefusal("BODY_INVALID", "after: expected the number of an entry");
}

function numberOf(text: string | undefined, code: "NOTE_UNKNOWN" | "PROPOSAL_UNKNOWN"): number {
  if (text !== undefined && /^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw casesRefusal(code, "expected its number, as the case shows it");
}

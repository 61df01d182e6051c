/** `/v1/appeals` and `/v1/reversals`: from what was asked to the desk and back. */

import type * as z from "zod";
import { APPEAL_STATES } from "../../../schemas/appeal.js";
import type { OfficeCommand } from "../../../schemas/appeal-command.js";
import type * as shapes from "../../../schemas/http/appeals.js";
import { APPEALS_PROBLEMS, type AppealsProblemCode } from "../../../schemas/http/appeals-problem.js";
import { APPEALS_ROUTES, type AppealsRouteName } from "../../../schemas/http/appeals-routes.js";
import type { AppealsDesk } from "./appeals-desk.js";
import { ConsoleRefusal } from "./console-problem.js";
import type { Asked, ConsoleRoutes, Handler } from "./console-routes.js";

type Body<Name extends keyof typeof shapes> = z.infer<(typeof shapes)[Name] & z.ZodType>;
type ReversalRoute = Extract<AppealsRouteName, "reversals" | "handOver">;

export function appealsRoutes(desk: AppealsDesk): ConsoleRoutes {
  const changing =
    (commandOf: (asked: Asked) => OfficeCommand): Handler =>
    async (asked) => {
      const { version } = asked.body as { readonly version: number };
      const appealId = asked.path.id!;
      const refused = await desk.change({
        appealId,
        version,
        command: commandOf(asked),
        scope: asked.caller.scope,
      });
      if (refused !== null) throw refusal(refused.code, refused.detail);
      return found(await desk.show(appealId, asked.caller.scope));
    };
  const { reversals: _reversals, handOver: _handOver, ...routes } = APPEALS_ROUTES;
  const handlers = {
    list: async ({ query, caller: { scope } }) =>
      desk.list({ after: query.after ?? null, state: stateOf(query.state), scope }),
    show: async ({ path, caller: { scope } }) => found(await desk.show(path.id!, scope)),
    document: async ({ path, caller: { name: reader, scope } }) =>
      found(await desk.document(path.id!, path.document!, { reader, scope })),
    paper: async ({ path, caller: { scope } }) => found(await desk.paper(path.id!, path.paper!, scope)),
    national: async ({ path, caller: { scope } }) => found(await desk.national(path.id!, scope)),
    accept: changing(({ caller }) => ({ type: "accept", by: caller.name })),
    return: changing(({ caller, body }) => ({
      type: "return",
      by: caller.name,
      what: (body as Body<"returnBody">).what,
    })),
    resume: changing(({ caller, body }) => ({
      type: "resume",
      by: caller.name,
      reason: (body as Body<"resumeBody">).reason,
    })),
    review: changing(({ caller, body }) => ({
      type: "review",
      by: caller.name,
      opinion: (body as Body<"reviewBody">).opinion,
    })),
    investigate: changing(({ caller, body }) => ({
      type: "investigate",
      by: caller.name,
      findings: (body as Body<"investigationBody">).findings,
    })),
    decide: changing((asked) => ({ type: "decide", ...decidingOf(asked) })),
    confirm: changing(({ caller }) => ({ type: "confirm", by: caller.name })),
    drop: changing(({ caller, body }) => ({
      type: "drop",
      by: caller.name,
      reason: (body as Body<"dropBody">).reason,
    })),
    reconsider: changing((asked) => ({ type: "reconsider", ...decidingOf(asked) })),
  } satisfies Readonly<Record<Exclude<AppealsRouteName, ReversalRoute>, Handler>>;
  return { prefix: "/v1/appeals", routes, handlers };
}

export function reversalsRoutes(desk: AppealsDesk): ConsoleRoutes {
  const { reversals, handOver } = APPEALS_ROUTES;
  return {
    prefix: "/v1/reversals",
    routes: { reversals, handOver },
    handlers: {
      reversals: ({ query, caller: { scope } }) =>
        desk.reversals({ withHandedOver: query.all === "1", scope, after: query.after ?? null }),
      handOver: async ({ caller: { name: by, scope } }) => ({
        reversals: await desk.handOver({ by, scope }),
      }),
    } satisfies Readonly<Record<ReversalRoute, Handler>>,
  };
}

function decidingOf({ caller, body }: Asked) {
  const { outcomes, own, reasons } = body as Body<"decisionBody">;
  return { by: caller.name, outcomes, own, reasons };
}

function stateOf(state: string | undefined) {
  const known = APPEAL_STATES.find((one) => one === state);
  if (state === undefined) return null;
  if (known === undefined)
    throw refusal("BODY_INVALID", `state: expected one of ${APPEAL_STATES.join(", ")}`);
  return known;
}

function found<Value>(value: Value | null): Value {
  if (value === null) throw refusal("NOT_FOUND", "there is none of this name; GET /v1/appeals lists appeals");
  return value;
}

function refusal(code: AppealsProblemCode, detail: string): ConsoleRefusal {
  return new ConsoleRefusal(code, APPEALS_PROBLEMS[code], detail);
}

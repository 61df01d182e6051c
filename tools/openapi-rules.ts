/** schemas/json/openapi-rules.json: `/v1/rules` and `/v1/people` of the office or a console, from their one table. */

import { RULES_PROBLEMS, type RulesProblemCode, rulesProblem } from "../schemas/http/rules-problem.js";
import { RULES_ROUTES, type RulesRoute } from "../schemas/http/rules-routes.js";
import { openApiOfRoutes } from "./openapi-routes.js";

export function openApiRulesDocument() {
  return openApiOfRoutes<RulesProblemCode>({
    title: "Kadun rules",
    description:
      "Versions of bundles, approvals and activations, at the office of an embedded Kadun or a console of a distributed one. Changes are additive. Refusals are problems (RFC 9457) with a stable `code`; what is refused changes nothing.",
    routes: RULES_ROUTES satisfies Readonly<Record<string, RulesRoute>>,
    problems: RULES_PROBLEMS,
    problemShape: rulesProblem,
    always: ["INTERNAL", "STORE_AWAY"],
    ofAdmitted: ["KEY_MISSING", "KEY_INVALID"],
    ofPersons: ["KEY_REVOKED", "SESSION_ENDED"],
    ofPermissions: ["NOT_ALLOWED"],
    ofChanges: ["CSRF"],
    ofBodies: ["BODY_INVALID", "BODY_TOO_LARGE"],
    parametersOf,
  });
}

/** File text of `openApiRulesDocument`. */
export function openApiRulesText(): string {
  return `${JSON.stringify(openApiRulesDocument(), null, 2)}\n`;
}

function parametersOf(operationId: string, path: string) {
  const number = { type: "integer", minimum: 1 };
  const version = { name: "version", in: "path", required: true, schema: number };
  const description = "the version to compare with; the one activated last where absent";
  const from = { name: "from", in: "query", required: false, description, schema: number };
  if (operationId === "diff") return [version, from];
  return path.includes("{version}") ? [version] : [];
}

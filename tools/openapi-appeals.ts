/** schemas/json/openapi-appeals.json: `/v1/appeals` and `/v1/reversals` of the office or a console, from their one table. */

import {
  APPEALS_PROBLEMS,
  type AppealsProblemCode,
  appealsProblem,
} from "../schemas/http/appeals-problem.js";
import { APPEALS_ROUTES, type AppealsRoute } from "../schemas/http/appeals-routes.js";
import { openApiOfRoutes, textParameters } from "./openapi-routes.js";

export function openApiAppealsDocument() {
  const routes: Readonly<Record<string, AppealsRoute>> = APPEALS_ROUTES;
  return openApiOfRoutes<AppealsProblemCode>({
    title: "Kadun appeals",
    description:
      "What people of the office do with appeals, and the list of settlements to be taken back after them, at the office of an embedded Kadun or a console of a distributed one. Every change names the version of the appeal that was read. Changes of this interface are additive. Refusals are problems (RFC 9457) with a stable `code`; what is refused changes nothing.",
    routes,
    problems: APPEALS_PROBLEMS,
    problemShape: appealsProblem,
    always: ["INTERNAL", "STORE_AWAY"],
    ofAdmitted: ["KEY_MISSING", "KEY_INVALID"],
    ofPersons: ["KEY_REVOKED", "SESSION_ENDED"],
    ofPermissions: ["NOT_ALLOWED"],
    ofChanges: ["CSRF"],
    ofBodies: ["BODY_INVALID", "BODY_TOO_LARGE"],
    parametersOf: (operationId) => textParameters(routes[operationId]!),
  });
}

/** File text of `openApiAppealsDocument`. */
export function openApiAppealsText(): string {
  return `${JSON.stringify(openApiAppealsDocument(), null, 2)}\n`;
}

/** schemas/json/openapi-cases.json: `/v1/cases` and `/v1/audit` of the office or a console, from their one table. */

import { CASES_PROBLEMS, type CasesProblemCode, casesProblem } from "../schemas/http/cases-problem.js";
import { CASES_ROUTES, type CasesRoute } from "../schemas/http/cases-routes.js";
import { openApiOfRoutes, textParameters } from "./openapi-routes.js";

export function openApiCasesDocument() {
  const routes: Readonly<Record<string, CasesRoute>> = CASES_ROUTES;
  return openApiOfRoutes<CasesProblemCode>({
    title: "Kadun cases",
    description:
      "What analysts do with cases, and the audit log of all they do, at the office of an embedded Kadun or a console of a distributed one. Every change names the version of the case that was read; of two on one version the second is refused with CONFLICT. Changes of this interface are additive. Refusals are problems (RFC 9457) with a stable `code`; what is refused changes nothing.",
    routes,
    problems: CASES_PROBLEMS,
    problemShape: casesProblem,
    always: ["INTERNAL", "STORE_AWAY"],
    ofAdmitted: ["KEY_MISSING", "KEY_INVALID"],
    ofPersons: ["KEY_REVOKED", "SESSION_ENDED"],
    ofPermissions: ["NOT_ALLOWED"],
    ofChanges: ["CSRF"],
    ofBodies: ["BODY_INVALID", "BODY_TOO_LARGE"],
    parametersOf: (operationId) => textParameters(routes[operationId]!),
  });
}

/** File text of `openApiCasesDocument`. */
export function openApiCasesText(): string {
  return `${JSON.stringify(openApiCasesDocument(), null, 2)}\n`;
}

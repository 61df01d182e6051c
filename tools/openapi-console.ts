/** schemas/json/openapi-console.json: `/v1/console/` of the office or a console, from the tables of its parts. */

import { CASE_PAGE_ROUTES } from "../schemas/http/case-page-routes.js";
import { CONSOLE_ACCESS_ROUTES, OIDC_PATHS } from "../schemas/http/console-access-routes.js";
import { CONSOLE_PROBLEMS, consoleProblem } from "../schemas/http/console-problem.js";
import { OVERVIEW_ROUTES } from "../schemas/http/overview-routes.js";
import { QUEUE_ROUTES } from "../schemas/http/queue-routes.js";
import { RULES_CONSOLE_ROUTES } from "../schemas/http/rules-console-routes.js";
import {
  FINDING_ROUTES,
  INSTITUTION_ROUTES,
  PERSON_ROUTES,
  SEARCH_ROUTES,
} from "../schemas/http/subjects-routes.js";
import { AUDIT_ROUTES, SYSTEM_ROUTES } from "../schemas/http/system-routes.js";
import { type DocumentedRoute, openApiOfRoutes, textParameters } from "./openapi-routes.js";

type Problems = Readonly<Record<string, { readonly status: number; readonly title: string }>>;
interface PartRoute extends DocumentedRoute<string> {
  readonly query?: Readonly<Record<string, string>>;
}
interface Part {
  /** Before the name of a route, which other parts have too. */
  readonly name: string;
  readonly routes: Readonly<Record<string, PartRoute>>;
  readonly problems: Problems;
}

export const CONSOLE_PARTS: readonly Part[] = [
  { name: "access", routes: CONSOLE_ACCESS_ROUTES, problems: CONSOLE_PROBLEMS.access },
  { name: "overview", routes: OVERVIEW_ROUTES, problems: CONSOLE_PROBLEMS.overview },
  { name: "queue", routes: QUEUE_ROUTES, problems: CONSOLE_PROBLEMS.queue },
  { name: "case", routes: CASE_PAGE_ROUTES, problems: CONSOLE_PROBLEMS.casePage },
  { name: "persons", routes: PERSON_ROUTES, problems: CONSOLE_PROBLEMS.subjects },
  { name: "institutions", routes: INSTITUTION_ROUTES, problems: CONSOLE_PROBLEMS.subjects },
  { name: "findings", routes: FINDING_ROUTES, problems: CONSOLE_PROBLEMS.subjects },
  { name: "search", routes: SEARCH_ROUTES, problems: CONSOLE_PROBLEMS.subjects },
  { name: "rules", routes: RULES_CONSOLE_ROUTES, problems: CONSOLE_PROBLEMS.rules },
  { name: "audit", routes: AUDIT_ROUTES, problems: CONSOLE_PROBLEMS.system },
  { name: "system", routes: SYSTEM_ROUTES, problems: CONSOLE_PROBLEMS.system },
];

export function openApiConsoleDocument() {
  const routes = Object.fromEntries(CONSOLE_PARTS.flatMap(operationsOf));
  const partOf = new Map(CONSOLE_PARTS.flatMap((part) => operationsOf(part).map(([id]) => [id, part])));
  return openApiOfRoutes<string>({
    title: "Kadun console",
    description: `What the analysts' console asks of the office of an embedded Kadun or of a console of a distributed one, beside cases, appeals, evidence and rules, which have documents of their own. What lies outside the caller's regions is not there (NOT_FOUND, or no row). ${OIDC_PATHS.start} and ${OIDC_PATHS.callback} are for browsers and answer with redirections. Changes of this interface are additive. Refusals are problems (RFC 9457) with a stable \`code\`; what is refused changes nothing.`,
    routes,
    problems: (operationId) => partOf.get(operationId)!.problems,
    problemShape: consoleProblem,
    always: ["INTERNAL", "STORE_AWAY"],
    ofAdmitted: ["KEY_MISSING", "KEY_INVALID"],
    ofPersons: ["KEY_REVOKED", "SESSION_ENDED"],
    ofPermissions: ["NOT_ALLOWED"],
    ofChanges: ["CSRF"],
    ofBodies: ["BODY_INVALID", "BODY_TOO_LARGE"],
    parametersOf: (operationId) => textParameters(routes[operationId]!),
  });
}

/** File text of `openApiConsoleDocument`. */
export function openApiConsoleText(): string {
  return `${JSON.stringify(openApiConsoleDocument(), null, 2)}\n`;
}

function operationsOf({ name, routes }: Part): readonly (readonly [string, PartRoute])[] {
  return Object.entries(routes).map(([route, described]) => [`${name}.${route}`, described]);
}

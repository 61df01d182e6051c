/** schemas/json/openapi-evidence.json: `/v1/evidence` of the office or a console, from its one table. */

import {
  EVIDENCE_PROBLEMS,
  type EvidenceProblemCode,
  evidenceProblem,
} from "../schemas/http/evidence-problem.js";
import { EVIDENCE_ROUTES, type EvidenceRoute } from "../schemas/http/evidence-routes.js";
import { openApiOfRoutes } from "./openapi-routes.js";

export function openApiEvidenceDocument() {
  return openApiOfRoutes<EvidenceProblemCode>({
    title: "Kadun evidence",
    description:
      "Evidence packages of cases, who may have them unmasked, and the keys they are verified with, at the office of an embedded Kadun or a console of a distributed one. Changes are additive. Refusals are problems (RFC 9457) with a stable `code`; what is refused changes nothing.",
    routes: EVIDENCE_ROUTES satisfies Readonly<Record<string, EvidenceRoute>>,
    problems: EVIDENCE_PROBLEMS,
    problemShape: evidenceProblem,
    always: ["INTERNAL", "STORE_AWAY"],
    ofAdmitted: ["KEY_MISSING", "KEY_INVALID"],
    ofPersons: ["KEY_REVOKED", "SESSION_ENDED"],
    ofPermissions: ["NOT_ALLOWED"],
    ofChanges: ["CSRF"],
    ofBodies: ["BODY_INVALID", "BODY_TOO_LARGE"],
    parametersOf: (operationId, path) => {
      const schema = { type: "string" };
      if (operationId === "requests") return [{ name: "case", in: "query", required: false, schema }];
      return path.includes("{id}") ? [{ name: "id", in: "path", required: true, schema }] : [];
    },
  });
}

/** File text of `openApiEvidenceDocument`. */
export function openApiEvidenceText(): string {
  return `${JSON.stringify(openApiEvidenceDocument(), null, 2)}\n`;
}

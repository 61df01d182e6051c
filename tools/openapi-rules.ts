/** schemas/json/openapi-rules.json: `/v1/rules` and `/v1/people` of the office or a console, from their one table. */

import * as z from "zod";
import { PROBLEM_CONTENT_TYPE } from "../schemas/http/problem.js";
import { RULES_PROBLEMS, type RulesProblemCode, rulesProblem } from "../schemas/http/rules-problem.js";
import { RULES_ROUTES, type RulesRoute } from "../schemas/http/rules-routes.js";

type Json = Readonly<Record<string, unknown>>;

/** Of every route. */
const KEY_PROBLEMS: readonly RulesProblemCode[] = ["KEY_MISSING", "KEY_INVALID", "INTERNAL", "STORE_AWAY"];
const BODY_PROBLEMS: readonly RulesProblemCode[] = ["BODY_INVALID", "BODY_TOO_LARGE"];

export function openApiRulesDocument(): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const [name, route] of Object.entries<RulesRoute>(RULES_ROUTES))
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operationOf(name, route) };
  return {
    openapi: "3.1.0",
    info: {
      title: "Kadun rules",
      version: "1",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
      description:
        "Versions of bundles, approvals and activations, at the office of an embedded Kadun or a console of a distributed one. Changes are additive. Refusals are problems (RFC 9457) with a stable `code`; what is refused changes nothing.",
    },
    security: [{ person: [] }],
    paths,
    components: {
      schemas: { problem: schemaOf(rulesProblem, "output") },
      securitySchemes: {
        person: bearer("Key of a person: kdp_<secret>, printed once by 'kadun people add NAME'"),
        local: bearer("Key of the network 'local', for whoever runs the machine"),
      },
    },
  };
}

/** File text of `openApiRulesDocument`. */
export function openApiRulesText(): string {
  return `${JSON.stringify(openApiRulesDocument(), null, 2)}\n`;
}

function bearer(description: string): Json {
  return { type: "http", scheme: "bearer", description };
}

function operationOf(operationId: string, route: RulesRoute): Json {
  const { path, summary, description, key, body, status, answer } = route;
  return {
    operationId,
    summary,
    ...(description === undefined ? {} : { description }),
    ...(key === "local" ? { security: [{ local: [] }] } : {}),
    ...(path.includes("{version}") || operationId === "diff"
      ? { parameters: parametersOf(operationId) }
      : {}),
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: { "application/json": { schema: schemaOf(body, "input") } },
          },
        }),
    responses: {
      [status]: {
        description: summary,
        content: { "application/json": { schema: schemaOf(answer, "output") } },
      },
      ...problemResponses(route),
    },
  };
}

function parametersOf(operationId: string): readonly Json[] {
  const number = { type: "integer", minimum: 1 };
  const version = { name: "version", in: "path", required: true, schema: number };
  if (operationId !== "diff") return [version];
  const description = "the version to compare with; the one activated last where absent";
  return [version, { name: "from", in: "query", required: false, description, schema: number }];
}

/** One response a status, naming its codes. */
function problemResponses({ body, key, problems }: RulesRoute): Record<string, Json> {
  const codes = [
    ...problems,
    ...KEY_PROBLEMS,
    ...(key === "person" ? (["KEY_REVOKED"] as const) : []),
    ...(body === undefined ? [] : BODY_PROBLEMS),
  ];
  const byStatus: Record<string, RulesProblemCode[]> = {};
  for (const code of codes) {
    const { status } = RULES_PROBLEMS[code];
    byStatus[status] = [...(byStatus[status] ?? []), code];
  }
  return Object.fromEntries(
    Object.entries(byStatus).map(([status, listed]) => [
      status,
      {
        description: listed.map((code) => `${code}: ${RULES_PROBLEMS[code].title}.`).join(" "),
        content: { [PROBLEM_CONTENT_TYPE]: { schema: { $ref: "#/components/schemas/problem" } } },
      },
    ]),
  );
}

function schemaOf(shape: z.ZodType, io: "input" | "output"): Json {
  const { $schema, ...schema } = z.toJSONSchema(shape, { io, unrepresentable: "any", reused: "inline" });
  return schema;
}

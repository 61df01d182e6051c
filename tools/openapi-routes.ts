/** An OpenAPI document from a table of routes: those of the office and the console. */

import * as z from "zod";
import { PROBLEM_CONTENT_TYPE } from "../schemas/http/problem.js";

type Json = Readonly<Record<string, unknown>>;

export interface DocumentedRoute<Code extends string> {
  readonly method: "GET" | "POST";
  /** With parameters in braces. */
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  readonly key: "person" | "local" | "either";
  readonly body?: z.ZodType;
  readonly status: number;
  /** application/json of `answer` where absent. */
  readonly contentType?: string;
  readonly answer?: z.ZodType;
  readonly problems: readonly Code[];
}

export interface RoutesDocument<Code extends string> {
  readonly title: string;
  readonly description: string;
  readonly routes: Readonly<Record<string, DocumentedRoute<Code>>>;
  readonly problems: Readonly<Record<Code, { readonly status: number; readonly title: string }>>;
  readonly problemShape: z.ZodType;
  /** Of every route. */
  readonly always: readonly Code[];
  /** Of routes that take a person's key. */
  readonly ofPersons: readonly Code[];
  /** Of routes with a body. */
  readonly ofBodies: readonly Code[];
  /** By operation. */
  readonly parametersOf: (operationId: string, path: string) => readonly Json[];
}

export function openApiOfRoutes<Code extends string>(document: RoutesDocument<Code>): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const [name, route] of Object.entries<DocumentedRoute<Code>>(document.routes))
    paths[route.path] = {
      ...paths[route.path],
      [route.method.toLowerCase()]: operationOf(document, name, route),
    };
  return {
    openapi: "3.1.0",
    info: {
      title: document.title,
      version: "1",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
      description: document.description,
    },
    security: [{ person: [] }],
    paths,
    components: {
      schemas: { problem: schemaOf(document.problemShape, "output") },
      securitySchemes: {
        person: bearer("Key of a person: kdp_<secret>, printed once by 'kadun people add NAME'"),
        local: bearer("Key of the network 'local', for whoever runs the machine"),
      },
    },
  };
}

function bearer(description: string): Json {
  return { type: "http", scheme: "bearer", description };
}

const SECURITY = {
  person: {},
  local: { security: [{ local: [] }] },
  either: { security: [{ person: [] }, { local: [] }] },
} as const;

function operationOf<Code extends string>(
  document: RoutesDocument<Code>,
  operationId: string,
  route: DocumentedRoute<Code>,
): Json {
  const { path, summary, description, key, body, status } = route;
  const parameters = document.parametersOf(operationId, path);
  return {
    operationId,
    summary,
    ...(description === undefined ? {} : { description }),
    ...SECURITY[key],
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: { "application/json": { schema: schemaOf(body, "input") } },
          },
        }),
    responses: {
      [status]: { description: summary, content: contentOf(route) },
      ...problemResponses(document, route),
    },
  };
}

function contentOf({ contentType, answer }: DocumentedRoute<string>): Json {
  if (contentType !== undefined) return { [contentType]: { schema: { type: "string" } } };
  return { "application/json": { schema: schemaOf(answer ?? z.unknown(), "output") } };
}

/** One response a status, naming its codes. */
function problemResponses<Code extends string>(
  { problems, always, ofPersons, ofBodies }: RoutesDocument<Code>,
  route: DocumentedRoute<Code>,
): Record<string, Json> {
  const codes = [
    ...route.problems,
    ...always,
    ...(route.key === "local" ? [] : ofPersons),
    ...(route.body === undefined ? [] : ofBodies),
  ];
  const byStatus: Record<string, Code[]> = {};
  for (const code of codes) {
    const { status } = problems[code];
    byStatus[status] = [...(byStatus[status] ?? []), code];
  }
  return Object.fromEntries(
    Object.entries(byStatus).map(([status, listed]) => [
      status,
      {
        description: listed.map((code) => `${code}: ${problems[code].title}.`).join(" "),
        content: { [PROBLEM_CONTENT_TYPE]: { schema: { $ref: "#/components/schemas/problem" } } },
      },
    ]),
  );
}

function schemaOf(shape: z.ZodType, io: "input" | "output"): Json {
  const { $schema, ...schema } = z.toJSONSchema(shape, { io, unrepresentable: "any", reused: "inline" });
  return schema;
}

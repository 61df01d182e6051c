/** An OpenAPI document from a table of routes: those of the office and the console. */

import * as z from "zod";
import { PROBLEM_CONTENT_TYPE } from "../schemas/http/problem.js";

type Json = Readonly<Record<string, unknown>>;

export interface DocumentedRoute<Code extends string> {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** With parameters in braces. */
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  /** `none`: before anybody has signed in. */
  readonly key: "none" | "person" | "local" | "either";
  /** null: whoever has signed in. Absent where the table does not name it. */
  readonly permission?: string | null;
  readonly body?: z.ZodType;
  readonly status: number;
  /** application/json of `answer` where absent. */
  readonly contentType?: string;
  readonly answer?: z.ZodType;
  readonly problems: readonly Code[];
}

type Problems<Code extends string> = Readonly<
  Record<Code, { readonly status: number; readonly title: string }>
>;

export interface RoutesDocument<Code extends string> {
  readonly title: string;
  readonly description: string;
  readonly routes: Readonly<Record<string, DocumentedRoute<Code>>>;
  readonly problems: Problems<Code> | ((operationId: string) => Problems<Code>);
  readonly problemShape: z.ZodType;
  /** Of every route. */
  readonly always: readonly Code[];
  /** Of routes for which somebody is let in. */
  readonly ofAdmitted: readonly Code[];
  /** Of routes that take a person's key or session. */
  readonly ofPersons: readonly Code[];
  /** Of these, those that not everybody may ask. */
  readonly ofPermissions: readonly Code[];
  /** Of these, all but GET. */
  readonly ofChanges: readonly Code[];
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
    security: [{ person: [] }, { session: [] }],
    paths,
    components: {
      schemas: { problem: schemaOf(document.problemShape, "output") },
      securitySchemes: {
        person: bearer("Key of a person: kdp_<secret>, printed once by 'kadun people add NAME'"),
        local: bearer("Key of the network 'local', for whoever runs the machine"),
        session: cookie,
        csrf,
      },
    },
  };
}

function bearer(description: string): Json {
  return { type: "http", scheme: "bearer", description };
}

const cookie: Json = {
  type: "apiKey",
  in: "cookie",
  name: "__Host-kadun",
  description: "Session of who signed in; 'kadun_console' where the console is opened without https",
};
const csrf: Json = {
  type: "apiKey",
  in: "header",
  name: "x-kadun-csrf",
  description: "The session's own word (GET /v1/console/session), with every change by cookie",
};

/** Nothing where it is as the document says for all. */
function securityOf({ key, method }: DocumentedRoute<string>): Json {
  if (key === "none") return { security: [] };
  if (key === "local") return { security: [{ local: [] }] };
  const isReading = method === "GET";
  if (key === "person" && isReading) return {};
  const session = isReading ? { session: [] } : { session: [], csrf: [] };
  return { security: [{ person: [] }, ...(key === "either" ? [{ local: [] }] : []), session] };
}

/** Every place of the path and every word of the query, as text. */
export function textParameters({
  path,
  query = {},
}: {
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
}): readonly Json[] {
  const schema = { type: "string" };
  return [
    ...[...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({ name, in: "path", required: true, schema })),
    ...Object.entries(query).map(([name, description]) => ({
      name,
      in: "query",
      required: false,
      description,
      schema,
    })),
  ];
}

function operationOf<Code extends string>(
  document: RoutesDocument<Code>,
  operationId: string,
  route: DocumentedRoute<Code>,
): Json {
  const { path, summary, body, status } = route;
  const description = descriptionOf(route);
  const parameters = document.parametersOf(operationId, path);
  return {
    operationId,
    summary,
    ...(description === undefined ? {} : { description }),
    ...securityOf(route),
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
      ...problemResponses(document, operationId, route),
    },
  };
}

function descriptionOf({ description, permission }: DocumentedRoute<string>): string | undefined {
  const needs = permission == null ? [] : [`Needs the permission ${permission}.`];
  const told = [...(description === undefined ? [] : [description]), ...needs];
  return told.length === 0 ? undefined : told.join(" ");
}

function contentOf({ contentType, answer }: DocumentedRoute<string>): Json {
  if (contentType !== undefined) return { [contentType]: { schema: { type: "string" } } };
  return { "application/json": { schema: schemaOf(answer ?? z.unknown(), "output") } };
}

/** One response a status, naming its codes. */
function problemResponses<Code extends string>(
  document: RoutesDocument<Code>,
  operationId: string,
  route: DocumentedRoute<Code>,
): Record<string, Json> {
  const problems =
    typeof document.problems === "function" ? document.problems(operationId) : document.problems;
  const codes = new Set([...route.problems, ...codesOfKind(document, route)]);
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

/** What routes of this kind refuse, whatever they do. */
function codesOfKind<Code extends string>(
  { always, ofAdmitted, ofPersons, ofPermissions, ofChanges, ofBodies }: RoutesDocument<Code>,
  { key, method, permission, body }: DocumentedRoute<Code>,
): readonly Code[] {
  const isOfPersons = key === "person" || key === "either";
  return [
    ...always,
    ...(key === "none" ? [] : ofAdmitted),
    ...(isOfPersons ? ofPersons : []),
    ...(isOfPersons && permission !== null ? ofPermissions : []),
    ...(isOfPersons && method !== "GET" ? ofChanges : []),
    ...(body === undefined ? [] : ofBodies),
  ];
}

function schemaOf(shape: z.ZodType, io: "input" | "output"): Json {
  const { $schema, ...schema } = z.toJSONSchema(shape, { io, unrepresentable: "any", reused: "inline" });
  return schema;
}

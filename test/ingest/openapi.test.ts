/** The OpenAPI document: current, whole in itself, and of the same routes and bodies as the gateway. */

import { readFileSync } from "node:fs";
import { afterEach, describe, expect, test } from "@jest/globals";
import * as z from "zod";
import { openApiDocument, openApiText } from "../../tools/openapi.js";
import { at, rawFact, rawHolderLoss, rawStatus, rawSwipe, START_MS } from "../support/records.js";
import { GatewayWorld } from "./gateway-world.js";

const operation = z.object({
  operationId: z.string(),
  summary: z.string(),
  description: z.string(),
  requestBody: z.object({ content: z.record(z.string(), z.unknown()) }).optional(),
  responses: z.record(
    z.string().regex(/^[1-5]\d\d$/),
    z.object({ description: z.string(), content: z.record(z.string(), z.unknown()).optional() }),
  ),
});
const shape = z.object({
  openapi: z.literal("3.1.0"),
  info: z.object({ title: z.string(), version: z.string() }),
  paths: z.record(z.string().startsWith("/"), z.record(z.enum(["get", "post", "put"]), operation.optional())),
  components: z.object({ schemas: z.record(z.string(), z.record(z.string(), z.unknown())) }),
});
const document = shape.parse(JSON.parse(JSON.stringify(openApiDocument())));

function operations(): [string, z.infer<typeof operation>][] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, each]) =>
      each === undefined ? [] : [[`${method.toUpperCase()} ${path}`, each] as [string, typeof each]],
    ),
  );
}

/** Every `$ref` anywhere below. */
function refsOf(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === "$ref" && typeof inner === "string" ? [inner] : refsOf(inner),
  );
}

function resolved(pointer: string): unknown {
  let value: unknown = document;
  for (const part of pointer.replace("#/", "").split("/"))
    value = (value as Record<string, unknown> | undefined)?.[part];
  return value;
}

let world: GatewayWorld | null = null;
afterEach(async () => {
  await world?.close();
  world = null;
});

describe("the OpenAPI document", () => {
  test("is what the code generates", () => {
    const written = readFileSync(new URL("../../schemas/json/openapi.json", import.meta.url), "utf8");
    expect(written).toBe(openApiText());
  });

  test("resolves every reference, and uses every shape", () => {
    const refs = new Set(refsOf(document));
    expect(refs.size).toBeGreaterThan(10);
    expect([...refs].filter((ref) => resolved(ref) === undefined)).toEqual([]);
    const unused = Object.keys(document.components.schemas).filter(
      (name) => !refs.has(`#/components/schemas/${name}`),
    );
    expect(unused).toEqual([]);
  });

  test("names every operation once", () => {
    const ids = operations().map(([, { operationId }]) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("has the routes of the gateway, all of them and no others", async () => {
    world = await GatewayWorld.open();
    const routes = [...world.app.knownRoutes].flatMap(([path, methods]) =>
      // fastify adds HEAD to every GET.
      [...methods].filter((method) => method !== "HEAD").map((method) => `${method} ${path}`),
    );
    expect(routes.sort()).toEqual(
      operations()
        .map(([route]) => route)
        .sort(),
    );
  });

  test("takes lines of NDJSON exactly where the gateway does", async () => {
    world = await GatewayWorld.open();
    for (const [route, { requestBody }] of operations()) {
      if (requestBody === undefined) continue;
      const [method, path] = route.split(" ") as ["POST" | "PUT", string];
      const { statusCode } = await world.send(method, path, "{}\n{}", {
        "content-type": "application/x-ndjson",
      });
      expect([route, statusCode !== 415]).toEqual([route, "application/x-ndjson" in requestBody.content]);
    }
  });

  test("describes every status and body that comes back from a round through the gateway", async () => {
    world = await GatewayWorld.open();
    await world.judge();
    const institution = { institutionId: "P1", name: "益丰药房", kind: "pharmacy" };
    const contact = { personId: "PERSON-1", phone: "13800000000", name: "王芳", idNumberLast4: "123X" };
    const calls: ["GET" | "POST" | "PUT", string, unknown][] = [
      ["POST", "/v1/swipes", rawSwipe()],
      ["POST", "/v1/swipes", {}],
      ["POST", "/v1/card-status", rawStatus()],
      ["POST", "/v1/person-facts", rawFact()],
      ["POST", "/v1/heartbeats", { type: "heartbeat", feedId: "33", occurredAt: at(START_MS) }],
      ["POST", "/v1/feedback", {}],
      ["POST", "/v1/holder-records", rawHolderLoss()],
      ["POST", "/v1/holder-records", {}],
      ["POST", "/v1/authorizations", rawSwipe({ eventId: "s-2" })],
      ["POST", "/v1/authorizations", rawSwipe({ eventId: "s-2" })],
      ["POST", "/v1/authorizations", rawSwipe({ eventId: "s-2", totalFen: 7 })],
      ["POST", "/v1/authorizations", {}],
      ["PUT", "/v1/contacts", contact],
      ["PUT", "/v1/contacts", {}],
      ["PUT", "/v1/institutions", institution],
      ["PUT", "/v1/institutions", {}],
      ["GET", "/livez", undefined],
      ["GET", "/readyz", undefined],
    ];
    for (const [method, path, body] of calls) {
      const response = await world.send(method, path, body);
      const described = document.paths[path]?.[method.toLowerCase() as "get"]?.responses[response.statusCode];
      expect([method, path, response.statusCode, described !== undefined]).toEqual([
        method,
        path,
        response.statusCode,
        true,
      ]);
      if (described!.content === undefined) expect(response.body).toBe("");
      else expectShape(described!.content, response);
    }
  });
});

function expectShape(
  content: Readonly<Record<string, unknown>>,
  { headers, json }: { headers: { "content-type"?: string | undefined }; json(): unknown },
): void {
  const type = headers["content-type"]!.split(";")[0]!;
  const [pointer] = refsOf(content[type]);
  const schema = resolved(pointer!);
  const parsed = z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]).safeParse(json());
  expect(parsed.success ? null : parsed.error).toBeNull();
}

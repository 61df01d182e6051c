/** The OpenAPI document of `/v1/console/`: current, whole in itself, and true of who may ask. */

import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { CONSOLE_PARTS, openApiConsoleDocument, openApiConsoleText } from "../../../tools/openapi-console.js";

interface Operation {
  readonly operationId: string;
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
  readonly responses: Readonly<Record<string, { readonly description: string }>>;
}
const { paths } = JSON.parse(JSON.stringify(openApiConsoleDocument())) as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
};
const routes = CONSOLE_PARTS.flatMap((part) => Object.values(part.routes));

test("the document is what the code generates", () => {
  const written = readFileSync(
    new URL("../../../schemas/json/openapi-console.json", import.meta.url),
    "utf8",
  );
  expect(written).toBe(openApiConsoleText());
});

test("it has every route of the tables under its own address, method and name", () => {
  const documented = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(documented.sort()).toEqual(routes.map(({ method, path }) => `${method} ${path}`).sort());
  const names = Object.values(paths).flatMap((methods) =>
    Object.values(methods).map(({ operationId }) => operationId),
  );
  expect(new Set(names).size).toBe(routes.length);
});

test("every table of routes of the console has a place in a document", () => {
  const texts = readdirSync(new URL("../../../tools", import.meta.url))
    .filter((name) => name.startsWith("openapi-"))
    .map((name) => readFileSync(new URL(`../../../tools/${name}`, import.meta.url), "utf8"));
  const tables = readdirSync(new URL("../../../schemas/http", import.meta.url)).filter((name) =>
    name.endsWith("-routes.ts"),
  );
  const missing = tables.filter((name) => !texts.some((text) => text.includes(name.replace(".ts", ".js"))));
  expect(missing).toEqual([]);
});

test("before signing in nothing is needed, a change by cookie needs the session's word, and says so where it is refused", () => {
  for (const { method, path, key } of routes) {
    const { security, responses } = paths[path]![method.toLowerCase()]!;
    const refused = Object.values(responses)
      .map(({ description }) => description)
      .join(" ");
    if (key === "none") {
      expect(security).toEqual([]);
      expect(refused).not.toContain("KEY_MISSING");
      continue;
    }
    expect(refused).toContain("SESSION_ENDED");
    if (method === "GET") continue;
    expect(security).toContainEqual({ session: [], csrf: [] });
    expect(security).not.toContainEqual({ session: [] });
    expect(refused).toContain("CSRF");
  }
});

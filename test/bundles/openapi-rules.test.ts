/** The OpenAPI document of `/v1/rules`: current, and whole in itself. What it says of answers rules-world.ts checks in every test. */

import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { RULES_ROUTES, type RulesRoute } from "../../schemas/http/rules-routes.js";
import { openApiRulesDocument, openApiRulesText } from "../../tools/openapi-rules.js";

test("the document is what the code generates", () => {
  const written = readFileSync(new URL("../../schemas/json/openapi-rules.json", import.meta.url), "utf8");
  expect(written).toBe(openApiRulesText());
});

test("it has every route of the table under its own address and method", () => {
  const { paths } = JSON.parse(JSON.stringify(openApiRulesDocument())) as { paths: Record<string, object> };
  const documented = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const routes = Object.values<RulesRoute>(RULES_ROUTES).map(({ method, path }) => `${method} ${path}`);
  expect(documented.sort()).toEqual(routes.sort());
  expect(new Set(routes).size).toBe(routes.length);
});

test("it refers to nothing that is not there", () => {
  const text = openApiRulesText();
  const refs = new Set([...text.matchAll(/"\$ref": "([^"]+)"/g)].map(([, ref]) => ref));
  expect([...refs]).toEqual(["#/components/schemas/problem"]);
});

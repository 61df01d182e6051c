/** The OpenAPI document of `/v1/cases`: current, and whole in itself. What it says of answers console-world.ts checks in every test. */

import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { CASES_ROUTES, type CasesRoute } from "../../../schemas/http/cases-routes.js";
import { openApiCasesDocument, openApiCasesText } from "../../../tools/openapi-cases.js";

test("the document is what the code generates", () => {
  const written = readFileSync(new URL("../../../schemas/json/openapi-cases.json", import.meta.url), "utf8");
  expect(written).toBe(openApiCasesText());
});

test("it has every route of the table under its own address and method", () => {
  const { paths } = JSON.parse(JSON.stringify(openApiCasesDocument())) as { paths: Record<string, object> };
  const documented = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const routes = Object.values<CasesRoute>(CASES_ROUTES).map(({ method, path }) => `${method} ${path}`);
  expect(documented.sort()).toEqual(routes.sort());
});

/** The OpenAPI document of `/v1/appeals`: current, and whole in itself. What it says of answers console-world.ts checks in every test. */

import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { APPEALS_ROUTES, type AppealsRoute } from "../../../schemas/http/appeals-routes.js";
import { openApiAppealsDocument, openApiAppealsText } from "../../../tools/openapi-appeals.js";

test("the document is what the code generates", () => {
  const written = readFileSync(
    new URL("../../../schemas/json/openapi-appeals.json", import.meta.url),
    "utf8",
  );
  expect(written).toBe(openApiAppealsText());
});

test("it has every route of the table under its own address and method", () => {
  const { paths } = JSON.parse(JSON.stringify(openApiAppealsDocument())) as { paths: Record<string, object> };
  const documented = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const routes = Object.values<AppealsRoute>(APPEALS_ROUTES).map(({ method, path }) => `${method} ${path}`);
  expect(documented.sort()).toEqual(routes.sort());
});

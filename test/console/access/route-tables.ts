/** All tables of routes there are: every constant of schemas/http/*-routes.ts that is one. A new one is found by itself. */

import { readdirSync } from "node:fs";
import type { Permission } from "../../../schemas/console/access.js";

export interface TableRoute {
  /** `CASES_ROUTES.show`. */
  readonly name: string;
  readonly table: string;
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly path: string;
  readonly key: "none" | "person" | "either" | "local";
  readonly permission: Permission | null;
  readonly status: number;
}

type Row = Omit<TableRoute, "name" | "table">;

const FOLDER = new URL("../../../schemas/http/", import.meta.url);

export async function routeTables(): Promise<readonly TableRoute[]> {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith("-routes.ts"));
  const modules = await Promise.all(
    files.map((file) => import(`../../../schemas/http/${file.replace(/\.ts$/, ".js")}`)),
  );
  return modules.flatMap((module: Readonly<Record<string, unknown>>) =>
    Object.entries(module).flatMap(([table, rows]) => (isTable(rows) ? routesOf(table, rows) : [])),
  );
}

function isTable(value: unknown): value is Readonly<Record<string, Row>> {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((row) => typeof row === "object" && row !== null && "method" in row)
  );
}

function routesOf(table: string, rows: Readonly<Record<string, Row>>): TableRoute[] {
  return Object.entries(rows).map(([name, row]) => ({ ...row, name: `${table}.${name}`, table }));
}

/** With something in every place: the same for all but those that are named. */
export function addressOf(path: string, given: Readonly<Record<string, string>> = {}): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, place: string) => given[place] ?? "1");
}

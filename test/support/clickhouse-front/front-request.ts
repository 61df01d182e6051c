import type { IncomingMessage } from "node:http";
import { buffer } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";
import type { RequestKind } from "./front-fault.js";

/** A request of ClickHouse's HTTP interface, taken apart. */
export interface FrontRequest {
  readonly sql: string;
  /** Rows behind the statement. */
  readonly rows: Buffer | null;
  /** Escaped as the interface has them. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly settings: Readonly<Record<string, string>>;
  readonly database: string;
  readonly format: string;
  readonly queryId: string;
  readonly wantsGzip: boolean;
}

/** Of the interface, not of the engine. */
const NO_SETTINGS: ReadonlySet<string> = new Set([
  "query",
  "query_id",
  "database",
  "default_format",
  "user",
  "password",
  "role",
  "session_id",
  "wait_end_of_query",
  "buffer_size",
  "enable_http_compression",
  "send_progress_in_http_headers",
]);

export function kindOf({ sql, rows }: FrontRequest): RequestKind {
  if (rows !== null && /^\s*INSERT\b/i.test(sql)) return "insert";
  return /^\s*(SELECT|WITH|SHOW|DESCRIBE|EXISTS)\b/i.test(sql) ? "query" : "other";
}

/** @throws where the body is cut off or is no gzip. */
export async function readRequest(message: IncomingMessage): Promise<FrontRequest> {
  const { searchParams } = new URL(message.url ?? "/", "http://front");
  const received = await buffer(message);
  if (!message.complete) throw new Error("the request was cut off");
  const body = message.headers["content-encoding"] === "gzip" ? gunzipSync(received) : received;
  const parts = partsOf(message.headers["content-type"] ?? "", body);
  const given = new Map([...searchParams, ...(parts ?? [])]);
  const query = given.get("query");
  const chosen = [...given].filter(([name]) => !NO_SETTINGS.has(name));
  return {
    sql: query ?? body.toString(),
    rows: query === undefined || parts !== null || body.length === 0 ? null : body,
    parameters: Object.fromEntries(
      chosen
        .filter(([name]) => name.startsWith("param_"))
        .map(([name, value]) => [name.slice("param_".length), value]),
    ),
    settings: Object.fromEntries(chosen.filter(([name]) => !name.startsWith("param_"))),
    database: given.get("database") ?? "default",
    format: given.get("default_format") ?? "TabSeparated",
    queryId: given.get("query_id") ?? "",
    wantsGzip:
      given.get("enable_http_compression") === "1" &&
      String(message.headers["accept-encoding"]).includes("gzip"),
  };
}

/** Fields of a form; null where the body is none. */
function partsOf(contentType: string, body: Buffer): readonly (readonly [string, string])[] | null {
  const boundary = /^multipart\/form-data; boundary=(.+)$/.exec(contentType)?.[1];
  if (boundary === undefined) return null;
  return body
    .toString()
    .split(`--${boundary}`)
    .slice(1, -1)
    .map((part) => {
      const [head, ...rest] = part.split("\r\n\r\n");
      const name = /name="([^"]*)"/.exec(head!)?.[1] ?? "";
      return [name, rest.join("\r\n\r\n").replace(/\r\n$/, "")] as const;
    });
}

/**
 * The console's pages as a browser gets them: files that `npm run build` made, and the one page of all addresses.
 *
 * Owns: which file answers which address, its type, how long it is kept.
 * Does not own: the socket; what the pages ask (`/v1/`); headers that keep them apart from other sites (page-headers.ts).
 *
 * 1. Only files that were there at the start are answered: an address never becomes a path.
 * 2. Files have their hash in the name and are kept for good; the page is asked for each time, with another nonce.
 */

import { randomBytes } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { extname, join, relative, sep } from "node:path";

export const WEB_PAGE = "index.html";
const NONCE_PLACE = "__KADUN_NONCE__";
const NONCE_BYTES = 16;
const GZIPPED = ".gz";
const KEPT_FOR_GOOD = "public, max-age=31536000, immutable";

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".json": "application/json",
  ".png": "image/png",
  ".woff2": "font/woff2",
};

export interface WebFilesOptions {
  /** dist/web. */
  readonly folder: string;
  /** Of every answer; the page's are made for its nonce. */
  readonly headersOf: (nonce: string) => Readonly<Record<string, string>>;
}

export type WebFiles = (request: IncomingMessage, response: ServerResponse) => boolean;

/** @throws where the pages were not built. */
export function openWebFiles({ folder, headersOf }: WebFilesOptions): WebFiles {
  const files = filesIn(folder);
  const page = readFileSync(join(folder, WEB_PAGE), "utf8");
  return (request, response) => {
    const { method = "", url = "/" } = request;
    const path = url.split("?", 1)[0]!;
    if (!["GET", "HEAD"].includes(method)) return false;
    const file = files.get(path);
    if (file !== undefined) {
      answerFile({ request, response, file, headers: headersOf("") });
      return true;
    }
    if (!isPage(path)) return false;
    const nonce = randomBytes(NONCE_BYTES).toString("base64");
    response.writeHead(200, {
      ...headersOf(nonce),
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-store",
    });
    response.end(method === "HEAD" ? undefined : page.replaceAll(NONCE_PLACE, nonce));
    return true;
  };
}

/** Addresses of the process's own, and names of files that are not there, are no pages. */
function isPage(path: string): boolean {
  return !/^\/(v1|livez|readyz|metrics|assets)(\/|$)/.test(path) && !/\.\w+$/.test(path);
}

interface WebFile {
  readonly type: string;
  readonly content: Buffer;
  readonly gzipped: Buffer | null;
}

/** By address. */
function filesIn(folder: string): ReadonlyMap<string, WebFile> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [join(entry.parentPath, entry.name)] : [],
  );
  const served = names.filter((name) => Object.hasOwn(CONTENT_TYPES, extname(name)));
  return new Map(
    served.map((name) => [
      `/${relative(folder, name).split(sep).join("/")}`,
      {
        type: CONTENT_TYPES[extname(name)]!,
        content: readFileSync(name),
        gzipped: existsSync(name + GZIPPED) ? readFileSync(name + GZIPPED) : null,
      },
    ]),
  );
}

interface FileAnswer {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly file: WebFile;
  readonly headers: Readonly<Record<string, string>>;
}

function answerFile({ request, response, file, headers }: FileAnswer): void {
  const takesGzip = /\bgzip\b/.test(String(request.headers["accept-encoding"] ?? ""));
  const isGzip = takesGzip && file.gzipped !== null;
  const body = isGzip ? file.gzipped! : file.content;
  response.writeHead(200, {
    ...headers,
    "content-type": file.type,
    "content-length": body.length,
    "cache-control": KEPT_FOR_GOOD,
    vary: "accept-encoding",
    ...(isGzip && { "content-encoding": "gzip" }),
  });
  response.end(request.method === "HEAD" ? undefined : body);
}

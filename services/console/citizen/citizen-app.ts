/**
 * The cardholder's pages: an HTTP app of its own, for telephones, without a script (docs/citizen-pages.md).
 *
 * Owns: routes, what a request may be, headers, errors in plain words, its tables' old rows.
 * Does not own: listening and closing (the caller's); cases, cards, appeals and SMS (the desk).
 *
 * 1. Every answer is a page with a next step, also of what nobody foresaw.
 * 2. Nothing that was typed is written to a log line; addresses of a person's things neither.
 * 3. No page loads anything from elsewhere or runs anything: the browser is told so.
 */

import multipart from "@fastify/multipart";
import Fastify, { type FastifyInstance, type FastifyReply } from "fastify";
import { Kysely } from "kysely";
import type { Clock } from "../../../platform/clock/clock.js";
import type { OpenDatabase } from "../../../platform/database/database.js";
import type { Logger } from "../../../platform/logger/logger.js";
import type { CitizenDesk } from "./citizen-desk.js";
import type { CitizenParts } from "./citizen-parts.js";
import type { CitizenTables } from "./citizen-tables.js";
import { Door } from "./door/door.js";
import { DoorHash } from "./door/door-hash.js";
import { Sessions } from "./door/sessions.js";
import { Tallies } from "./door/tallies.js";
import { STYLE, STYLE_PATH } from "./pages/style.js";
import { awayPage, notFoundPage, refusedPage } from "./pages/trouble-pages.js";
import { sendPage } from "./routes/answers.js";
import { addAppealRoutes } from "./routes/appeal-routes.js";
import { addCaseRoutes } from "./routes/case-routes.js";
import { isSecure } from "./routes/cookies.js";
import { addDocumentRoutes } from "./routes/document-routes.js";
import { addDoorRoutes } from "./routes/door-routes.js";
import { ownPlace } from "./routes/forms.js";

export interface CitizenOptions {
  readonly desk: CitizenDesk;
  /** Migrated. */
  readonly database: OpenDatabase;
  readonly clock: Clock;
  readonly logger: Logger;
  /** 32 bytes that are not in the database: they key the hashes of what is. */
  readonly hashKey: Uint8Array;
  /** `https://yb.example.cn`; null: whatever host is asked, without TLS. */
  readonly origin: string | null;
  /** Addresses or networks of proxies whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[];
}

/** A statement of 2,000 signs is 18,000 bytes when it is sent; 64 claimed swipes with their ids some 10,000. */
const FORM_BYTES_MAX = 64 << 10;
/** Ten megabytes over a village's line. */
const REQUEST_MS_MAX = 300_000;
const STYLE_KEPT_SECONDS = 31_536_000;
const FORM_TYPE = "application/x-www-form-urlencoded";
const TIDY_EVERY_MS = 600_000;

export function createCitizenApp(options: CitizenOptions): FastifyInstance {
  const parts = partsOf(options);
  const { trustedProxies } = options;
  const app = Fastify({
    logger: false,
    bodyLimit: FORM_BYTES_MAX,
    requestTimeout: REQUEST_MS_MAX,
    requestIdHeader: false,
    trustProxy: trustedProxies.length === 0 ? false : [...trustedProxies],
    routerOptions: { maxParamLength: 200 },
    frameworkErrors: (_error, _request, reply) =>
      void sendPage(secured(parts, reply), 400, notFoundPage(null)),
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(FORM_TYPE, { parseAs: "string" }, (_request, body, done) => {
    done(null, new URLSearchParams(String(body)));
  });
  void app.register(multipart, { throwFileSizeLimit: false });
  app.addHook("onRequest", async (_request, reply) => void secured(parts, reply));
  answerErrors(app, parts);
  tidyNowAndThen(app, options, parts);
  app.get(STYLE_PATH, async (_request, reply) =>
    reply
      .type("text/css; charset=utf-8")
      .header("cache-control", `public, max-age=${STYLE_KEPT_SECONDS}, immutable`)
      .send(STYLE),
  );
  app.get("/favicon.ico", async (_request, reply) => reply.code(204).send());
  app.get("/robots.txt", async (_request, reply) =>
    reply.type("text/plain").send("User-agent: *\nDisallow: /\n"),
  );
  // Within a plugin: parsers of multipart forms are there then.
  void app.register(async (routes) => {
    addDoorRoutes(routes, parts);
    addCaseRoutes(routes, parts);
    addAppealRoutes(routes, parts);
    addDocumentRoutes(routes, parts);
  });
  return app;
}

function partsOf({ desk, database, clock, logger, hashKey, origin }: CitizenOptions): CitizenParts {
  const tables = new Kysely<CitizenTables>({ dialect: database.dialect });
  const hash = new DoorHash(hashKey);
  const tallies = new Tallies(tables);
  const sessions = new Sessions(tables, hash);
  const door = new Door({ desk, database: tables, tallies, sessions, hash, logger });
  return { desk, door, sessions, tallies, hash, clock, logger, origin };
}

function secured({ origin }: CitizenParts, reply: FastifyReply): FastifyReply {
  reply.headers({
    "content-security-policy":
      "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    // Forms have to name where they come from, to us; nobody else is told anything.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "x-robots-tag": "noindex, nofollow",
  });
  if (isSecure(origin)) reply.header("strict-transport-security", "max-age=31536000");
  return reply;
}

const TOO_MUCH = "内容太长，没有收下。请删短一些再试。";

function answerErrors(app: FastifyInstance, parts: CitizenParts): void {
  app.setNotFoundHandler((_request, reply) => sendPage(secured(parts, reply), 404, notFoundPage(null)));
  app.setErrorHandler((error, request, reply) => {
    const status = (error as { statusCode?: number }).statusCode ?? 500;
    if (status >= 400 && status < 500)
      return sendPage(
        secured(parts, reply),
        status,
        refusedPage(null, status === 413 ? TOO_MUCH : UNREADABLE, "/"),
      );
    parts.logger.error("citizen.request-failed", { path: request.routeOptions.url ?? "unknown", error });
    return sendPage(
      secured(parts, reply),
      503,
      awayPage(request.method === "GET" ? ownPlace(request.url) || "/" : null),
    );
  });
}

const UNREADABLE = "没有看懂这次请求。请从首页重新进入。";

/** Old rows are removed in passing: at the first request of every ten minutes. */
function tidyNowAndThen(app: FastifyInstance, { clock, logger }: CitizenOptions, parts: CitizenParts): void {
  let tidiedAtMs = Number.NEGATIVE_INFINITY;
  app.addHook("onResponse", async () => {
    const nowMs = clock.now();
    if (nowMs < tidiedAtMs + TIDY_EVERY_MS) return;
    tidiedAtMs = nowMs;
    try {
      await parts.door.forgetBefore(nowMs);
      await parts.sessions.forgetBefore(nowMs);
      await parts.tallies.forgetBefore(nowMs);
    } catch (error) {
      logger.warn("citizen.tidying-failed", { error });
    }
  });
}

/** How pages leave, and how a route gets at who is asking. */

import type { FastifyReply, FastifyRequest } from "fastify";
import type { AppealView } from "../../../../schemas/appeal.js";
import type { AppealProblem } from "../citizen-desk.js";
import type { CitizenParts } from "../citizen-parts.js";
import type { Session } from "../door/sessions.js";
import type { FormKeys } from "../pages/frame.js";
import { expiredPage, notFoundPage, refusedPage, stalePage } from "../pages/trouble-pages.js";
import { cookieOf, setCookie } from "./cookies.js";
import { bodyOf, formKeys, isOurs, isOwnOrigin, ownPlace, requestIdOf } from "./forms.js";

export function sendPage(reply: FastifyReply, status: number, page: string): FastifyReply {
  return reply.code(status).type("text/html; charset=utf-8").send(page);
}

/** After a change: the browser asks for the page anew, and "back" or "reload" sends nothing again. */
export function goOn(reply: FastifyReply, path: string): FastifyReply {
  return reply.code(303).header("location", path).send();
}

export interface Asked {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly session: Session;
  /** For the page that is shown. */
  readonly keys: FormKeys;
  readonly nowMs: number;
  readonly query: URLSearchParams;
}

export interface Sent extends Asked {
  readonly body: URLSearchParams;
  readonly requestId: string;
}

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

/** A page for whoever is in. */
export function shown(parts: CitizenParts, show: (asked: Asked) => Promise<FastifyReply>): Handler {
  return async (request, reply) => {
    const asked = await askedOf(parts, request, reply);
    return asked === null ? sendToDoor(parts, request, reply, null) : show(asked);
  };
}

/** A change by whoever is in. @param back the page it was sent from, for those that were not taken. */
export function changed(
  parts: CitizenParts,
  back: (request: FastifyRequest) => string,
  change: (sent: Sent) => Promise<FastifyReply>,
): Handler {
  return async (request, reply) => {
    const body = bodyOf(request);
    const asked = await askedOf(parts, request, reply);
    if (asked === null) return sendToDoor(parts, request, reply, { back: back(request), body });
    if (!isOurs(parts, request, asked.session.token, body))
      return sendPage(reply, 403, stalePage(asked.keys, back(request)));
    return change({ ...asked, body, requestId: requestIdOf(parts, asked.session, request, body) });
  };
}

export async function askedOf(
  parts: CitizenParts,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Asked | null> {
  const nowMs = parts.clock.now();
  const session = await parts.sessions.find(cookieOf(parts, request, "kadun-in"), nowMs);
  if (session === null) return null;
  const query = new URLSearchParams(request.url.split("?").slice(1).join("?"));
  return { request, reply, session, keys: formKeys(parts, session.token), nowMs, query };
}

const TYPED_NAMES = ["statement", "reasons"];

export function sendToDoor(
  parts: CitizenParts,
  request: FastifyRequest,
  reply: FastifyReply,
  sent: { readonly back: string; readonly body: URLSearchParams } | null,
): FastifyReply {
  const next = ownPlace(sent?.back ?? request.url);
  const wasIn = cookieOf(parts, request, "kadun-in") !== null;
  if (sent === null && !wasIn) return goOn(reply, `/?next=${encodeURIComponent(next)}`);
  // Browsers send none along with a form of another site: who is in stays in then.
  if (wasIn) setCookie(parts, reply, "kadun-in", null);
  // Shown again only to whom a page of ours sent it.
  const isOwn = request.headers.origin !== undefined && isOwnOrigin(parts.origin, request);
  const typed = isOwn
    ? TYPED_NAMES.map((name) => sent?.body.get(name) ?? "").find((text) => text !== "")
    : null;
  return sendPage(reply, 401, expiredPage(next, typed ?? null));
}

export function sendNotFound(reply: FastifyReply, keys: FormKeys | null): FastifyReply {
  return sendPage(reply, 404, notFoundPage(keys));
}

export function isProblem(result: AppealView | AppealProblem): result is AppealProblem {
  return "problem" in result;
}

/** @param show the page again, with what was wrong; null: a page of its own. */
export function sendProblem(
  { reply, keys }: Asked,
  { problem, text }: AppealProblem,
  show: ((text: string) => string) | { readonly back: string },
): FastifyReply {
  if (problem === "UNKNOWN") return sendNotFound(reply, keys);
  const page = typeof show === "function" ? show(text) : refusedPage(keys, text, show.back);
  return sendPage(reply, 409, page);
}

/** What a page says after a change: a word in its address, never text. */
const SAID: Readonly<Record<string, string>> = {
  mine: "记下了：是您本人。谢谢。",
  saved: "已保存。",
  uploaded: "已上传。",
  removed: "已删除。",
  submitted: "申诉已提交。办理期限写在下面，有进展会发短信给您。",
  supplemented: "补充材料已提交。",
  withdrawn: "申诉已撤回。",
  reconsideration: "复议申请已提交。",
};

export function saidIn(query: URLSearchParams): string | null {
  const word = query.get("said") ?? "";
  return Object.hasOwn(SAID, word) ? SAID[word]! : null;
}

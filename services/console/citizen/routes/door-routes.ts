/** Entering and leaving. */

import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { CitizenParts } from "../citizen-parts.js";
import type { EntryStanding } from "../door/door.js";
import { ANSWER_STEP_MS } from "../door/door-limits.js";
import { newToken } from "../door/sessions.js";
import { codePage, entryPage, lockedPage } from "../pages/door-pages.js";
import { leftPage, stalePage } from "../pages/trouble-pages.js";
import { caseCodeOf, idNumberLast4Of, oneTimeCodeOf } from "../typed-text.js";
import { askedOf, goOn, sendPage } from "./answers.js";
import { cookieOf, setCookie } from "./cookies.js";
import { bodyOf, formKeys, isOurs, ownPlace } from "./forms.js";

const CODE_WRONG = "编号是 8 位字母和数字，例如 K7M2-Q9XW。请照短信再填一次。";
const LAST4_WRONG = "请填身份证号码的最后四位，最后一位可能是 X。";
const BEGIN_AGAIN = "验证码已过期，或输错的次数太多。请重新填写，我们再发一次短信。";

export function addDoorRoutes(app: FastifyInstance, parts: CitizenParts): void {
  app.get(
    "/",
    unlessIn(parts, async (request, reply) => showEntry(parts, request, reply, { status: 200 })),
  );
  const { onSend, atTheDoor } = doorOf(parts);
  app.post(
    "/entry",
    { onSend },
    atTheDoor((request, reply) => knock(parts, request, reply)),
  );
  app.get(
    "/code",
    unlessIn(parts, (request, reply) => showCode(parts, request, reply)),
  );
  app.post(
    "/code",
    { onSend },
    atTheDoor((request, reply) => openDoor(parts, request, reply)),
  );
  app.post(
    "/code/again",
    { onSend },
    atTheDoor((request, reply) => sendAgain(parts, request, reply)),
  );
  app.get("/left", async (_request, reply) => sendPage(reply, 200, leftPage()));
  app.post("/leave", async (request, reply) => {
    const asked = await askedOf(parts, request, reply);
    if (asked !== null) {
      if (!isOurs(parts, request, asked.session.token, bodyOf(request)))
        return sendPage(reply, 403, stalePage(asked.keys, "/case"));
      await parts.sessions.end(asked.session.token);
    }
    // Browsers send none along with a form of another site: who is in stays in then.
    if (cookieOf(parts, request, "kadun-in") !== null) setCookie(parts, reply, "kadun-in", null);
    return goOn(reply, "/left");
  });
}

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

function unlessIn(parts: CitizenParts, show: Handler): Handler {
  return async (request, reply) =>
    (await askedOf(parts, request, reply)) === null ? show(request, reply) : goOn(reply, "/case");
}

interface DoorWays {
  /** Of the routes at the door: the last thing before an answer leaves. */
  readonly onSend: (request: FastifyRequest, reply: FastifyReply, payload: unknown) => Promise<unknown>;
  readonly atTheDoor: (handle: Handler) => Handler;
}

/** Answers leave at whole steps of time, whatever was found out; only what our own pages sent is looked at. */
function doorOf(parts: CitizenParts): DoorWays {
  const { clock } = parts;
  const began = new WeakMap<FastifyRequest, number>();
  return {
    onSend: async (request, _reply, payload) => {
      const startMs = began.get(request);
      if (startMs === undefined) return payload;
      const tookMs = clock.now() - startMs;
      await clock.sleep(ANSWER_STEP_MS - (tookMs % ANSWER_STEP_MS));
      return payload;
    },
    atTheDoor: (handle) => async (request, reply) => {
      const startMs = clock.now();
      // Sent twice, or "back" after entering: whoever is in stays in.
      const next = ownPlace(bodyOf(request).get("next"));
      if ((await askedOf(parts, request, reply)) !== null) return goOn(reply, next || "/case");
      if (!isOurs(parts, request, cookieOf(parts, request, "kadun-visit"), bodyOf(request)))
        return sendPage(reply, 403, stalePage(null, "/"));
      began.set(request, startMs);
      return handle(request, reply);
    },
  };
}

interface Shown {
  readonly status: number;
  readonly code?: string;
  readonly codeError?: string | null;
  readonly last4Error?: string | null;
  readonly said?: string | null;
}

function showEntry(
  parts: CitizenParts,
  request: FastifyRequest,
  reply: FastifyReply,
  of: Shown,
): FastifyReply {
  const asked = bodyOf(request).get("next") ?? new URLSearchParams(request.url.split("?")[1]).get("next");
  const page = entryPage({
    keys: formKeys(parts, visitOf(parts, request, reply)),
    code: of.code ?? "",
    codeError: of.codeError ?? null,
    last4Error: of.last4Error ?? null,
    next: ownPlace(asked),
    said: of.said ?? null,
  });
  return sendPage(reply, of.status, page);
}

/** The visit's token; a new one where there is none. */
function visitOf(parts: CitizenParts, request: FastifyRequest, reply: FastifyReply): string {
  const known = cookieOf(parts, request, "kadun-visit");
  if (known !== null) return known;
  const token = newToken();
  setCookie(parts, reply, "kadun-visit", token);
  return token;
}

async function knock(
  parts: CitizenParts,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const body = bodyOf(request);
  const typed = body.get("code") ?? "";
  const code = caseCodeOf(typed);
  const idNumberLast4 = idNumberLast4Of(body.get("last4") ?? "");
  if (code === null || idNumberLast4 === null)
    return showEntry(parts, request, reply, {
      status: 422,
      code: typed.slice(0, 32),
      codeError: code === null ? CODE_WRONG : null,
      last4Error: idNumberLast4 === null ? LAST4_WRONG : null,
    });
  const visit = cookieOf(parts, request, "kadun-visit")!;
  const knocked = await parts.door.knock(
    { visit, code, idNumberLast4, address: request.ip },
    parts.clock.now(),
  );
  switch (knocked.kind) {
    case "locked":
      return sendPage(reply, 429, lockedPage(knocked.untilMs));
    case "begun":
      return goOn(reply, `/code?next=${encodeURIComponent(ownPlace(body.get("next")))}`);
  }
}

async function showCode(
  parts: CitizenParts,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const nowMs = parts.clock.now();
  const visit = cookieOf(parts, request, "kadun-visit");
  const standing = visit === null ? null : await parts.door.standing(visit, nowMs);
  if (visit === null || standing === null) return goOn(reply, "/");
  const query = new URLSearchParams(request.url.split("?")[1]);
  const page = codePage({
    keys: formKeys(parts, visit),
    error: errorIn(query, standing),
    againAtMs: standing.againAtMs,
    next: ownPlace(query.get("next")),
  });
  return sendPage(reply, 200, page);
}

/** What was wrong is a word in the address: "back" over it sends nothing again. */
function errorIn(query: URLSearchParams, { triesLeft }: EntryStanding): string | null {
  switch (query.get("wrong")) {
    case "digits":
      return "验证码是 6 位数字。请照短信再填一次。";
    case "code":
      return `验证码不对，还可以试 ${triesLeft} 次。请看最新的一条短信。`;
    default:
      return null;
  }
}

async function openDoor(
  parts: CitizenParts,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const body = bodyOf(request);
  const nowMs = parts.clock.now();
  const next = ownPlace(body.get("next"));
  const oneTimeCode = oneTimeCodeOf(body.get("oneTimeCode") ?? "");
  const again = (wrong: string) => goOn(reply, `/code?wrong=${wrong}&next=${encodeURIComponent(next)}`);
  if (oneTimeCode === null) return again("digits");
  const opened = await parts.door.open(cookieOf(parts, request, "kadun-visit")!, oneTimeCode, nowMs);
  switch (opened.kind) {
    case "open":
      setCookie(parts, reply, "kadun-in", opened.session.token);
      setCookie(parts, reply, "kadun-visit", null);
      return goOn(reply, next || "/case");
    case "wrong":
      return again("code");
    case "over":
      return showEntry(parts, request, reply, { status: 410, said: BEGIN_AGAIN });
    case "locked":
      return sendPage(reply, 429, lockedPage(opened.untilMs));
  }
}

async function sendAgain(
  parts: CitizenParts,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const visit = cookieOf(parts, request, "kadun-visit")!;
  const next = encodeURIComponent(ownPlace(bodyOf(request).get("next")));
  const result = await parts.door.again(visit, parts.clock.now());
  switch (result.kind) {
    case "sent":
      return goOn(reply, `/code?next=${next}`);
    case "over":
      return showEntry(parts, request, reply, { status: 410, said: BEGIN_AGAIN });
    case "wait":
      return sendPage(reply, 429, lockedPage(result.untilMs));
  }
}

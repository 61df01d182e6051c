/**
 * Requests of the national platform over HTTP, one each call, answered with its reply envelope.
 *
 * 1. Whoever is let in gets a reply envelope, whatever was sent and whatever becomes of it: a terminal knows no other
 *    answer. `infcode` 0 with an empty `err_msg` needs no more: the message is durable, or no record of Kadun
 *    (`output.ignored`); a pre-settlement goes on. With HTTP 503 `infcode` can be 0 too: the stand-in lets care go on,
 *    the message is not stored, and `err_msg` says so. Anything else says in `err_msg` what to do. Only who is not let
 *    in (401, 403) gets a problem.
 * 2. Pre-settlements (2101, 2206, 2303) wait for their decision, as `POST /v1/authorizations` does, and need its
 *    permission.
 * 3. The HTTP status tells machines what infcode tells terminals: 200, 400 refused, 409 msgid used before, 413 too long,
 *    415 of another type, 429 too fast, 500 a defect, 503 not stored (send the same message again).
 */

import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { answer as answerShape } from "../../../schemas/http/authorization.js";
import type { ReplyEnvelope } from "../../../schemas/national/envelope.js";
import {
  type RefusedMessage,
  type RepliedTo,
  type ReplyTimes,
  replyIgnored,
  replyNotStored,
  replyOfAnswer,
  replyOfRefusal,
  replyOfUnread,
  replyStored,
} from "../../../schemas/national/reply.js";
import { TRANSACTIONS } from "../../../schemas/national/transactions.js";
import { isRefusal } from "../accept.js";
import { admission, networkOf } from "../admission.js";
import { judgedAnswer } from "../authorization-route.js";
import type { GatewayParts } from "../gateway-parts.js";
import { EntryTooLongError } from "../group-commit.js";
import type { OutsideType } from "../intake.js";
import { notStored } from "../not-stored.js";
import { expectedProblem, Problem, sendProblem } from "../problem.js";
import { parkLine } from "../record-routes.js";
import { isNotTaken, type Refusal, refusal } from "../refusal.js";
import { JSON_TYPE, objectBytes } from "../request-body.js";
import type { ReadMessage } from "./national-reader.js";

export function addNationalRoute(app: FastifyInstance, parts: GatewayParts): void {
  app.post(PATH, {
    bodyLimit: parts.limits.objectBytesMax,
    onRequest: admission(parts, "records"),
    handler: (request, reply) => take(parts, request, reply),
    errorHandler: (error, request, reply) => void answerError(parts, error, request, reply),
  });
}

const PATH = "/v1/national";
const NOTHING_READ: RepliedTo = { msgid: null, division: null };

/** What ended a request before its message was read. */
function answerError(
  parts: GatewayParts,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const problem = problemOf(parts, error);
  const isLetIn = request.network !== null || !NOT_LET_IN.includes(problem.status);
  if (!isLetIn) return sendProblem(reply, problem);
  const now = parts.clock.now();
  const body = replyOfUnread(NOTHING_READ, problem.code, { receivedMs: now, respondedMs: now });
  return sendReply(reply, problem, body);
}

const NOT_LET_IN: readonly number[] = [401, 403];

/** Somebody has to look at what nobody expected. */
function problemOf({ logger }: GatewayParts, error: unknown): Problem {
  const expected = expectedProblem(error);
  if (expected !== null) return expected;
  logger.error("ingest.request-failed", { path: PATH, error });
  return new Problem("INTERNAL");
}

function sendReply(reply: FastifyReply, { status, details }: Problem, body: ReplyEnvelope): FastifyReply {
  const { retryAfterSeconds } = details;
  if (retryAfterSeconds !== undefined) reply.header("retry-after", String(retryAfterSeconds));
  return send(reply, status, body);
}

/** A message under way. */
interface Taken {
  readonly request: FastifyRequest;
  readonly bytes: Buffer;
  readonly message: ReadMessage;
  readonly receivedMs: number;
}

async function take(
  parts: GatewayParts,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const receivedMs = parts.clock.now();
  const bytes = objectBytes(request);
  const message = parts.intake.readNational(bytes);
  const taken = { request, bytes, message, receivedMs };
  try {
    mayWait(request, message);
    return send(reply, 200, await answered(parts, taken));
  } catch (error) {
    const problem = problemOf(parts, error);
    return sendReply(reply, problem, replyOfProblem(parts, taken, problem));
  }
}

/** @throws Problem NOT_PERMITTED. */
function mayWait(request: FastifyRequest, { infno }: ReadMessage): void {
  if (infno === null || !TRANSACTIONS[infno].waits) return;
  if (networkOf(request).permissions.has("authorizations")) return;
  throw new Problem("NOT_PERMITTED", { detail: "the network's key lacks 'authorizations'" });
}

/** @throws Problem. */
async function answered(parts: GatewayParts, taken: Taken): Promise<ReplyEnvelope> {
  const { request, bytes, message } = taken;
  const { infno, result } = message;
  if (isRefusal(result) && isNotTaken(result)) {
    parts.counters.records.add(1, { type: "none", result: "skipped" });
    return replyIgnored(message, result.reason, times(parts, taken));
  }
  if (isRefusal(result)) throw await refused(parts, taken, result);
  if (result.type === "swipe" && infno !== null && TRANSACTIONS[infno].waits) {
    const answer = await judgedAnswer(parts, request, bytes, result);
    return replyOfAnswer(message, answer, parts.words().responseCodes.meanings, times(parts, taken));
  }
  if (!parts.writer.hasRoomFor(1)) throw notStored(parts, null);
  try {
    await parts.intake.append(result);
  } catch (error) {
    if (!(error instanceof EntryTooLongError)) throw notStored(parts, error);
    throw await refused(parts, taken, refusal("RECORD_TOO_LONG", { eventId: message.msgid }));
  }
  parts.counters.records.add(1, { type: result.type, result: "accepted" });
  return replyStored(message, times(parts, taken));
}

/** Kept as a dead letter before it is told. */
async function refused(
  parts: GatewayParts,
  { request, bytes, message }: Taken,
  why: Refusal,
): Promise<Problem> {
  const expects: OutsideType = message.infno === null ? "swipe" : TRANSACTIONS[message.infno].becomes;
  try {
    const told = await parkLine(parts, request, { line: { number: 1, bytes }, expects, refused: why });
    return new Problem("NOTHING_ACCEPTED", { more: { refused: [told] } });
  } catch (error) {
    return notStored(parts, error);
  }
}

function replyOfProblem(parts: GatewayParts, taken: Taken, problem: Problem): ReplyEnvelope {
  const to: RepliedTo = taken.message;
  const at = times(parts, taken);
  if (problem.code === "NOT_STORED") {
    const answer = answerShape.safeParse(problem.details.more?.answer);
    if (!answer.success) return replyNotStored(to, at);
    return replyOfAnswer(to, answer.data, parts.words().responseCodes.meanings, at);
  }
  if (problem.code !== "NOTHING_ACCEPTED" && problem.code !== "EVENT_ID_REUSED")
    return replyOfUnread(to, problem.code, at);
  return replyOfRefusal(to, refusedMessage(taken, problem), at);
}

function refusedMessage({ message: { result } }: Taken, problem: Problem): RefusedMessage {
  if (isRefusal(result)) return result;
  if (problem.code === "EVENT_ID_REUSED")
    return { code: problem.code, field: "msgid", reason: problem.details.detail ?? problem.message };
  return refusal("RECORD_TOO_LONG");
}

function times({ clock }: GatewayParts, { receivedMs }: Taken): ReplyTimes {
  return { receivedMs, respondedMs: clock.now() };
}

function send(reply: FastifyReply, status: number, body: ReplyEnvelope): FastifyReply {
  return reply.code(status).header("content-type", JSON_TYPE).send(JSON.stringify(body));
}

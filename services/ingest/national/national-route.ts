/**
 * Requests of the national platform over HTTP, one each call, answered with its reply envelope.
 *
 * 1. Whoever was let in and sends one object of JSON gets a reply envelope, whatever becomes of the message. `infcode` 0
 *    with an empty `err_msg` needs no more: the message is durable, or no record of Kadun (`output.ignored`); a
 *    pre-settlement goes on. With HTTP 503 `infcode` can be 0 too: the stand-in lets care go on, the message is not
 *    stored, and `err_msg` says so. Anything else says in `err_msg` what to do. Who is not let in, sends no body, too
 *    long a one or one of another type gets a problem.
 * 2. Pre-settlements (2101, 2206, 2303) wait for their decision, as `POST /v1/authorizations` does, and need its
 *    permission.
 * 3. The HTTP status tells machines what infcode tells terminals: 200, 400 refused, 409 msgid used before, 503 not
 *    stored (send the same message again).
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
import { Problem } from "../problem.js";
import { parkLine } from "../record-routes.js";
import { isNotTaken, type Refusal, refusal } from "../refusal.js";
import { JSON_TYPE, objectBytes } from "../request-body.js";
import type { ReadMessage } from "./national-reader.js";

export function addNationalRoute(app: FastifyInstance, parts: GatewayParts): void {
  app.post("/v1/national", {
    bodyLimit: parts.limits.objectBytesMax,
    onRequest: admission(parts, "records"),
    handler: (request, reply) => take(parts, request, reply),
  });
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
  mayWait(request, message);
  const taken = { request, bytes, message, receivedMs };
  try {
    return send(reply, 200, await answered(parts, taken));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const { retryAfterSeconds } = error.details;
    if (retryAfterSeconds !== undefined) reply.header("retry-after", String(retryAfterSeconds));
    return send(reply, error.status, replyOfProblem(parts, taken, error));
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

/**
 * A swipe in, its decision out.
 *
 * 1. The swipe is durable in the journal before any 200.
 * 2. Within the time limit the terminal gets the judge's answer; after it, the stand-in's, and what it was told
 *    follows into the journal (`answer-given`). That append is not waited for; where it fails it is counted and logged.
 * 3. Where the swipe is not stored, or not known to be when the time is over, the call ends with 503 and an `answer`
 *    for the terminal in it: somebody stands at the counter. The sender repeats the message until it is stored; a
 *    repeat of a stored one is answered with its first decision.
 */

import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { AnswerMessage } from "../../schemas/answer-message.js";
import type { Answer } from "../../schemas/http/authorization.js";
import type { CanonicalSwipe } from "../../schemas/journal.js";
import { isRefusal } from "./accept.js";
import { admission } from "./admission.js";
import { answerFrom } from "./answer-body.js";
import type { Call } from "./answers.js";
import type { GatewayParts } from "./gateway-parts.js";
import { EntryTooLongError } from "./group-commit.js";
import { notStored } from "./not-stored.js";
import { Problem } from "./problem.js";
import { parkLine } from "./record-routes.js";
import { type Refusal, refusal } from "./refusal.js";
import { JSON_TYPE, objectBytes } from "./request-body.js";
import { standInAnswer } from "./stand-in.js";

/** Why an answer of the judge is degraded, as `degradedReason` and /readyz say it. */
export const NOT_BOOTSTRAPPED = "STATUS_SNAPSHOT_MISSING";
/** Why the stand-in spoke. */
const LATE = { ANSWER: "ANSWER_LATE", JOURNAL: "JOURNAL_LATE", NOT_STORED: "NOT_STORED" } as const;

/** How the append of a swipe stands; changes while the call waits. */
interface Storing {
  state: "under-way" | "stored" | "failed";
  error: unknown;
  /** Never rejects. */
  settled: Promise<void>;
}

export function addAuthorizationRoute(app: FastifyInstance, parts: GatewayParts): void {
  app.post("/v1/authorizations", {
    bodyLimit: parts.limits.objectBytesMax,
    onRequest: admission(parts, "authorizations"),
    handler: (request, reply) => authorize(parts, request, reply),
  });
}

async function authorize(
  parts: GatewayParts,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const bytes = objectBytes(request);
  const swipe = parts.intake.accept(bytes, "swipe");
  if (isRefusal(swipe)) throw await refusedSwipe(parts, request, bytes, swipe);
  return send(reply, await judgedAnswer(parts, request, bytes, swipe));
}

/** Stores the swipe and waits for its decision. @param bytes the message, for a dead letter. @throws Problem. */
export async function judgedAnswer(
  parts: GatewayParts,
  request: FastifyRequest,
  bytes: Buffer,
  swipe: CanonicalSwipe,
): Promise<Answer> {
  const call = parts.answers.open();
  if (call === null) throw standInNotStored(parts, swipe, LATE.NOT_STORED, null);
  const storing = store(parts, swipe, call);
  const answer = await call.answer;
  if (answer !== null) return answerWith(parts, swipe, answer);
  if (storing.error instanceof EntryTooLongError)
    throw await refusedSwipe(parts, request, bytes, refusal("RECORD_TOO_LONG", { eventId: swipe.eventId }));
  return standIn(parts, swipe, storing);
}

function store({ writer }: GatewayParts, swipe: CanonicalSwipe, call: Call): Storing {
  const storing: Storing = { state: "under-way", error: null, settled: Promise.resolve() };
  storing.settled = writer.append(swipe, call.header).then(
    () => {
      storing.state = "stored";
    },
    (error: unknown) => {
      storing.state = "failed";
      storing.error = error;
      call.giveUp();
    },
  );
  return storing;
}

/** Nobody judged in time. */
function standIn(parts: GatewayParts, swipe: CanonicalSwipe, storing: Storing): Answer {
  switch (storing.state) {
    case "failed":
      throw standInNotStored(parts, swipe, LATE.NOT_STORED, storing.error);
    case "under-way":
      void storing.settled.then(() => {
        if (storing.state === "stored") recordTold(parts, swipe, LATE.JOURNAL);
      });
      throw standInNotStored(parts, swipe, LATE.JOURNAL, null);
    case "stored":
      recordTold(parts, swipe, LATE.ANSWER);
      parts.counters.answers.add(1, { kind: "stand-in" });
      return standInAnswer(swipe, parts.words(), { journaled: true, degradedReason: LATE.ANSWER });
  }
}

function answerWith(
  parts: GatewayParts,
  swipe: CanonicalSwipe,
  { outcomes, isBootstrapped }: AnswerMessage,
): Answer {
  const degradedReason = isBootstrapped ? null : NOT_BOOTSTRAPPED;
  const { kind, answer } = answerFrom(swipe.eventId, outcomes, degradedReason);
  parts.counters.answers.add(1, { kind });
  if (answer !== null) return answer;
  throw new Problem("EVENT_ID_REUSED", { detail: "send every message under an eventId of its own" });
}

function send(reply: FastifyReply, answer: Answer): FastifyReply {
  return reply.code(200).header("content-type", JSON_TYPE).send(JSON.stringify(answer));
}

async function refusedSwipe(
  parts: GatewayParts,
  request: FastifyRequest,
  bytes: Buffer,
  refused: Refusal,
): Promise<Problem> {
  const line = { number: 1, bytes };
  try {
    const told = await parkLine(parts, request, { line, expects: "swipe", refused });
    return new Problem("NOTHING_ACCEPTED", { more: { refused: [told] } });
  } catch (error) {
    return notStored(parts, error);
  }
}

function standInNotStored(
  parts: GatewayParts,
  swipe: CanonicalSwipe,
  reason: string,
  cause: unknown,
): Problem {
  parts.counters.answers.add(1, { kind: "not-stored" });
  const answer = standInAnswer(swipe, parts.words(), { journaled: false, degradedReason: reason });
  return notStored(parts, cause, { answer });
}

/** What the terminal was told, for whoever compares it with the true decision later. */
function recordTold(parts: GatewayParts, swipe: CanonicalSwipe, reason: string): void {
  const { personKey, eventId } = swipe;
  const { action } = standInAnswer(swipe, parts.words(), { journaled: true, degradedReason: reason });
  parts.writer
    .append({ type: "answer-given", personKey, eventId, action, reason })
    .catch((error: unknown) => {
      parts.counters.answersGivenLost.add(1);
      parts.logger.error("ingest.answer-given-lost", { error });
    });
}

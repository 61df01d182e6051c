/** Records in, durable when answered: swipes, card statuses, person facts, feedback, heartbeats. */

import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { RefusedLine } from "../../schemas/http/problem.js";
import { formatInstant } from "../../schemas/instant.js";
import type { JournalRecord } from "../../schemas/journal.js";
import { isRefusal } from "./accept.js";
import { admission, networkOf } from "./admission.js";
import type { BodyLine } from "./body-lines.js";
import type { GatewayParts } from "./gateway-parts.js";
import { EntryTooLongError } from "./group-commit.js";
import type { OutsideType } from "./intake.js";
import type { Permission } from "./networks.js";
import { notStored } from "./not-stored.js";
import { Problem } from "./problem.js";
import { type Refusal, refusal } from "./refusal.js";
import { bodyLines, JSON_TYPE, refusedLine } from "./request-body.js";

interface RecordRoute {
  readonly url: string;
  readonly expects: OutsideType;
  readonly permission: Permission;
}

const RECORD_ROUTES: readonly RecordRoute[] = [
  { url: "/v1/swipes", expects: "swipe", permission: "records" },
  { url: "/v1/card-status", expects: "card-status", permission: "records" },
  { url: "/v1/person-facts", expects: "person-fact", permission: "records" },
  { url: "/v1/person-links", expects: "person-link", permission: "records" },
  { url: "/v1/heartbeats", expects: "heartbeat", permission: "records" },
  { url: "/v1/feedback", expects: "feedback", permission: "feedback" },
];

const ONE_ACCEPTED = '{"accepted":1,"refused":[]}';

export function addRecordRoutes(app: FastifyInstance, parts: GatewayParts): void {
  const { limits } = parts;
  for (const { url, expects, permission } of RECORD_ROUTES) {
    const linesMax = expects === "heartbeat" ? limits.heartbeatLinesMax : limits.linesMax;
    const taking: LineTaking = {
      type: expects,
      accept: (bytes) => parts.intake.accept(bytes, expects),
      refuse: (request, line, refused) => parkLine(parts, request, { line, expects, refused }),
    };
    app.post(url, {
      bodyLimit: limits.bodyBytesMax,
      onRequest: admission(parts, permission),
      handler: async (request, reply) => {
        const lines = bodyLines(request, { ...limits, linesMax });
        return answerAccepted(reply, lines.length, await storeLines(parts, request, lines, taking));
      },
    });
  }
}

/** 202 where anything was accepted, else a problem with the refused lines. */
export function answerAccepted(
  reply: FastifyReply,
  count: number,
  refused: readonly RefusedLine[],
): FastifyReply {
  if (refused.length === count) throw new Problem("NOTHING_ACCEPTED", { more: { refused } });
  const body = count === 1 ? ONE_ACCEPTED : JSON.stringify({ accepted: count - refused.length, refused });
  return reply.code(202).header("content-type", JSON_TYPE).send(body);
}

/** What an address makes of its lines. */
export interface LineTaking {
  /** In the counters. */
  readonly type: string;
  readonly accept: (bytes: Uint8Array) => JournalRecord | Refusal;
  /** Resolves when what is kept of it, if anything, is durable. */
  readonly refuse: (request: FastifyRequest, line: BodyLine, refused: Refusal) => Promise<RefusedLine>;
}

/** Appends what is accepted and refuses the rest; both are durable when this resolves. @throws Problem NOT_STORED. */
export async function storeLines(
  parts: GatewayParts,
  request: FastifyRequest,
  lines: readonly BodyLine[],
  taking: LineTaking,
): Promise<readonly RefusedLine[]> {
  if (!parts.writer.hasRoomFor(lines.length)) throw notStored(parts, null);
  const results = await Promise.allSettled(lines.map((line) => storeLine(parts, request, line, taking)));
  const refused: RefusedLine[] = [];
  for (const result of results) {
    if (result.status === "rejected") throw notStored(parts, result.reason);
    if (result.value !== null) refused.push(result.value);
  }
  parts.counters.records.add(lines.length - refused.length, { type: taking.type, result: "accepted" });
  return refused;
}

async function storeLine(
  parts: GatewayParts,
  request: FastifyRequest,
  line: BodyLine,
  taking: LineTaking,
): Promise<RefusedLine | null> {
  const result = taking.accept(line.bytes);
  if (isRefusal(result)) return taking.refuse(request, line, result);
  try {
    await parts.intake.append(result);
    return null;
  } catch (error) {
    if (!(error instanceof EntryTooLongError)) throw error;
    return taking.refuse(request, line, refusal("RECORD_TOO_LONG"));
  }
}

export interface RefusedBytes {
  readonly line: BodyLine;
  readonly expects: OutsideType;
  readonly refused: Refusal;
}

/** Keeps a refused line as a dead letter. */
export async function parkLine(
  { deadLetters, clock, counters }: GatewayParts,
  request: FastifyRequest,
  { line, expects, refused }: RefusedBytes,
): Promise<RefusedLine> {
  counters.records.add(1, { type: expects, result: "refused" });
  const { code, field, reason } = refused;
  await deadLetters.park({
    expects,
    code,
    field,
    reason,
    source: networkOf(request).name,
    position: line.number,
    receivedAt: formatInstant(clock.now()),
    original: line.bytes,
  });
  return refusedLine(line.number, refused);
}

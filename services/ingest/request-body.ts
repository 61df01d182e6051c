/** Bodies as they came: bytes, one object or lines. */

import type { FastifyRequest } from "fastify";
import type * as z from "zod";
import type { RefusedLine } from "../../schemas/http/problem.js";
import { networkOf } from "./admission.js";
import { type BodyLine, linesOf } from "./body-lines.js";
import { objectionTo } from "./forbidden-fields.js";
import { Problem } from "./problem.js";
import { type Refusal, refusal } from "./refusal.js";

export const JSON_TYPE = "application/json";
export const NDJSON_TYPE = "application/x-ndjson";

/** Paths of fields can be as long as a sender likes. */
const FIELD_LENGTH_MAX = 128;

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** The body of a route that takes one object. @throws Problem. */
export function objectBytes(request: FastifyRequest): Buffer {
  if (isNdjson(request))
    throw new Problem("CONTENT_TYPE_UNSUPPORTED", { detail: `this address takes one ${JSON_TYPE} object` });
  return bytesOf(request);
}

/** The lines of a route that takes several; each beyond the first counts for the rate. @throws Problem. */
export function bodyLines(
  request: FastifyRequest,
  limits: { readonly linesMax: number; readonly objectBytesMax: number },
): readonly BodyLine[] {
  const bytes = bytesOf(request);
  if (!isNdjson(request)) {
    if (bytes.length > limits.objectBytesMax)
      throw new Problem("BODY_TOO_LARGE", {
        detail: `one object has at most ${limits.objectBytesMax} bytes`,
      });
    return [{ number: 1, bytes }];
  }
  const lines = linesOf(bytes, limits.linesMax);
  if (lines === null)
    throw new Problem("TOO_MANY_LINES", { detail: `send at most ${limits.linesMax} lines; none was taken` });
  if (lines.length === 0) throw emptyBody();
  networkOf(request).bucket.take(lines.length - 1);
  return lines;
}

/** One line of a shape that is no record. */
export function parseLine<Shape>(
  line: Uint8Array,
  shape: { safeParse(value: unknown): z.ZodSafeParseResult<Shape> },
): Shape | Refusal {
  let value: unknown;
  try {
    value = JSON.parse(utf8.decode(line));
  } catch {
    return refusal("JSON_INVALID");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return refusal("JSON_INVALID", { expected: "a JSON object" });
  const objection = objectionTo(value);
  if (objection !== null) return refusal(objection.code, objection);
  const parsed = shape.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  return refusal("FIELD_INVALID", {
    field: issue?.path.join(".") ?? "",
    expected: issue?.message ?? "the documented shape",
  });
}

export function refusedLine(line: number, { field, code, reason, eventId }: Refusal): RefusedLine {
  return { line, field: field.slice(0, FIELD_LENGTH_MAX), code, reason, eventId };
}

function bytesOf(request: FastifyRequest): Buffer {
  const encoding = request.headers["content-encoding"];
  if (encoding !== undefined && encoding !== "identity")
    throw new Problem("CONTENT_TYPE_UNSUPPORTED", { detail: "send the body without Content-Encoding" });
  const { body } = request;
  if (!Buffer.isBuffer(body) || body.length === 0) throw emptyBody();
  return body;
}

function isNdjson(request: FastifyRequest): boolean {
  return request.headers["content-type"]?.toLowerCase().startsWith(NDJSON_TYPE) === true;
}

function emptyBody(): Problem {
  return new Problem("BODY_EMPTY", { detail: `send one ${JSON_TYPE} object or lines of ${NDJSON_TYPE}` });
}

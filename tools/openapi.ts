/** schemas/json/openapi.json: the HTTP gateway as OpenAPI 3.1, its shapes from the zod definitions. */

import * as z from "zod";
import { holderRecord } from "../schemas/holder-record.js";
import { accepted } from "../schemas/http/accepted.js";
import { answer, notStoredAnswer } from "../schemas/http/authorization.js";
import { contactRequest } from "../schemas/http/contact-request.js";
import { PROBLEM_CONTENT_TYPE, PROBLEMS, type ProblemCode, problem } from "../schemas/http/problem.js";
import { liveness, readiness } from "../schemas/http/readiness.js";
import { institution } from "../schemas/institution.js";
import { replyEnvelope, requestEnvelope } from "../schemas/national/envelope.js";
import * as raw from "../schemas/raw.js";

const JSON_TYPE = "application/json";
const NDJSON_TYPE = "application/x-ndjson";

const SHAPES = {
  swipe: raw.rawSwipe,
  "card-status": raw.rawCardStatus,
  "person-fact": raw.rawPersonFact,
  "person-link": raw.rawPersonLink,
  heartbeat: raw.rawHeartbeat,
  feedback: raw.rawFeedback,
  "holder-record": holderRecord,
  institution,
  "contact-request": contactRequest,
  accepted,
  answer,
  "not-stored-answer": notStoredAnswer,
  problem,
  readiness,
  liveness,
  "national-request": requestEnvelope,
  "national-reply": replyEnvelope,
} satisfies Readonly<Record<string, z.ZodType>>;
type ShapeName = keyof typeof SHAPES;

type Json = Readonly<Record<string, unknown>>;

/** Every operation with a key can be refused for these. */
const KEY_PROBLEMS: readonly ProblemCode[] = [
  "KEY_MISSING",
  "KEY_INVALID",
  "KEY_REVOKED",
  "NOT_PERMITTED",
  "RATE_LIMITED",
  "BODY_EMPTY",
  "BODY_TOO_LARGE",
  "CONTENT_TYPE_UNSUPPORTED",
  "INTERNAL",
  "STOPPING",
];

interface Operation {
  readonly method: "get" | "post" | "put";
  readonly path: string;
  readonly id: string;
  readonly summary: string;
  readonly description: string;
  readonly body?: ShapeName;
  readonly takesLines?: boolean;
  readonly responses: Readonly<Record<string, Json>>;
  readonly problems: readonly ProblemCode[];
}

const STORED: Readonly<Record<string, Json>> = {
  "202": response("Everything counted as accepted is durable in the journal.", "accepted"),
};
const RECORD_PROBLEMS: readonly ProblemCode[] = ["NOTHING_ACCEPTED", "TOO_MANY_LINES", "NOT_STORED"];

function recordOperation(path: string, shape: ShapeName, summary: string): Operation {
  return {
    method: "post",
    path,
    id: `send-${shape}`,
    summary,
    description:
      "One object, or lines of NDJSON. Lines that are refused are kept as dead letters and do not hold up the others. Sending again under the same eventId is harmless: after 503, a cut connection or no answer, send the same message again. Records of one person that depend on each other's order are sent one message after the other's answer.",
    body: shape,
    takesLines: true,
    responses: STORED,
    problems: RECORD_PROBLEMS,
  };
}

const OPERATIONS: readonly Operation[] = [
  recordOperation("/v1/swipes", "swipe", "Swipes to be judged, without waiting for the decisions"),
  recordOperation(
    "/v1/card-status",
    "card-status",
    "Changes of a card's state: loss, release, replacement …",
  ),
  recordOperation("/v1/person-facts", "person-fact", "Facts about a person: filings, stays, limits …"),
  recordOperation(
    "/v1/person-links",
    "person-link",
    "One person under a new number: what is known of the former number goes on under the new one",
  ),
  recordOperation("/v1/heartbeats", "heartbeat", "A feed of card statuses is alive and complete up to now"),
  recordOperation("/v1/feedback", "feedback", "Verdicts of the office on findings"),
  {
    method: "post",
    path: "/v1/holder-records",
    id: "send-holder-record",
    summary: "What cardholders do on Kadun's own pages: a loss reported, limits set",
    description:
      "One object, or lines of NDJSON, by tokens instead of numbers: what becomes of it is the record that a source would have sent with the numbers. Everything but report-loss and limits is refused (NOT_THE_HOLDERS), unknown fields too. Refused lines are not kept: whoever sends them has them. Needs the permission 'holder', which no network has by default. Sending again under the same eventId is harmless.",
    body: "holder-record",
    takesLines: true,
    responses: STORED,
    problems: RECORD_PROBLEMS,
  },
  {
    method: "post",
    path: "/v1/authorizations",
    id: "authorize",
    summary: "A swipe in, its decision out",
    description:
      "200 means that the swipe is durable. `standIn: true`: the decision was late and a fixed table spoke instead (a physical card at a pharmacy is challenged, everything else approved); the true decision follows as an outcome, and sending the message again asks for it. A repeated message is answered with its first decision (`duplicate: true`). 503 means that the swipe is not stored, or not known to be: tell the terminal what `answer` says (`journaled: false`), then send the same message again until it is answered with 200.",
    body: "swipe",
    responses: {
      "200": response("What to tell the terminal.", "answer"),
      "503": {
        description:
          "Not stored (NOT_STORED, with `answer` for the terminal) or stopping (STOPPING, without). Send again.",
        headers: retryAfter(),
        content: {
          [PROBLEM_CONTENT_TYPE]: { schema: { anyOf: [ref("not-stored-answer"), ref("problem")] } },
        },
      },
    },
    problems: ["NOTHING_ACCEPTED", "EVENT_ID_REUSED"],
  },
  {
    method: "post",
    path: "/v1/national",
    id: "send-national",
    summary: "A request of the national platform in, its reply out",
    description:
      "One request (infno, msgid, input …) as docs/national-messages.md lists them. Whoever is let in gets a reply envelope, whatever was sent; only 401 and a 403 for the key itself are problems. `infcode` 0 with HTTP 200: what became of it is durable, or `output.ignored` says why it is no record; after a pre-settlement (2101, 2206, 2303) it also means that it goes on, and `output` has the decision. `infcode` 0 with HTTP 503: a pre-settlement may go on for now, but is not stored, as `err_msg` says. Any other `infcode`: `err_msg` tells the operator what is wrong and how care can still be had; with a pre-settlement that is challenged or rejected the HTTP status is still 200. Refused messages are kept as dead letters. After 503, a cut connection or no reply send the same message again, under the same msgid. Pre-settlements need the permission 'authorizations', the others 'records'.",
    body: "national-request",
    responses: {
      "200": response("Stored, and, for a pre-settlement, judged.", "national-reply"),
      "400": response("Refused, unreadable, or no body.", "national-reply"),
      "403": {
        description:
          "The key was revoked or lacks 'records' (a problem), or lacks 'authorizations' for a pre-settlement (a reply envelope).",
        content: {
          [JSON_TYPE]: { schema: ref("national-reply") },
          [PROBLEM_CONTENT_TYPE]: { schema: ref("problem") },
        },
      },
      "409": response("The msgid was used before with other content.", "national-reply"),
      "413": response("The message is too long.", "national-reply"),
      "415": response("Not one application/json object, or packed.", "national-reply"),
      "429": {
        ...response("The network sends faster than agreed.", "national-reply"),
        headers: retryAfter(),
      },
      "500": response("A defect of Kadun. Send again.", "national-reply"),
      "503": {
        ...response(
          "Not stored, with what to tell the terminal meanwhile, or stopping. Send again.",
          "national-reply",
        ),
        headers: retryAfter(),
      },
    },
    problems: [],
  },
  {
    method: "put",
    path: "/v1/contacts",
    id: "put-contact",
    summary: "How to reach a person",
    description: "Kept sealed in the vault, never in journal or logs. Replaces what was known.",
    body: "contact-request",
    responses: { "204": { description: "Stored." } },
    problems: ["BODY_INVALID", "NOT_STORED"],
  },
  {
    method: "put",
    path: "/v1/institutions",
    id: "put-institutions",
    summary: "Entries of the institution register",
    description:
      "One object, or lines of NDJSON. Fills in name and chain where later swipes lack them; earlier ones keep what they had. Refused lines are not kept.",
    body: "institution",
    takesLines: true,
    responses: { "202": response("Everything counted as accepted is stored.", "accepted") },
    problems: [...RECORD_PROBLEMS, "REGISTER_FULL"],
  },
  {
    method: "get",
    path: "/livez",
    id: "livez",
    summary: "The process lives",
    description: "For supervisors. Needs no key.",
    responses: { "200": response("It does.", "liveness") },
    problems: [],
  },
  {
    method: "get",
    path: "/readyz",
    id: "readyz",
    summary: "May traffic be sent here",
    description: "For balancers. Needs no key.",
    responses: {
      "200": response("Yes.", "readiness"),
      "503": response("Not now, and why.", "readiness"),
    },
    problems: ["INTERNAL"],
  },
];

/** The document, keys in a fixed order. */
export function openApiDocument(): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const operation of OPERATIONS)
    paths[operation.path] = { ...paths[operation.path], [operation.method]: operationOf(operation) };
  return {
    openapi: "3.1.0",
    info: {
      title: "Kadun gateway",
      version: "1",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
      description:
        "Records of settlement networks in, answers out. Changes are additive: unknown fields are ignored and dropped; fields named like a PIN or password are refused. Errors are problems (RFC 9457) with a stable `code`.",
    },
    security: [{ key: [] }],
    paths,
    components: {
      schemas: Object.fromEntries(Object.entries(SHAPES).map(([name, shape]) => [name, schemaOf(shape)])),
      securitySchemes: {
        key: {
          type: "http",
          scheme: "bearer",
          description: "API key of a network: kdn_<network>_<secret>, shown once when it is made",
        },
      },
    },
  };
}

/** File text of `openApiDocument`. */
export function openApiText(): string {
  return `${JSON.stringify(openApiDocument(), null, 2)}\n`;
}

function operationOf(operation: Operation): Json {
  const hasKey = operation.body !== undefined;
  const { id, summary, description } = operation;
  return {
    operationId: id,
    summary,
    description,
    ...(hasKey ? { requestBody: requestBody(operation) } : { security: [] }),
    responses: { ...problemResponses(operation, hasKey), ...operation.responses },
  };
}

function requestBody({ body, takesLines }: Operation): Json {
  const content: Record<string, Json> = { [JSON_TYPE]: { schema: ref(body!) } };
  if (takesLines === true)
    content[NDJSON_TYPE] = {
      schema: { type: "string", description: `one object a line, each of the shape of ${JSON_TYPE}` },
    };
  return { required: true, content };
}

/** One response a status, naming its codes; a status that the operation describes itself is left to it. */
function problemResponses({ problems, responses }: Operation, hasKey: boolean): Record<string, Json> {
  const codes = hasKey ? [...problems, ...KEY_PROBLEMS] : problems;
  const byStatus: Record<string, ProblemCode[]> = {};
  for (const code of codes) {
    const status = String(PROBLEMS[code].status);
    if (!(status in responses)) byStatus[status] = [...(byStatus[status] ?? []), code];
  }
  return Object.fromEntries(
    Object.entries(byStatus).map(([status, listed]) => [
      status,
      {
        description: listed.map((code) => `${code}: ${PROBLEMS[code].title}.`).join(" "),
        ...(status === "429" || status === "503" ? { headers: retryAfter() } : {}),
        content: { [PROBLEM_CONTENT_TYPE]: { schema: ref("problem") } },
      },
    ]),
  );
}

function retryAfter(): Json {
  return { "Retry-After": { description: "seconds to wait", schema: { type: "integer", minimum: 1 } } };
}

function response(description: string, shape: ShapeName): Json {
  return { description, content: { [JSON_TYPE]: { schema: ref(shape) } } };
}

function ref(name: ShapeName): Json {
  return { $ref: `#/components/schemas/${name}` };
}

function schemaOf(shape: z.ZodType): Json {
  const { $schema, ...schema } = z.toJSONSchema(shape, {
    io: "input",
    unrepresentable: "any",
    reused: "inline",
  });
  return schema;
}

/** The addresses of `/v1/evidence`: one table for the service, its OpenAPI document and their tests. */
import type * as z from "zod";
import type { Permission } from "../console/access.js";
import { publishedKeys } from "../evidence/keys.js";
import { packageRequest, unmaskingBody, unmaskingRequest, unmaskingRequests } from "./evidence.js";
import type { EvidenceProblemCode } from "./evidence-problem.js";

export interface EvidenceRoute {
  readonly method: "GET" | "POST";
  /** `{id}` is what lies between two slashes. */
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  /** Whose key: a person's; that of the network `local`, which whoever runs the machine has; either. */
  readonly key: "person" | "local" | "either";
  /** Of those who sign in; keys of people without an account may everything. null: the machine only. */
  readonly permission: Permission | null;
  readonly body?: z.ZodType;
  readonly status: 200 | 201;
  /** What the body is where it is not JSON of `answer`. */
  readonly contentType?: "application/x-ndjson" | "application/zip";
  readonly answer?: z.ZodType;
  readonly problems: readonly EvidenceProblemCode[];
}

const REQUEST = "/v1/evidence/requests/{id}";

export const EVIDENCE_ROUTES = {
  make: {
    permission: "evidence.export",
    method: "POST",
    path: "/v1/evidence/packages",
    summary: "Makes the evidence package of a case; lines say how far it is, the last one what was made",
    description:
      "The same case with the same records gives the same bytes. Masked, unless an approved request is named.",
    key: "either",
    body: packageRequest,
    status: 200,
    contentType: "application/x-ndjson",
    problems: [
      "CASE_UNKNOWN",
      "CASE_OF_NO_PERSON",
      "REQUEST_UNKNOWN",
      "NOT_APPROVED",
      "PERSON_REVOKED",
      "NOTHING_PROVEN",
      "RECORDS_MISSING",
      "BUSY",
      "SIGNER_AWAY",
    ],
  },
  take: {
    permission: "evidence.export",
    method: "GET",
    path: "/v1/evidence/packages/{id}",
    summary: "A package that was just made, by its SHA-256",
    key: "either",
    status: 200,
    contentType: "application/zip",
    problems: ["NOT_FOUND"],
  },
  request: {
    permission: "evidence.export",
    method: "POST",
    path: "/v1/evidence/requests",
    summary: "Asks for a package that shows the holder unmasked, with a reason",
    key: "person",
    body: unmaskingBody,
    status: 201,
    answer: unmaskingRequest,
    problems: ["CASE_UNKNOWN", "CASE_OF_NO_PERSON"],
  },
  requests: {
    permission: "cases.read",
    method: "GET",
    path: "/v1/evidence/requests",
    summary: "The latest such requests, at most 500; of one case with the query `case`",
    key: "either",
    status: 200,
    answer: unmaskingRequests,
    problems: [],
  },
  approve: {
    permission: "evidence.approve",
    method: "POST",
    path: `${REQUEST}/approve`,
    summary: "The second person agrees: never who asked",
    key: "person",
    status: 200,
    answer: unmaskingRequest,
    problems: ["REQUEST_UNKNOWN", "SAME_PERSON", "APPROVED_ALREADY"],
  },
  keys: {
    permission: "cases.read",
    method: "GET",
    path: "/v1/evidence/keys",
    summary: "The public keys that packages and day proofs are verified with, and their history",
    key: "either",
    status: 200,
    answer: publishedKeys,
    problems: [],
  },
  rotate: {
    permission: null,
    method: "POST",
    path: "/v1/evidence/keys/rotate",
    summary: "A new pair of keys signs from here on; the one before vouches for it",
    key: "local",
    status: 200,
    answer: publishedKeys,
    problems: ["KEYS_ELSEWHERE"],
  },
} as const satisfies Readonly<Record<string, EvidenceRoute>>;

export type EvidenceRouteName = keyof typeof EVIDENCE_ROUTES;

/** `kadun evidence request|approve|requests`: packages that show the holder unmasked need two people. */

import type * as z from "zod";
import { unmaskingRequest, unmaskingRequests } from "../../schemas/http/evidence.js";
import {
  ConsoleClient,
  consoleAccess,
  type LocalGiven,
  type PersonGiven,
} from "../embedded/console-client.js";

type Request = z.infer<typeof unmaskingRequest>;

export async function request(
  given: PersonGiven,
  asked: { readonly caseId: string; readonly reason: string },
): Promise<Request> {
  return withPerson(given, (client) => client.post("/v1/evidence/requests", asked, unmaskingRequest));
}

export async function approve(given: PersonGiven, requestId: string): Promise<Request> {
  const path = `/v1/evidence/requests/${encodeURIComponent(requestId)}/approve`;
  return withPerson(given, (client) => client.post(path, {}, unmaskingRequest));
}

export async function requests(
  given: PersonGiven & LocalGiven,
  caseId: string | undefined,
): Promise<readonly Request[]> {
  const client = ConsoleClient.by(consoleAccess(given));
  try {
    const query = caseId === undefined ? "" : `?case=${encodeURIComponent(caseId)}`;
    return (await client.get(`/v1/evidence/requests${query}`, unmaskingRequests)).requests;
  } finally {
    client.close();
  }
}

export function requestText({ requestId, caseId, reason, requestedBy, approvedBy }: Request): string {
  const approved = approvedBy === null ? "not approved" : `approved by ${approvedBy}`;
  return `${requestId}  case ${caseId}  by ${requestedBy}: ${reason}  ${approved}`;
}

async function withPerson<Answer>(
  given: PersonGiven,
  ask: (client: ConsoleClient) => Promise<Answer>,
): Promise<Answer> {
  const client = ConsoleClient.person(given);
  try {
    return await ask(client);
  } finally {
    client.close();
  }
}

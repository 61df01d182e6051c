/**
 * Packages that show the holder as he is: one person asks with a reason, another agrees. Both stand in the custody log.
 *
 * 1. Who asked never approves; who was revoked since does not count.
 * 2. A request is of one case and can be used again: the same package is made again of it.
 */

import { randomBytes } from "node:crypto";
import { sql } from "kysely";
import type { Clock } from "../../platform/clock/clock.js";
import { storableText } from "../../platform/database/database.js";
import { formatInstant } from "../../schemas/instant.js";
import { addEntry } from "./custody/custody-log.js";
import { EvidenceRefusal } from "./refusal.js";
import { oneAtATime, type Reads } from "./tables.js";

const ID_BYTES = 8;

export interface UnmaskingRequest {
  readonly requestId: string;
  readonly caseId: string;
  readonly reason: string;
  readonly requestedBy: string;
  readonly requestedAt: string;
  readonly approvedBy: string | null;
  readonly approvedAt: string | null;
}

export interface Unmasking {
  readonly tables: Reads;
  readonly clock: Clock;
  /** May the person still act? */
  readonly isRevoked: (person: string) => Promise<boolean>;
  /** Another id than the ones there are; tests make them. */
  readonly newId?: () => string;
}

export async function requestUnmasked(
  { tables, clock, newId = randomId }: Unmasking,
  person: string,
  { caseId, reason }: { readonly caseId: string; readonly reason: string },
): Promise<UnmaskingRequest> {
  const [requestId, nowMs] = [newId(), clock.now()];
  await oneAtATime(tables, async (trx) => {
    await trx
      .insertInto("evidence_requests")
      .values({
        request_id: requestId,
        case_id: caseId,
        reason: storableText(reason),
        requested_by: person,
        requested_at: formatInstant(nowMs),
        approved_by: null,
        approved_at: null,
        region: sql<string>`coalesce((select region from cases where case_id = ${caseId}), '')`,
      })
      .execute();
    await addEntry(trx, {
      caseId,
      nowMs,
      actor: person,
      action: "unmasked-requested",
      reason: storableText(reason),
      subject: requestId,
    });
  });
  return readRequest(tables, requestId);
}

/** @throws EvidenceRefusal REQUEST_UNKNOWN, SAME_PERSON, APPROVED_ALREADY. */
export async function approveUnmasked(
  { tables, clock }: Unmasking,
  person: string,
  requestId: string,
): Promise<UnmaskingRequest> {
  await oneAtATime(tables, async (trx) => {
    const request = await readRequest(trx, requestId);
    if (request.requestedBy === person)
      throw new EvidenceRefusal(
        "SAME_PERSON",
        `${person} asked for it; another person approves request ${requestId}`,
      );
    if (request.approvedBy !== null)
      throw new EvidenceRefusal(
        "APPROVED_ALREADY",
        `${request.approvedBy} approved request ${requestId}; 'kadun evidence export --case ${request.caseId} --unmasked ${requestId}' makes the package`,
      );
    const nowMs = clock.now();
    await trx
      .updateTable("evidence_requests")
      .set({ approved_by: person, approved_at: formatInstant(nowMs) })
      .where("request_id", "=", requestId)
      .execute();
    await addEntry(trx, {
      caseId: request.caseId,
      nowMs,
      actor: person,
      action: "unmasked-approved",
      reason: request.reason,
      subject: requestId,
    });
  });
  return readRequest(tables, requestId);
}

/** @throws EvidenceRefusal where the request does not stand for this case. */
export async function approvedRequest(
  { tables, isRevoked }: Pick<Unmasking, "tables" | "isRevoked">,
  { caseId, requestId }: { readonly caseId: string; readonly requestId: string },
): Promise<UnmaskingRequest> {
  const request = await readRequest(tables, requestId);
  if (request.caseId !== caseId)
    throw new EvidenceRefusal(
      "REQUEST_UNKNOWN",
      `request ${requestId} is of case ${request.caseId}; ask for one of case ${caseId}`,
    );
  if (request.approvedBy === null)
    throw new EvidenceRefusal(
      "NOT_APPROVED",
      `nobody but ${request.requestedBy} stands behind request ${requestId}; another person approves it: 'kadun evidence approve ${requestId}'`,
    );
  for (const person of [request.requestedBy, request.approvedBy])
    if (await isRevoked(person))
      throw new EvidenceRefusal(
        "PERSON_REVOKED",
        `${person} was revoked since; two people who are not ask and approve anew`,
      );
  return request;
}

/** Of all cases the latest: those of a case are found by it, those that wait stand on the page "today". */
export const REQUESTS_SHOWN_MAX = 25;

/** The oldest first. @param caseId null: of all cases. */
export async function requestsOf(tables: Reads, caseId: string | null): Promise<readonly UnmaskingRequest[]> {
  const all = tables
    .selectFrom("evidence_requests")
    .selectAll()
    .orderBy("requested_at", "desc")
    .orderBy("request_id", "desc")
    .limit(REQUESTS_SHOWN_MAX);
  const rows = await (caseId === null ? all : all.where("case_id", "=", caseId)).execute();
  return rows.reverse().map(requestOf);
}

/** null where there is none. */
export async function caseOfRequest(tables: Reads, requestId: string): Promise<string | null> {
  const row = await tables
    .selectFrom("evidence_requests")
    .select("case_id")
    .where("request_id", "=", storableText(requestId))
    .executeTakeFirst();
  return row?.case_id ?? null;
}

async function readRequest(tables: Reads, requestId: string): Promise<UnmaskingRequest> {
  const row = await tables
    .selectFrom("evidence_requests")
    .selectAll()
    .where("request_id", "=", storableText(requestId))
    .executeTakeFirst();
  if (row !== undefined) return requestOf(row);
  throw new EvidenceRefusal(
    "REQUEST_UNKNOWN",
    `there is no request '${requestId}'; 'kadun evidence requests' shows all`,
  );
}

interface StoredRequest {
  readonly request_id: string;
  readonly case_id: string;
  readonly reason: string;
  readonly requested_by: string;
  readonly requested_at: Date;
  readonly approved_by: string | null;
  readonly approved_at: Date | null;
}

function requestOf(row: StoredRequest): UnmaskingRequest {
  return {
    requestId: row.request_id,
    caseId: row.case_id,
    reason: row.reason,
    requestedBy: row.requested_by,
    requestedAt: formatInstant(row.requested_at.getTime()),
    approvedBy: row.approved_by,
    approvedAt: row.approved_at && formatInstant(row.approved_at.getTime()),
  };
}

function randomId(): string {
  return randomBytes(ID_BYTES).toString("hex");
}

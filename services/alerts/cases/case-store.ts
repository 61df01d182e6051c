/** Writes what was decided about a case: state, notes, proposals, where it ends, history, audit log. */

import { hash } from "node:crypto";
import type { Transaction } from "kysely";
import { appendAudit } from "../../../platform/audit-log/audit-log.js";
import { storableText } from "../../../platform/database/database.js";
import { formatInstant } from "../../../schemas/instant.js";
import { assertNever } from "../assert-never.js";
import { finishCall } from "../sms/phone-calls.js";
import type { AlertsTables } from "../tables.js";
import type { CaseChange } from "./case-change.js";
import { enqueueFeedback } from "./case-feedback.js";
import type { StoredCase } from "./case-standing.js";
import { type ClosableCase, closeCase, reopenCase } from "./closings.js";

type Trx = Transaction<AlertsTables>;
type Detail = Record<string, string | number | boolean | null>;

export interface Decided {
  readonly stored: StoredCase;
  readonly found: ClosableCase;
  readonly change: CaseChange;
  readonly actor: string;
  readonly nowMs: number;
}

/** The last thing in its transaction: from the audit log on, whoever else writes to that waits. */
export async function storeChange(trx: Trx, decided: Decided): Promise<void> {
  const { stored, change, actor, nowMs, found } = decided;
  const [version, at] = [stored.version + 1, formatInstant(nowMs)];
  const detail: Detail = { version, ...(await storeParts(trx, decided, { version, at })) };
  const { state, assignee } = workAfter(decided);
  const work = { state, assignee, version, changed_at: at };
  await trx
    .insertInto("case_work")
    .values({ case_id: found.caseId, ...work })
    .onConflict((conflict) => conflict.column("case_id").doUpdateSet(work))
    .execute();
  const reason = "reason" in change && change.reason !== null ? storableText(change.reason) : null;
  const seq = await appendAudit(trx, at, {
    actor,
    action: `case.${change.kind}`,
    subject: `case:${found.caseId}`,
    // Words may name people: the chain holds their hash, which they can be proven by.
    detail: { ...detail, ...(reason !== null && { reasonSha256: hash("sha256", reason) }) },
  });
  await trx
    .insertInto("case_history")
    .values({
      case_id: found.caseId,
      version,
      at,
      actor,
      action: change.kind,
      detail: JSON.stringify(detail),
      reason,
      audit_seq: seq,
    })
    .execute();
}

function workAfter({ stored, change, actor }: Decided) {
  const { state, assignee } = stored.standing;
  switch (change.kind) {
    case "assigned":
      return { state, assignee: change.assignee };
    case "moved":
      // Who reopens it has it.
      return { state: change.to, assignee: change.from === "closed" ? actor : assignee };
    case "approved":
      return { state: change.to, assignee };
    case "noted":
    case "note-struck":
    case "phoned":
    case "proposed":
    case "rejected":
      return { state, assignee };
    default:
      return assertNever(change);
  }
}

interface Mark {
  readonly version: number;
  readonly at: string;
}

/** @returns what the audit log says of it. */
async function storeParts(trx: Trx, decided: Decided, mark: Mark): Promise<Detail> {
  const { change, actor, stored, found } = decided;
  const { caseId } = found;
  switch (change.kind) {
    case "assigned":
      return { assignee: change.assignee, before: change.before };
    case "noted": {
      const [note_id, text] = [stored.standing.notes + 1, storableText(change.text)];
      await trx
        .insertInto("case_notes")
        .values({ case_id: caseId, note_id, author: actor, text, written_at: mark.at })
        .execute();
      return { noteId: note_id, textSha256: hash("sha256", text) };
    }
    case "note-struck":
      await trx
        .updateTable("case_notes")
        .set({ struck_by: actor, struck_at: mark.at, struck_reason: storableText(change.reason) })
        .where("case_id", "=", caseId)
        .where("note_id", "=", change.noteId)
        .execute();
      return { noteId: change.noteId };
    case "phoned": {
      const { callId, outcome } = change;
      await finishCall(trx, { callId, outcome, by: actor, at: mark.at });
      return { callId, outcome };
    }
    case "proposed":
      return propose(trx, decided, change, mark);
    case "rejected":
      await settle(trx, decided, "rejected", mark);
      return { proposalId: change.proposalId };
    case "moved":
      return { from: change.from, to: change.to, ...(await followMove(trx, decided, change, mark)) };
    case "approved": {
      await settle(trx, decided, "approved", mark);
      const { proposalId, proposedBy, from, to } = change;
      return { proposalId, proposedBy, from, to, ...(await followMove(trx, decided, change, mark)) };
    }
    default:
      return assertNever(change);
  }
}

type Change<Kind extends CaseChange["kind"]> = Extract<CaseChange, { kind: Kind }>;

/** One that nobody decided in time makes room. */
async function propose(
  trx: Trx,
  { found: { caseId }, actor }: Decided,
  change: Change<"proposed">,
  { at }: Mark,
): Promise<Detail> {
  await trx
    .updateTable("case_proposals")
    .set({ status: "expired" })
    .where("case_id", "=", caseId)
    .where("status", "=", "open")
    .execute();
  const { last } = await trx
    .selectFrom("case_proposals")
    .select((row) => row.fn.max("proposal_id").as("last"))
    .where("case_id", "=", caseId)
    .executeTakeFirstOrThrow();
  const proposalId = (last ?? 0) + 1;
  const expires_at = formatInstant(change.expiresAtMs);
  await trx
    .insertInto("case_proposals")
    .values({
      case_id: caseId,
      proposal_id: proposalId,
      from_state: change.from,
      to_state: change.to,
      reason: storableText(change.reason),
      rules: change.rules && JSON.stringify(change.rules),
      alerts_seen: change.alertsSeen,
      proposed_by: actor,
      proposed_at: at,
      expires_at,
      status: "open",
    })
    .execute();
  return {
    proposalId,
    from: change.from,
    to: change.to,
    alertsSeen: change.alertsSeen,
    expiresAt: expires_at,
  };
}

async function settle(
  trx: Trx,
  { found: { caseId }, change, actor }: Decided,
  status: "approved" | "rejected",
  { at }: Mark,
): Promise<void> {
  const { proposalId, reason } = change as Change<"approved"> | Change<"rejected">;
  await trx
    .updateTable("case_proposals")
    .set({ status, decided_by: actor, decided_at: at, decision_reason: reason && storableText(reason) })
    .where("case_id", "=", caseId)
    .where("proposal_id", "=", proposalId)
    .execute();
}

/** What a move has as its consequence: where the case ends, what the journal is told. */
async function followMove(
  trx: Trx,
  { found, stored }: Decided,
  { from, to, rules }: Change<"moved"> | Change<"approved">,
  { version, at }: Mark,
): Promise<Detail> {
  if (to === "closed") await closeCase(trx, found);
  if (from === "closed") await reopenCase(trx, found);
  if (found.subjectKind !== "person") return {};
  const feedback = await enqueueFeedback(trx, {
    caseId: found.caseId,
    version,
    personKey: found.subjectKey,
    to,
    rules: rules ?? stored.standing.rules,
    at,
  });
  return { feedback };
}

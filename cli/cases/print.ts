/** Cases in words. */

import type { CaseDetail, CaseSummary } from "../../schemas/http/cases.js";

export function summaryLine(summary: CaseSummary): string {
  const { caseId, subjectKind, state, assignee, openedAt, standing, strongestAction } = summary;
  return `${caseId}  ${subjectKind}  ${state}  ${assignee ?? "nobody"}  ${openedAt}  ${standing} alert(s)  ${yuan(summary.moneyAtRiskFen)}  ${strongestAction}`;
}

export function caseLines(found: CaseDetail): readonly string[] {
  return [
    `${found.caseId}  ${found.state}  version ${found.version}  ${found.assignee ?? "nobody"} has it`,
    `about ${found.subjectKind} ${found.subject}${found.code === null ? "" : `, known to the holder as ${found.code}`}`,
    `${found.alerts} alert(s), ${found.standing} stand, ${yuan(found.moneyAtRiskFen)} at risk`,
    ...(found.openCall === null
      ? []
      : [`to be phoned since ${found.openCall.since}: SMS do not arrive ('kadun cases phoned')`]),
    ...found.next.map(nextLine),
    ...found.alertList.map(
      (alert) =>
        `  alert ${alert.occurredAt ?? "time unknown"}  ${alert.action}  ${alert.rules.join(",")}  ${alert.state}  ${alert.eventId ?? alert.findingId}`,
    ),
    ...found.sms.map((sms) => `  SMS ${sms.createdAt}  ${sms.situation}  ${sms.status}`),
    ...found.answers.map(
      ({ answeredAt, decisionId, answer }) => `  holder ${answeredAt}  ${answer}  ${decisionId}`,
    ),
    ...found.notes.map(noteLine),
    ...found.proposals.map(proposalLine),
    ...found.history.map(historyLine),
  ];
}

function nextLine({ to, reason, secondPerson, requires }: CaseDetail["next"][number]): string {
  const needs = [
    ...(reason === "needed" ? ["a reason"] : []),
    ...(secondPerson ? ["a second person"] : []),
    ...requires,
  ];
  return `  may go to ${to}${needs.length === 0 ? "" : `: needs ${needs.join(", ")}`}`;
}

function noteLine({ noteId, author, writtenAt, text, struck }: CaseDetail["notes"][number]): string {
  const end = struck === null ? "" : ` [struck out by ${struck.by}: ${struck.reason}]`;
  return `  note ${noteId}  ${writtenAt}  ${author}: ${text}${end}`;
}

function proposalLine(proposal: CaseDetail["proposals"][number]): string {
  const { proposalId, status, from, to, proposedBy, reason, expiresAt, decidedBy } = proposal;
  const end =
    status === "open" ? `until ${expiresAt}` : `${status}${decidedBy === null ? "" : ` by ${decidedBy}`}`;
  return `  proposal ${proposalId}  ${from} to ${to} by ${proposedBy}: ${reason}  (${end})`;
}

function historyLine({
  version,
  at,
  actor,
  action,
  detail,
  reason,
  auditSeq,
}: CaseDetail["history"][number]): string {
  const outcome = typeof detail.outcome === "string" ? ` ${detail.outcome}` : "";
  return `  ${version}  ${at}  ${actor}  ${action}${outcome}${reason === null ? "" : `: ${reason}`}  (audit ${auditSeq})`;
}

function yuan(fen: number): string {
  return `${(fen / 100).toFixed(2)} yuan`;
}

/** Appeals in words. */

import type { AppealDetail, AppealSummary } from "../../schemas/http/appeals.js";
import { yuanTextOf } from "../../schemas/national/yuan.js";

export function summaryLine({ appealId, number, state, changedAt, missed }: AppealSummary): string {
  return `${appealId}  ${number}  ${state}  ${changedAt}${missed.length === 0 ? "" : `  missed: ${missed.join(", ")}`}`;
}

export function appealLines(detail: AppealDetail): readonly string[] {
  const { sums, proposal, decision } = detail;
  return [
    `${detail.appealId}  ${detail.number}  ${detail.state}  version ${detail.version}  case ${detail.caseId}`,
    `claimed ${sums.claimed.count} swipe(s), ${yuanTextOf(sums.claimed.totalFen)} yuan; before effect ${yuanTextOf(sums.beforeEffect.totalFen)}, after effect ${yuanTextOf(sums.afterEffect.totalFen)}, undetermined ${yuanTextOf(sums.undetermined.totalFen)}`,
    ...detail.swipes.map(
      (swipe) =>
        `  ${swipe.decisionId}  ${swipe.occurredAt}  ${yuanTextOf(swipe.totalFen)}  ${swipe.position}  ${swipe.bearer}${swipe.outcome === null ? "" : `  ${swipe.outcome}`}`,
    ),
    ...detail.deadlines.map(
      ({ kind, whose, dueAt, isUncertain, isMissed }) =>
        `  due before ${dueAt}: ${kind} (${whose})${isUncertain ? ", calendar not known" : ""}${isMissed ? ", missed" : ""}`,
    ),
    ...detail.documents.map(
      ({ documentId, kind, bytes }) => `  document ${documentId}  ${kind}  ${bytes} bytes`,
    ),
    ...detail.papers.map(({ paperId, number, title }) => `  paper ${paperId}  ${number}  ${title}`),
    ...(proposal === null ? [] : [`  proposed by ${proposal.by}: ${proposal.reasons}`]),
    ...(decision === null
      ? []
      : [`  decided ${decision.decidedAt}: ${decision.result}`, `  ${decision.reasons}`]),
    ...detail.history.map(
      ({ version, at, type, by, text }) =>
        `  ${version}  ${at}  ${type}${by.length === 0 ? "" : `  ${by.join(", ")}`}${text === null ? "" : `: ${text}`}`,
    ),
  ];
}

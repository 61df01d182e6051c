/** Versions as they are shown. */

import type { CheckSummary, VersionDetail, VersionState, VersionSummary } from "../../schemas/http/rules.js";
import { formatInstant } from "../../schemas/instant.js";
import { type Standing, summaryOf } from "./activation.js";
import type { StoredCheck, Version } from "./version.js";

export function stateOf(version: Version, standing: Standing, revoked: ReadonlySet<string>): VersionState {
  if (version.withdrawnBy !== null) return "withdrawn";
  if (standing.current?.version === version.version)
    return standing.running?.version === version.version ? "running" : "activating";
  if (standing.running?.version === version.version) return "running";
  if (standing.activations.some((each) => each.version === version.version)) return "retired";
  return version.approvals.some(({ person }) => !revoked.has(person)) ? "approved" : "draft";
}

export function versionSummaryOf(
  version: Version,
  standing: Standing,
  revoked: ReadonlySet<string>,
): VersionSummary {
  return {
    version: version.version,
    bundleHash: version.bundleHash,
    state: stateOf(version, standing, revoked),
    isInShadow: standing.current?.shadowVersion === version.version,
    origin: version.origin,
    madeOf: version.madeOf,
    author: version.author,
    createdAt: formatInstant(version.createdAtMs),
    comment: version.comments[0]?.text ?? "",
  };
}

export function versionDetailOf(
  version: Version,
  standing: Standing,
  revoked: ReadonlySet<string>,
): VersionDetail {
  return {
    ...versionSummaryOf(version, standing, revoked),
    withdrawnBy: version.withdrawnBy,
    comments: version.comments.map(({ author, text, writtenAtMs }) => ({
      author,
      text,
      writtenAt: formatInstant(writtenAtMs),
    })),
    approvals: version.approvals.map(({ person, approvedAtMs }) => ({
      person,
      approvedAt: formatInstant(approvedAtMs),
      counts: !revoked.has(person),
    })),
    checks: version.checks.map(checkSummaryOf),
    activations: standing.all.filter((each) => each.version === version.version).map(summaryOf),
  };
}

export function checkSummaryOf(check: StoredCheck): CheckSummary {
  const { result, text, numbers, againstHash, confirmedBy, confirmedAtMs } = check;
  return {
    result,
    text,
    numbers: { ...numbers },
    againstHash,
    checkedAt: formatInstant(check.checkedAtMs),
    confirmedBy,
    confirmedAt: confirmedAtMs === null ? null : formatInstant(confirmedAtMs),
  };
}

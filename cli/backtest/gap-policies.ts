/**
 * The policies of a bundle as they would be without delays, or without lapses; and the reports as such policies would
 * take them. A source that names the instants itself wins over any policy: what it names is the delay, or the lapse, of
 * its city all the same.
 */

import { parseInstantMs } from "../../schemas/instant.js";
import type { CanonicalCardStatus, JournalRecord } from "../../schemas/journal.js";
import { type BundleContent, bundleOfContent, type LoadedBundle } from "../bundle-files.js";

export type GapKind = "delay" | "lapse";

/** @throws BundleError where the changed policies do not fit their schema: they do where the given ones did. */
export function withoutGap(loaded: LoadedBundle, gap: GapKind): LoadedBundle {
  const change = gap === "delay" ? atOnce : neverLapsing;
  const { lossPolicies } = loaded.content;
  const content = {
    ...loaded.content,
    lossPolicies: { ...lossPolicies, rows: lossPolicies.rows.map(change) },
  };
  return bundleOfContent(JSON.stringify(content), `bundle ${loaded.bundle.hash} without ${gap}`);
}

type PolicyRow = BundleContent["lossPolicies"]["rows"][number];

function atOnce(row: PolicyRow): PolicyRow {
  return { ...row, delayMax: [0, "h"], delayMin: [0, "h"] };
}

function neverLapsing(row: PolicyRow): PolicyRow {
  return { ...row, validity: null };
}

export function reportWithoutGap(gap: GapKind): (record: JournalRecord) => JournalRecord {
  const change = gap === "delay" ? effectiveAtOnce : withoutExpiry;
  return (record) => {
    if (record.type === "card-status") return change(record);
    if (record.type === "carried" && record.record.type === "card-status")
      return { ...record, record: change(record.record) };
    return record;
  };
}

/** Never later than it was. */
function effectiveAtOnce(report: CanonicalCardStatus): CanonicalCardStatus {
  if (!isReport(report) || report.effectiveAt === undefined) return report;
  const acceptedAt = report.acceptedAt ?? report.reportedAt ?? report.occurredAt;
  if (parseInstantMs(report.effectiveAt) <= parseInstantMs(acceptedAt)) return report;
  return { ...report, effectiveAt: acceptedAt };
}

function withoutExpiry(report: CanonicalCardStatus): CanonicalCardStatus {
  if (!isReport(report) || report.expiresAt === undefined) return report;
  const { expiresAt: _, ...lasting } = report;
  return lasting;
}

export function isReport({ action }: CanonicalCardStatus): boolean {
  return action === "report-loss" || action === "confirm-loss" || action === "file-replacement";
}

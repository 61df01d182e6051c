/** Status records that tell of a loss, as a table has them. */

import { acceptedAtOf } from "./loss-periods.js";
import type { Overview } from "./overview.js";
import { type RegionTable, regionName } from "./places.js";
import { CHANNEL_WORDS, CREDENTIAL_WORDS, instantWords, STATUS_WORDS } from "./words.js";

export interface LossRow {
  readonly action: string;
  readonly credential: string;
  readonly channel: string;
  readonly region: string;
  readonly reportedAt: string;
  readonly acceptedAt: string;
  readonly effectiveAt: string;
  /** Empty where it does not run out. */
  readonly expiresAt: string;
  readonly receiptNo: string;
  readonly policyId: string;
  readonly result: string;
}

/** In journal order, those that were refused too. */
export function lossRows({ statuses }: Overview, regions: RegionTable): readonly LossRow[] {
  return statuses.map(({ record, transition }) => ({
    action: STATUS_WORDS[record.action],
    credential: `${CREDENTIAL_WORDS[record.credential]}${record.cardTail === undefined ? "" : ` 尾号${record.cardTail}`}`,
    channel: record.channel === undefined ? "" : CHANNEL_WORDS[record.channel]!,
    region: regionName(regions, record.region),
    reportedAt: instantWords(transition.reportedAt),
    acceptedAt: instantWords(acceptedAtOf(record)),
    effectiveAt: instantWords(transition.effectiveAt),
    expiresAt: expiryWords(transition.expiresAtMin, transition.expiresAtMax, transition.calendarUncertain),
    receiptNo: record.receiptNo ?? "",
    policyId: transition.policyId ?? "",
    result: `${transition.applied ? "已办理" : "未予办理"}${transition.code === null ? "" : `（${transition.code}）`}`,
  }));
}

function expiryWords(min: string | null, max: string | null, isUncertain: boolean): string {
  if (max === null) return "";
  const range =
    min === null || min === max ? instantWords(max) : `${instantWords(min)}至${instantWords(max)}`;
  return isUncertain ? `${range}（节假日安排未知）` : range;
}

/**
 * Columns that swipes and decisions share, as a row in the making. It is the slow way of a record, for all types; swipes
 * and decisions nearly always go from their bytes into a block (scanned-fields.ts). Tests hold the two against each other.
 */

import type { CanonicalSwipe } from "../../schemas/journal.js";

/**
 * A row in the making, as the table's columns name it; what is `undefined` or null takes the column's default. Instants
 * are texts.
 */
export type Columns = Record<string, unknown>;

/** Field and column have the same name. */
export const SWIPE_FIELDS = [
  "receivedAt",
  "cardKey",
  "credential",
  "insuredRegion",
  "careRegion",
  "institutionId",
  "institutionKind",
  "institutionName",
  "chainId",
  "terminalId",
  "operatorId",
  "visitKind",
  "totalFen",
  "accountFen",
  "fundFen",
  "cashFen",
  "sharedAccountFen",
  "balanceBeforeFen",
  "balanceAfterFen",
  "pin",
  "pinIsDefault",
  "pinIsBirthday",
  "readError",
  "emergency",
  "agentPurchase",
  "externalPrescription",
  "agentKey",
  "originalEventId",
  "challengeOf",
  "challengeResult",
  "longitude",
  "latitude",
] as const satisfies readonly (keyof CanonicalSwipe)[];

/** Sets the columns of a swipe on `row`. */
export function setSwipe(
  row: Columns,
  swipe: Pick<CanonicalSwipe, (typeof SWIPE_FIELDS)[number] | "items">,
): void {
  for (const field of SWIPE_FIELDS) if (swipe[field] !== undefined) row[field] = swipe[field];
  if (swipe.items === undefined) return;
  row.itemCount = swipe.items.length;
  row.itemCodes = swipe.items.flatMap(({ code }) => code ?? []);
  row.listedFen = swipe.items.reduce(
    (sum, { listed, amountFen }) => sum + (listed ? (amountFen ?? 0) : 0),
    0,
  );
}

const FIRST_MS = Date.UTC(1900, 0, 1);
/** 2299-12-31 in China. */
const LAST_MS = Date.UTC(2299, 11, 30, 16);

/** Within DateTime64's range: a policy without end says the year 9999. */
export function columnMs(ms: number): number {
  return Math.min(LAST_MS, Math.max(FIRST_MS, ms));
}

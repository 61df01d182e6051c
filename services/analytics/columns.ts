/** Columns that swipes and decisions share. A column that is left out takes its default. */

import type { CanonicalSwipe } from "../../schemas/journal.js";

/** A row in the making, as the table's columns name it; `undefined` is left out. */
export type Columns = Record<string, unknown>;

/** Field and column have the same name. */
const SWIPE_FIELDS = [
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

/** DateTime64's range, 1900 to 2299: a policy without end says the year 9999. */
export function columnInstant(text: string | null | undefined): string | undefined {
  if (text === undefined || text === null) return undefined;
  return text > "2299-12-31" ? "2299-12-31T00:00:00.000+08:00" : text;
}

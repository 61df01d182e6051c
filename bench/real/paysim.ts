/**
 * 25,696 mobile-money operations with balances and hardly a second one of any account; the frauds empty the
 * account. Judges whether R15 sees an account emptied in one go. Cash paid in (`CASH_IN`) is no swipe and left out.
 */

import { join } from "node:path";
import type { RawSwipe } from "../../schemas/raw.js";
import { accountEmptied } from "./baselines.js";
import { type CsvRow, readCsv } from "./csv.js";
import { type Converted, HOME_REGION, KIND_UNKNOWN, type LabelledSet } from "./labelled-set.js";
import { fenOf, instantAfter, numberOf } from "./values.js";

const COLUMNS = ["step", "type", "amount", "nameOrig", "oldbalanceOrg", "nameDest", "isFraud"] as const;
/** The set counts hours from no date; this one is as good as any. */
const START_MS = Date.UTC(2020, 0, 1);

/** An account pays at most what it holds; the set's larger amounts are then partly paid in cash. */
function amountsOf(row: CsvRow<(typeof COLUMNS)[number]>) {
  const totalFen = fenOf(row, "amount");
  const balanceBeforeFen = fenOf(row, "oldbalanceOrg");
  const accountFen = Math.min(totalFen, balanceBeforeFen);
  return { totalFen, accountFen, cashFen: totalFen - accountFen, balanceBeforeFen };
}

function swipeOf(row: CsvRow<(typeof COLUMNS)[number]>, eventId: string): RawSwipe {
  return {
    type: "swipe",
    eventId,
    kind: "settle",
    occurredAt: instantAfter(START_MS, numberOf(row, "step")),
    personId: `paysim-${row.text("nameOrig")}`,
    cardNumber: row.text("nameOrig"),
    credential: "card",
    insuredRegion: HOME_REGION,
    careRegion: HOME_REGION,
    institutionId: row.text("nameDest"),
    institutionKind: KIND_UNKNOWN,
    ...amountsOf(row),
  };
}

async function* convert(dataFolder: string): AsyncGenerator<Converted> {
  let operations = 0;
  for await (const row of readCsv(join(dataFolder, "paysim_half.csv.gz"), COLUMNS)) {
    operations += 1;
    if (row.text("type") === "CASH_IN") continue;
    const unitId = `paysim-${operations}`;
    const fraudKind = numberOf(row, "isFraud") === 1 ? "account emptied" : null;
    const unit = { unitId, holderId: row.text("nameOrig"), fraudKind, period: null };
    yield { record: swipeOf(row, unitId), unit };
  }
}

export const paysim: LabelledSet = {
  name: "paysim",
  rulesetFile: "paysim.json",
  judges: ["R15"],
  mustHold: null,
  baselines: [accountEmptied()],
  convert,
};

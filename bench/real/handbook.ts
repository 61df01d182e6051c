/**
 * 872,795 card payments of three months at 10,000 shop terminals, with three simulated kinds of fraud. It has
 * amounts, times and terminals, but neither places, balances nor PINs: it tells how often the rules about amounts
 * and institutions disturb ordinary cards, and that they see none of these frauds.
 */
import { join } from "node:path";
import { amountAbove } from "./baselines.js";
import { readCsv } from "./csv.js";
import { type Converted, HOME_REGION, KIND_UNKNOWN, type LabelledSet } from "./labelled-set.js";
import { fenOf, instantOf } from "./values.js";

const COLUMNS = [
  "TRANSACTION_ID",
  "TX_DATETIME",
  "CUSTOMER_ID",
  "TERMINAL_ID",
  "TX_AMOUNT",
  "TX_FRAUD_SCENARIO",
] as const;

const FRAUD_KINDS: Readonly<Record<string, string | null>> = {
  "0": null,
  "1": "1 amount",
  "2": "2 terminal",
  "3": "3 card",
};

function fraudKindOf(scenario: string, place: string): string | null {
  const kind = FRAUD_KINDS[scenario];
  if (kind !== undefined) return kind;
  throw new Error(`${place}: TX_FRAUD_SCENARIO is "${scenario}"; expected 0, 1, 2 or 3`);
}

async function* convert(dataFolder: string): AsyncGenerator<Converted> {
  for await (const row of readCsv(join(dataFolder, "handbook_2018-04_to_06.csv.gz"), COLUMNS)) {
    const unitId = `handbook-${row.text("TRANSACTION_ID")}`;
    const customer = row.text("CUSTOMER_ID");
    yield {
      record: {
        type: "swipe",
        eventId: unitId,
        kind: "settle",
        occurredAt: instantOf(row, "TX_DATETIME"),
        personId: `handbook-${customer}`,
        cardNumber: `H${customer}`,
        credential: "card",
        insuredRegion: HOME_REGION,
        careRegion: HOME_REGION,
        institutionId: `T${row.text("TERMINAL_ID")}`,
        institutionKind: KIND_UNKNOWN,
        totalFen: fenOf(row, "TX_AMOUNT"),
      },
      unit: {
        unitId,
        holderId: customer,
        fraudKind: fraudKindOf(row.text("TX_FRAUD_SCENARIO"), row.place),
        period: null,
      },
    };
  }
}

export const handbook: LabelledSet = {
  name: "handbook",
  rulesetFile: null,
  judges: [],
  mustHold: null,
  baselines: [amountAbove(22_000)],
  convert,
};

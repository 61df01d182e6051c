/**
 * 79,399 medical-insurance swipes of half a year; the frauds are bursts of 6 to 20 swipes, each at another
 * provider and 1 to 120 s after the one before. Judges R16. `medical_swipes.json` was chosen on the first quarter
 * and is reported on the second (docs/evaluation.md), hence the two periods.
 */
import { join } from "node:path";
import { burst } from "./baselines.js";
import { readCsv } from "./csv.js";
import { type Converted, HOME_REGION, type LabelledSet } from "./labelled-set.js";
import { fenOf, instantOf } from "./values.js";

const COLUMNS = [
  "is_fraud",
  "swipe_id",
  "swipe_date",
  "swipe_amount",
  "merchant_name",
  "merchant_zipcode",
  "policy_holder_id",
] as const;
const SECOND_QUARTER_START = "2020-04-01";
/** First words of the providers' names that mean a pharmacy; the others are doctors, nurses and surgeons. */
const PHARMACY_NAME = /^(PHARMACY|RX) /;

function fraudKindOf(label: string, place: string): string | null {
  if (label === "T") return "burst";
  if (label === "F") return null;
  throw new Error(`${place}: is_fraud is "${label}"; expected T or F`);
}

async function* convert(dataFolder: string): AsyncGenerator<Converted> {
  for await (const row of readCsv(join(dataFolder, "medical_swipes_2020h1.csv.gz"), COLUMNS)) {
    const unitId = `medical-${row.text("swipe_id")}`;
    const holder = row.text("policy_holder_id");
    const provider = row.text("merchant_name");
    yield {
      record: {
        type: "swipe",
        eventId: unitId,
        kind: "settle",
        occurredAt: instantOf(row, "swipe_date"),
        personId: `medical-${holder}`,
        cardNumber: `M${holder}`,
        credential: "card",
        insuredRegion: HOME_REGION,
        careRegion: HOME_REGION,
        institutionId: `${provider} ${row.text("merchant_zipcode")}`,
        institutionKind: PHARMACY_NAME.test(provider) ? "pharmacy" : "hospital",
        totalFen: fenOf(row, "swipe_amount"),
      },
      unit: {
        unitId,
        holderId: holder,
        fraudKind: fraudKindOf(row.text("is_fraud"), row.place),
        period: row.text("swipe_date") < SECOND_QUARTER_START ? "first quarter" : "second quarter",
      },
    };
  }
}

export const medicalSwipes: LabelledSet = {
  name: "medical_swipes",
  rulesetFile: "medical_swipes.json",
  judges: ["R16"],
  mustHold: { rule: "R16", recallMin: 0.75, precisionMin: 0.99 },
  baselines: [burst({ swipesMin: 3, windowMinutes: 10 })],
  convert,
};

/**
 * 20,280 operations at 50 cash machines, 234 of them impossible travel. An operation has a row at its start and
 * a row at its end: the start asks (`authorize`), the end settles (`settle` naming it). R12 speaks on the
 * authorize; the linked settle is what later operations are measured from, at the time the card left the machine.
 */

import { join } from "node:path";
import type { RawSwipe } from "../../schemas/raw.js";
import { speedAbove } from "./baselines.js";
import { type CsvRow, readCsv } from "./csv.js";
import { type Converted, KIND_UNKNOWN, type LabelledSet, UNKNOWN_REGION, type Unit } from "./labelled-set.js";
import { assignRegions } from "./places.js";
import { fenOf, instantOf, numberOf } from "./values.js";

const MACHINES = "atm.csv";
const OPERATIONS = "testparallel-original-sorted.csv.gz";
const ANOMALIES = "testparallel-anomalous-original-sorted.csv";
const MACHINE_COLUMNS = ["ATM_id", "loc_latitude", "loc_longitude", "city"] as const;
const OPERATION_COLUMNS = [
  "number_id",
  "ATM_id",
  "transaction_start",
  "transaction_end",
  "transaction_amount",
] as const;

type OperationRow = CsvRow<(typeof OPERATION_COLUMNS)[number]>;
type Place = Pick<RawSwipe, "careRegion" | "longitude" | "latitude">;

/** The labels' file gives no other key; it is unique in both files. */
const operationKey = (row: OperationRow): string =>
  [row.text("number_id"), row.text("ATM_id"), row.text("transaction_start")].join(" ");

async function readMachines(folder: string): Promise<ReadonlyMap<string, Place>> {
  const machines: { id: string; city: string; longitude: number; latitude: number }[] = [];
  for await (const row of readCsv(join(folder, MACHINES), MACHINE_COLUMNS)) {
    const longitude = numberOf(row, "loc_longitude");
    machines.push({
      id: row.text("ATM_id"),
      city: row.text("city"),
      longitude,
      latitude: numberOf(row, "loc_latitude"),
    });
  }
  const regions = assignRegions(machines.map((machine) => machine.city));
  return new Map(
    machines.map(({ id, city, longitude, latitude }) => [
      id,
      { careRegion: regions.get(city) ?? UNKNOWN_REGION, longitude, latitude },
    ]),
  );
}

async function readAnomalies(folder: string): Promise<ReadonlySet<string>> {
  const keys = new Set<string>();
  for await (const row of readCsv(join(folder, ANOMALIES), OPERATION_COLUMNS)) keys.add(operationKey(row));
  return keys;
}

function swipeOf(row: OperationRow, unitId: string, place: Place): RawSwipe {
  const authorizeId = `${unitId}-start`;
  const card = row.text("number_id");
  const common = {
    type: "swipe",
    personId: `atm-${card}`,
    cardNumber: card,
    credential: "card",
    insuredRegion: UNKNOWN_REGION,
    ...place,
    institutionId: row.text("ATM_id"),
    institutionKind: KIND_UNKNOWN,
  } as const;
  if (row.text("transaction_end") === "") {
    // The amount is not known before the end, and R12 does not look at it.
    const occurredAt = instantOf(row, "transaction_start");
    return { ...common, eventId: authorizeId, kind: "authorize", occurredAt, totalFen: 0 };
  }
  return {
    ...common,
    eventId: `${unitId}-end`,
    kind: "settle",
    occurredAt: instantOf(row, "transaction_end"),
    totalFen: fenOf(row, "transaction_amount"),
    originalEventId: authorizeId,
  };
}

/** The file is in order of the rows' own times (start, or end where given), which is the journal's order. */
async function* convert(dataFolder: string): AsyncGenerator<Converted> {
  const folder = join(dataFolder, "atm");
  const machines = await readMachines(folder);
  const anomalies = await readAnomalies(folder);
  const openUnits = new Map<string, Unit>();
  let operations = 0;
  for await (const row of readCsv(join(folder, OPERATIONS), OPERATION_COLUMNS)) {
    const key = operationKey(row);
    const place = machines.get(row.text("ATM_id"));
    if (place === undefined) {
      throw new Error(`${row.place}: machine ${row.text("ATM_id")} is not in ${MACHINES}`);
    }
    const unit = openUnits.get(key) ?? {
      unitId: `atm-${++operations}`,
      holderId: row.text("number_id"),
      fraudKind: anomalies.has(key) ? "impossible travel" : null,
      period: null,
    };
    if (row.text("transaction_end") === "") openUnits.set(key, unit);
    else openUnits.delete(key);
    yield { record: swipeOf(row, unit.unitId, place), unit };
  }
}

export const atm: LabelledSet = {
  name: "atm",
  rulesetFile: "atm.json",
  judges: ["R12"],
  mustHold: { rule: "R12", recallMin: 1, precisionMin: 0.98 },
  baselines: [speedAbove(500), speedAbove(900)],
  convert,
};

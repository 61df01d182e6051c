/** The parts of a gap report as one result. */

import * as z from "zod";
import type { Gap, GapsResult } from "../../schemas/backtest.js";
import { CHANNELS } from "../../schemas/fields.js";
import { rowOf } from "./gap-tally.js";
import { CountReader, headOf, type Ran, rounded } from "./result.js";
import { addCounts, type Counts } from "./sums.js";

const counts: z.ZodType<Counts> = z.lazy(() => z.record(z.string(), z.union([z.number(), counts])));
const gapPart = z.object({ counted: z.object({ counts }) });

/** `cityNameOf`: by its division code; null where it is unknown. */
export function gapsResult(
  { plan, run, notes, workers, seconds }: Ran,
  cityNameOf: (city: string) => string | null,
): GapsResult {
  const total: Counts = {};
  for (const json of run.parts) addCounts(total, gapPart.parse(json).counted.counts);
  const read = new CountReader(total);
  const rows = read.names("rows").map((name) => {
    const { city, channel, policyId } = rowOf(name);
    return {
      city,
      cityName: cityNameOf(city),
      channel: z.enum(CHANNELS).parse(channel),
      policyId,
      delay: gapOf(read, name, "delay"),
      lapse: gapOf(read, name, "lapse"),
    };
  });
  return {
    type: "gaps",
    ...headOf(plan, run, notes),
    records: read.number("records"),
    settlesAfterReport: read.number("settlesAfterReport"),
    rows: rows.sort((a, b) => lostFen(b) - lostFen(a)),
    total: { delay: sumOf(rows.map(({ delay }) => delay)), lapse: sumOf(rows.map(({ lapse }) => lapse)) },
    workers,
    seconds: rounded(seconds),
  };
}

function gapOf(read: CountReader, row: string, kind: string): Gap {
  const at = (name: string) => read.number("rows", row, kind, name);
  return {
    letThrough: at("letThrough"),
    letThroughFen: at("letThroughFen"),
    challenged: at("challenged"),
    challengedFen: at("challengedFen"),
  };
}

function lostFen({ delay, lapse }: { readonly delay: Gap; readonly lapse: Gap }): number {
  return delay.letThroughFen + lapse.letThroughFen;
}

function sumOf(gaps: readonly Gap[]): Gap {
  const sum = { letThrough: 0, letThroughFen: 0, challenged: 0, challengedFen: 0 };
  for (const gap of gaps)
    for (const name of ["letThrough", "letThroughFen", "challenged", "challengedFen"] as const)
      sum[name] += gap[name];
  return sum;
}

/** The command line of run.ts. */
import { parseArgs } from "node:util";
import { atm } from "./atm.js";
import { handbook } from "./handbook.js";
import type { LabelledSet } from "./labelled-set.js";
import { medicalSwipes } from "./medical-swipes.js";
import { paysim } from "./paysim.js";

export const LABELLED_SETS: readonly LabelledSet[] = [atm, handbook, medicalSwipes, paysim];
const SET_NAMES = LABELLED_SETS.map((set) => set.name).join(", ");

export const USAGE = `usage: node dist/bench/real/run.js DATA_DIR [SET ...] [--ruleset FILE] [--json]
  DATA_DIR   folder of the labelled sets; docs/evaluation.md lists its files
  SET        ${SET_NAMES}; all of them if none is given
  --ruleset  replay this file beside the defaults instead of the sets' own
  --json     print the reports as one JSON array`;

export class UsageError extends Error {}

export interface Options {
  readonly dataFolder: string;
  readonly sets: readonly LabelledSet[];
  readonly rulesetFile: string | null;
  readonly json: boolean;
}

function setNamed(name: string): LabelledSet {
  const found = LABELLED_SETS.find((set) => set.name === name);
  if (found !== undefined) return found;
  throw new UsageError(`no set "${name}"; expected ${SET_NAMES}`);
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { ruleset: { type: "string" }, json: { type: "boolean", default: false } },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** Throws UsageError. */
export function parseOptions(args: readonly string[]): Options {
  const { values, positionals } = parse(args);
  const [dataFolder, ...names] = positionals;
  if (dataFolder === undefined) throw new UsageError("DATA_DIR is missing");
  return {
    dataFolder,
    sets: names.length === 0 ? LABELLED_SETS : names.map(setNamed),
    rulesetFile: values.ruleset ?? null,
    json: values.json,
  };
}

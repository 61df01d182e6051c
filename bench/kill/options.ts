/** The command line of the kill test. */

import { parseArgs } from "node:util";
import { DAYS_MIN, PERSONS_MIN } from "../city/city.js";

export const KILL_USAGE = `node dist/bench/kill/run.js [--kills N] [--seed N] [--persons N] [--days N] [--gap-ms N] [--keep DIR] [--json]

Runs one small city twice through a Kadun of its own: once undisturbed, once with kill -9 of the swipe process or the
office at random moments under load. Everything that was decided and made must be the same.
--kills N     how many (20)
--seed N      which city and which moments (drawn and printed where absent)
--persons N   (${PERSONS_MIN * 4})
--days N      (${DAYS_MIN})
--gap-ms N    mean time between being whole again and the next kill (1500)
--keep DIR    keep both data directories and logs there
--json        the report as one JSON object
Exit status: 0 nothing was lost or doubled, 1 else, with the first differences.`;

export interface KillOptions {
  readonly kills: number;
  readonly seed: number;
  readonly persons: number;
  readonly days: number;
  readonly gapMeanMs: number;
  readonly keep: string | null;
  readonly json: boolean;
}

/** null where help was asked for. @throws RangeError. */
export function parseKillArgs(args: readonly string[], seedDefault: number): KillOptions | null {
  const { values } = parseArgs({
    args: [...args],
    options: {
      kills: { type: "string" },
      seed: { type: "string" },
      persons: { type: "string" },
      days: { type: "string" },
      "gap-ms": { type: "string" },
      keep: { type: "string" },
      json: { type: "boolean" },
      help: { type: "boolean" },
    },
  });
  if (values.help === true) return null;
  return {
    kills: wholeNumber("--kills", values.kills, 20),
    seed: wholeNumber("--seed", values.seed, seedDefault),
    persons: wholeNumber("--persons", values.persons, PERSONS_MIN * 4),
    days: wholeNumber("--days", values.days, DAYS_MIN),
    gapMeanMs: wholeNumber("--gap-ms", values["gap-ms"], 1500),
    keep: values.keep ?? null,
    json: values.json === true,
  };
}

function wholeNumber(name: string, text: string | undefined, absent: number): number {
  if (text === undefined) return absent;
  if (!/^\d{1,9}$/.test(text)) throw new RangeError(`${name} ${text}: expected a whole number`);
  return Number(text);
}

/** The command line of `kadun demo`. */

import { parseArgs } from "node:util";
import { DAYS_DEFAULT, DAYS_MIN, PERSONS_DEFAULT, PERSONS_MIN } from "../../bench/city/city.js";
import { UsageError } from "../exit-status.js";
import type { DemoProfile } from "./demo-kadun.js";

/** Of an output that nobody may be reading: time enough to open the address, and an end. */
const STAY_SECONDS_OF_PIPES = 300;

export const DEMO_USAGE = `kadun demo [--seed N] [--persons N] [--days N] [--seconds N] [--keep DIR]
           [--stay N] [--profile embedded|distributed] [--json]
kadun demo --story hangzhou [--keep DIR] [--json]

Writes a seeded city as raw NDJSON, starts a Kadun in a fresh data directory, feeds it over HTTP as a settlement network
does, waits until every record is judged and stored, and prints who was caught, who was bothered and what it made.
--seed N      which city (1)
--persons N   how many live in it (${PERSONS_DEFAULT}; at least ${PERSONS_MIN})
--days N      how long (${DAYS_DEFAULT}; at least ${DAYS_MIN})
--seconds N   feed for so long at most
--keep DIR    keep everything there: city.ndjson, labels.ndjson, outcomes.ndjson, kadun.log and the data directory
              data/ (else it is removed)
--profile P   embedded (the default): two processes, no server; distributed: a process for each role, two detectors,
              over the servers that KADUN_KAFKA_BROKERS, KADUN_REDIS_URL, KADUN_POSTGRES_URL and KADUN_CLICKHOUSE_URL
              name ('npm run demo:distributed' starts some)
--story NAME  no city: one person's card, from the network's records over the holder's page (in a Chromium: 'npm run
              setup:browser') and his appeal to the evidence package, verified; prints the paths of package and screenshots.
              hangzhou: a card that was lost, guessed and emptied
--stay N      after the report the console stays open for N seconds, while the city's days go on; in a terminal until Ctrl-C,
              else ${STAY_SECONDS_OF_PIPES} s, with --keep or --seconds not at all; 0: not at all (embedded only, never with
              --json)
--json        all of it as one JSON object (of a story: a line each for the checks and the package)
Exit status: 0 done, 1 failed or not reconciled, 2 done with refused lines, 64 usage.`;

const SEED_DEFAULT = 1;

export interface DemoOptions {
  readonly seed: number;
  readonly persons: number;
  readonly days: number;
  readonly secondsMax: number | null;
  readonly keep: string | null;
  readonly profile: DemoProfile;
  /** null for the city. */
  readonly story: string | null;
  /** How long the console stays open; null: until it is interrupted. */
  readonly staySeconds: number | null;
  readonly json: boolean;
}

/** null where help was asked for. @throws UsageError. */
export function parseDemoArgs(args: readonly string[]): DemoOptions | null {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: "string" },
      persons: { type: "string" },
      days: { type: "string" },
      seconds: { type: "string" },
      keep: { type: "string" },
      profile: { type: "string" },
      story: { type: "string" },
      stay: { type: "string" },
      json: { type: "boolean" },
      help: { type: "boolean" },
    },
  });
  if (values.help === true) return null;
  return {
    seed: wholeNumber("--seed", values.seed, 0) ?? SEED_DEFAULT,
    persons: wholeNumber("--persons", values.persons, PERSONS_MIN) ?? PERSONS_DEFAULT,
    days: wholeNumber("--days", values.days, DAYS_MIN) ?? DAYS_DEFAULT,
    secondsMax: wholeNumber("--seconds", values.seconds, 1),
    keep: values.keep ?? null,
    profile: profileOf(values.profile ?? "embedded"),
    story: values.story ?? null,
    staySeconds: stayOf(values),
    json: values.json === true,
  };
}

interface StayValues {
  readonly stay?: string | undefined;
  readonly json?: boolean | undefined;
  readonly profile?: string | undefined;
  readonly keep?: string | undefined;
  readonly seconds?: string | undefined;
}

function stayOf({ stay, json, profile, keep, seconds }: StayValues): number | null {
  const asked = wholeNumber("--stay", stay, 0);
  if (json === true || profile === "distributed") return 0;
  if (asked !== null) return asked;
  if (process.stdout.isTTY) return null;
  // Who keeps the files or limits the time is a program that waits for the end.
  return keep === undefined && seconds === undefined ? STAY_SECONDS_OF_PIPES : 0;
}

function profileOf(text: string): DemoProfile {
  if (text === "embedded" || text === "distributed") return text;
  throw new UsageError(`--profile ${text}: expected embedded or distributed`);
}

function wholeNumber(name: string, text: string | undefined, min: number): number | null {
  if (text === undefined) return null;
  const value = Number(text);
  if (!/^\d{1,9}$/.test(text) || value < min)
    throw new UsageError(`${name} ${text}: expected a whole number of at least ${min}`);
  return value;
}

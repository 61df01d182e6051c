/** The arguments of the comparison. */

import { parseArgs } from "node:util";
import { ENGINE_NAMES, type EngineName } from "./engine.js";
import { LOAD_CLIENTS, type LoadClients } from "./load-driver.js";
import type { WarmUps } from "./paced.js";

export const WHAT = ["in-process", "drain", "paced"] as const;
export type What = (typeof WHAT)[number];

export interface CompareOptions {
  /** In the order of the table. */
  readonly engines: readonly EngineName[];
  readonly what: readonly What[];
  readonly rounds: number;
  /** Of a drain. */
  readonly events: number;
  /** Of the checked stream, before any timing. */
  readonly checkedEvents: number;
  readonly persons: number;
  readonly rates: readonly number[];
  /** Measured at each rate. */
  readonly seconds: number;
  readonly warmUps: WarmUps;
  readonly seed: number;
  /** How long the Java peers may gather decisions while paced: each is measured with each of these. */
  readonly peerLingersMs: readonly number[];
  /** Of generator and observer while paced. */
  readonly loadClients: LoadClients;
  readonly json: boolean;
}

const DEFAULTS = {
  rounds: "3",
  events: "2000000",
  "checked-events": "200000",
  persons: "1000000",
  rates: "2000,10000",
  seconds: "12",
  seed: "12345",
  "peer-linger-ms": "0,2",
  load: "kadun",
  // The compiler of a Java peer that is new works for some twenty seconds at 2,000 a second, and for a few more at another rate.
  "warm-up-seconds": "25,5",
} as const;
/** It costs a minute more of each round, and promises more than any other here. */
const NOT_UNLESS_NAMED: readonly EngineName[] = ["kafka-streams-exactly-once"];
const EVENTS_MIN = 10_000;
/** As many stand in an Uint32Array of checksums. */
const EVENTS_MAX = 100_000_000;
const RATE_MAX = 200_000;

export const USAGE = `npm run bench:compare -- [--only NAME,NAME] [--what WHAT,WHAT] [--rounds N] [--events N] [--seconds N]
  [--rates N,N] [--persons N] [--checked-events N] [--seed N] [--peer-linger-ms N,N] [--load WHOSE]
  [--warm-up-seconds N,N] [--json]

Job swipe-5 (bench/swipe-5/job.ts) by Kadun and by what else could do it, taking turns on this machine: rule engines in process
(as kadun bench decide --peers), programs end to end, from swipes in a topic of Kafka to decisions in another. Before any timing, and
after each drain, decisions are compared by hash. The last table has all ratios. docs/comparison.md says how to read it.

--only NAME,NAME   of ${ENGINE_NAMES.join(", ")}
                   (all but ${NOT_UNLESS_NAMED.join(", ")})
--what WHAT,WHAT   of ${WHAT.join(", ")} (all)
--rounds N         turns of each engine (${DEFAULTS.rounds})
--events N         swipes of a drain (${DEFAULTS.events}; at least ${EVENTS_MIN})
--seconds N        measured at each rate (${DEFAULTS.seconds})
--rates N,N        swipes a second (${DEFAULTS.rates})
--persons N        who swipe (${DEFAULTS.persons})
--checked-events N swipes that are decided and compared before any timing (${DEFAULTS["checked-events"]}; at least ${EVENTS_MIN})
--seed N           of swipes and arrivals (${DEFAULTS.seed})
--peer-linger-ms N,N how long producers and buffers of the Java peers may gather decisions while paced; they are
                   measured with each (${DEFAULTS["peer-linger-ms"]})
--load WHOSE       clients of generator and observer while paced (${DEFAULTS.load}), of ${LOAD_CLIENTS.join(", ")}: Kafka's own producer and
                   consumer in one Java process for all engines, or in a new one for each engine and rate
--warm-up-seconds N,N before what is measured, at the first rate and at each other one (${DEFAULTS["warm-up-seconds"]})
--json             JSON instead of tables

Exit status: 0 done, 1 failed or decisions differ, 64 usage.`;

export class CompareUsageError extends Error {
  override readonly name = "CompareUsageError";
}

/** null where help is asked for. @throws CompareUsageError naming the option. */
export function compareOptions(args: readonly string[]): CompareOptions | null {
  const { values } = parsed(args);
  if (values.help) return null;
  return {
    engines: enginesOf(values.only),
    what: values.what === undefined ? WHAT : namedOf("what", values.what, WHAT),
    rounds: whole("rounds", values.rounds, { min: 1, max: 99 }),
    events: whole("events", values.events, { min: EVENTS_MIN, max: EVENTS_MAX }),
    checkedEvents: whole("checked-events", values["checked-events"], { min: EVENTS_MIN, max: EVENTS_MAX }),
    persons: whole("persons", values.persons, { min: 1_000, max: 10_000_000 }),
    rates: list(values.rates).map((rate) => whole("rates", rate, { min: 1, max: RATE_MAX })),
    seconds: whole("seconds", values.seconds, { min: 1, max: 3600 }),
    seed: whole("seed", values.seed, { min: 1, max: 2 ** 31 - 1 }),
    peerLingersMs: lingersOf(values["peer-linger-ms"]),
    warmUps: warmUpsOf(values["warm-up-seconds"]),
    loadClients: oneOf("load", values.load, LOAD_CLIENTS),
    json: values.json,
  };
}

function parsed(args: readonly string[]) {
  const text = (fallback: string) => ({ type: "string", default: fallback }) as const;
  try {
    return parseArgs({
      args: [...args],
      options: {
        only: { type: "string" },
        what: { type: "string" },
        rounds: text(DEFAULTS.rounds),
        events: text(DEFAULTS.events),
        "checked-events": text(DEFAULTS["checked-events"]),
        persons: text(DEFAULTS.persons),
        rates: text(DEFAULTS.rates),
        seconds: text(DEFAULTS.seconds),
        seed: text(DEFAULTS.seed),
        "peer-linger-ms": text(DEFAULTS["peer-linger-ms"]),
        load: text(DEFAULTS.load),
        "warm-up-seconds": text(DEFAULTS["warm-up-seconds"]),
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    throw new CompareUsageError((error as Error).message);
  }
}

function enginesOf(only: string | undefined): readonly EngineName[] {
  if (only === undefined) return ENGINE_NAMES.filter((name) => !NOT_UNLESS_NAMED.includes(name));
  return namedOf("only", only, ENGINE_NAMES);
}

/** In the order of `words`. */
function namedOf<Word extends string>(option: string, text: string, words: readonly Word[]): readonly Word[] {
  const named = list(text).map((name) => oneOf(option, name, words));
  return words.filter((word) => named.includes(word));
}

function lingersOf(text: string): readonly number[] {
  const each = list(text).map((ms) => whole("peer-linger-ms", ms, { min: 0, max: 1000 }));
  return [...new Set(each)];
}

function warmUpsOf(text: string): WarmUps {
  const [firstSeconds, seconds, ...more] = list(text).map((each) =>
    whole("warm-up-seconds", each, { min: 0, max: 3600 }),
  );
  if (firstSeconds !== undefined && seconds !== undefined && more.length === 0)
    return { firstSeconds, seconds };
  throw new CompareUsageError(`--warm-up-seconds '${text}': expected two whole numbers, such as 25,5`);
}

function list(text: string): readonly string[] {
  return text.split(",").map((each) => each.trim());
}

function oneOf<Word extends string>(option: string, text: string, words: readonly Word[]): Word {
  const word = words.find((each) => each === text);
  if (word !== undefined) return word;
  throw new CompareUsageError(`--${option} '${text}': expected ${words.join(", ")}`);
}

function whole(option: string, text: string, { min, max }: { min: number; max: number }): number {
  const value = Number(text);
  if (text !== "" && Number.isSafeInteger(value) && value >= min && value <= max) return value;
  throw new CompareUsageError(`--${option} '${text}': expected a whole number from ${min} to ${max}`);
}

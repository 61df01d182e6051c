/** The worker's arguments. */

import { parseArgs } from "node:util";
import { liveFetchPace } from "../../cli/compose/kafka.js";
import { LIVE_SETTINGS } from "../../cli/distributed/settings.js";
import type { FetchPace } from "../../platform/event-log/kafka/fetch-lane.js";

export interface WorkerOptions {
  /** Each HOST:PORT. */
  readonly brokers: readonly string[];
  readonly input: string;
  readonly cardStatus: string;
  readonly output: string;
  readonly group: string;
  readonly store: { readonly redis: string } | { readonly directory: string };
  readonly checkpointEveryMs: number;
  readonly persons: number;
  /** The job's five, or the default ruleset: its actions are written, the job's rules hit nothing. */
  readonly rules: "job" | "default";
  /** As the detector's: its setting KADUN_KAFKA_FETCH_PAUSE_MS. */
  readonly pace: FetchPace;
}

const CHECKPOINT_EVERY_MS = 10_000;
const PERSONS = 1_000_000;

/** @throws Error naming what is missing or cannot be read. */
export function workerOptions(args: readonly string[]): WorkerOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      brokers: { type: "string" },
      input: { type: "string" },
      "card-status": { type: "string" },
      output: { type: "string" },
      group: { type: "string" },
      redis: { type: "string" },
      "state-dir": { type: "string" },
      "checkpoint-every-ms": { type: "string" },
      persons: { type: "string" },
      "fetch-pause-ms": { type: "string", default: LIVE_SETTINGS.fetchPauseMs.fallback },
      rules: { type: "string", default: "job" },
    },
  });
  const given = (name: keyof typeof values): string => {
    const value = values[name];
    if (value === undefined) throw new Error(`--${name} is missing`);
    return value;
  };
  return {
    brokers: given("brokers").split(","),
    input: given("input"),
    cardStatus: given("card-status"),
    output: given("output"),
    group: given("group"),
    store: values.redis === undefined ? { directory: given("state-dir") } : { redis: values.redis },
    checkpointEveryMs: numberOf("checkpoint-every-ms", values["checkpoint-every-ms"], CHECKPOINT_EVERY_MS),
    rules: rulesOf(values.rules),
    persons: numberOf("persons", values.persons, PERSONS),
    pace: {
      ...liveFetchPace({ fetchPauseMs: wholeOf("fetch-pause-ms", values["fetch-pause-ms"]) }),
      afterAppends: true,
    },
  };
}

function rulesOf(text: string): WorkerOptions["rules"] {
  if (text === "job" || text === "default") return text;
  throw new Error(`--rules ${text}: expected job or default`);
}

function wholeOf(name: string, text: string): number {
  if (!/^\d+$/.test(text)) throw new Error(`--${name} ${text}: expected a whole number`);
  return Number(text);
}

function numberOf(name: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  if (!/^[1-9]\d*$/.test(text)) throw new Error(`--${name} ${text}: expected a positive whole number`);
  return Number(text);
}

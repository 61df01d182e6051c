/** The arguments of the bench beside the sinks. */

import { parseArgs } from "node:util";
import { STANDINGS, type Standing } from "../load/standing.js";

export interface SinksOptions {
  readonly ratePerSecond: number;
  /** Measured, of each load. */
  readonly seconds: number;
  readonly rounds: number;
  readonly persons: number;
  readonly seed: number;
  /** For the sinks, after a load. */
  readonly catchUpSeconds: number;
  /** Of sinks and their databases, to detectors, broker and load. */
  readonly standing: Standing;
  /** Of one processor, for sinks and their databases while a load runs; null for no limit. */
  readonly quotaPercent: number | null;
  readonly json: boolean;
}

const DEFAULTS = {
  rate: "10000",
  seconds: "12",
  rounds: "3",
  persons: "100000",
  seed: "12345",
  "catch-up-seconds": "300",
  standing: "idle",
} as const;

/** By what they work for a swipe (docs/performance.md) enough for a thousand a second, all day. */
const IDLE_QUOTA = "25";

export const USAGE = `node dist/bench/sinks/run.js [--rate N] [--seconds N] [--rounds N] [--persons N] [--seed N]
  [--catch-up-seconds N] [--standing S] [--quota N] [--json]

Paced swipes on two \`kadun detector\` processes over Kafka, in turns without sinks and while \`kadun analytics\` and
\`kadun alerts\` write what is decided into ClickHouse, PostgreSQL and SMS. docs/performance.md says how to read it.

--rate N             swipes a second (${DEFAULTS.rate})
--seconds N          measured, of each load (${DEFAULTS.seconds})
--rounds N           loads without and with sinks (${DEFAULTS.rounds})
--persons N          who swipe (${DEFAULTS.persons})
--seed N             of swipes and arrivals (${DEFAULTS.seed})
--catch-up-seconds N for the sinks to write what is left after a load, and for comparing it (${DEFAULTS["catch-up-seconds"]})
--standing S         sinks and their databases have what detectors leave (idle), a tenth of their share (tenth) or the same (${DEFAULTS.standing})
--quota N            percent of one processor that they have at most while a load runs, where they are idle (${IDLE_QUOTA}); 0 for no limit
--json               JSON instead of a table

Exit status: 0 done, 1 failed, or something was lost or wrong, 64 usage.`;

export class SinksUsageError extends Error {
  override readonly name = "SinksUsageError";
}

/** null where help is asked for. @throws SinksUsageError naming the option. */
export function sinksOptions(args: readonly string[]): SinksOptions | null {
  const { values } = parsed(args);
  if (values.help) return null;
  return {
    ratePerSecond: whole("rate", values.rate, { min: 100, max: 200_000 }),
    seconds: whole("seconds", values.seconds, { min: 1, max: 600 }),
    rounds: whole("rounds", values.rounds, { min: 1, max: 99 }),
    persons: whole("persons", values.persons, { min: 500, max: 2_000_000 }),
    seed: whole("seed", values.seed, { min: 1, max: 2 ** 31 - 2 }),
    catchUpSeconds: whole("catch-up-seconds", values["catch-up-seconds"], { min: 1, max: 86_400 }),
    ...standingOf(values.standing, values.quota),
    json: values.json,
  };
}

function parsed(args: readonly string[]) {
  const text = (fallback: string) => ({ type: "string", default: fallback }) as const;
  const flag = { type: "boolean", default: false } as const;
  try {
    return parseArgs({
      args: [...args],
      options: {
        rate: text(DEFAULTS.rate),
        seconds: text(DEFAULTS.seconds),
        rounds: text(DEFAULTS.rounds),
        persons: text(DEFAULTS.persons),
        seed: text(DEFAULTS.seed),
        "catch-up-seconds": text(DEFAULTS["catch-up-seconds"]),
        standing: text(DEFAULTS.standing),
        quota: { type: "string" },
        json: flag,
        help: flag,
      },
    });
  } catch (error) {
    throw new SinksUsageError((error as Error).message);
  }
}

function standingOf(
  text: string,
  quota: string | undefined,
): Pick<SinksOptions, "standing" | "quotaPercent"> {
  const standing = STANDINGS.find((one) => one === text);
  if (standing === undefined)
    throw new SinksUsageError(`--standing '${text}': expected one of ${STANDINGS.join(", ")}`);
  const percent = whole("quota", quota ?? (standing === "idle" ? IDLE_QUOTA : "0"), { min: 0, max: 100_000 });
  if (percent > 0 && standing !== "idle")
    throw new SinksUsageError(
      `--quota ${percent}: expected with --standing idle, whose control group it limits`,
    );
  return { standing, quotaPercent: percent === 0 ? null : percent };
}

function whole(option: string, text: string, { min, max }: { min: number; max: number }): number {
  const value = Number(text);
  if (text !== "" && Number.isSafeInteger(value) && value >= min && value <= max) return value;
  throw new SinksUsageError(`--${option} '${text}': expected a whole number from ${min} to ${max}`);
}

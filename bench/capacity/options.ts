/** The arguments of `bench/capacity/run.js`. */

import { parseArgs } from "node:util";
import { AXES, type Axis } from "./variants.js";

export interface CapacityOptions {
  readonly axes: readonly Axis[];
  readonly rounds: number;
  /** Of each drain, or one and a half a person where that is more. */
  readonly events: number;
  readonly personsMax: number;
  readonly seed: number;
  readonly json: boolean;
  /** Where the plot goes; null for none. */
  readonly svg: string | null;
}

export const USAGE = `node dist/bench/capacity/run.js [--only workers,partitions,rules,persons] [--rounds N] [--events N] [--persons-max N]
  [--seed N] [--svg FILE] [--json]

Drains of the job swipe-5 by Kadun on servers that are started for it, with one thing changed at a time.
docs/capacity.md says how to read it.`;

export class CapacityUsageError extends Error {
  override readonly name = "CapacityUsageError";
}

/** null where help is asked for. @throws CapacityUsageError naming the option. */
export function capacityOptions(args: readonly string[]): CapacityOptions | null {
  const { values } = parsed(args);
  if (values.help) return null;
  return {
    axes: values.only.split(",").map(axisOf),
    rounds: whole("rounds", values.rounds),
    events: whole("events", values.events),
    personsMax: whole("persons-max", values["persons-max"]),
    seed: whole("seed", values.seed),
    json: values.json,
    svg: values.svg ?? null,
  };
}

function parsed(args: readonly string[]) {
  const text = (fallback: string) => ({ type: "string", default: fallback }) as const;
  try {
    return parseArgs({
      args: [...args],
      options: {
        only: text(AXES.join(",")),
        rounds: text("3"),
        events: text("2000000"),
        "persons-max": text("10000000"),
        seed: text("12345"),
        svg: { type: "string" },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    throw new CapacityUsageError(error instanceof Error ? error.message : String(error));
  }
}

function axisOf(name: string): Axis {
  const axis = AXES.find((each) => each === name);
  if (axis !== undefined) return axis;
  throw new CapacityUsageError(`--only ${name}: expected some of ${AXES.join(", ")}`);
}

function whole(name: string, text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new CapacityUsageError(`--${name} ${text}: expected a whole number from 1 to 999999999`);
}

/** The worker's arguments. */

import { parseArgs } from "node:util";

export interface WorkerOptions {
  /** Each HOST:PORT. */
  readonly brokers: readonly string[];
  readonly input: string;
  readonly cardStatus: string;
  readonly output: string;
  readonly group: string;
  /** How many partitions' batches are judged and sent at a time. */
  readonly concurrent: number;
}

/** Each of two workers has so many of twelve partitions. */
const CONCURRENT = "6";

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
      concurrent: { type: "string", default: CONCURRENT },
    },
  });
  const given = (name: "brokers" | "input" | "card-status" | "output" | "group"): string => {
    const value = values[name];
    if (value === undefined) throw new Error(`--${name} is missing`);
    return value;
  };
  if (!/^[1-9]\d{0,2}$/.test(values.concurrent))
    throw new Error(`--concurrent ${values.concurrent}: expected a whole number from 1 to 999`);
  return {
    brokers: given("brokers").split(","),
    input: given("input"),
    cardStatus: given("card-status"),
    output: given("output"),
    group: given("group"),
    concurrent: Number(values.concurrent),
  };
}

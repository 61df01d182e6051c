/** The command line of evaluate.ts. */
import { parseArgs } from "node:util";
import { DAYS_DEFAULT, DAYS_MIN, PERSONS_DEFAULT, PERSONS_MIN } from "./city.js";

export const USAGE = `usage: node dist/bench/city/evaluate.js [--seeds 1-9] [--persons N] [--days N] [--json]
  --seeds    seeds and ranges of seeds, separated by commas (1-9: those used while developing)
  --persons  of each city (${PERSONS_DEFAULT}; at least ${PERSONS_MIN})
  --days     of each city, its history included (${DAYS_DEFAULT}; at least ${DAYS_MIN})
  --json     print the figures as one JSON object`;

export class UsageError extends Error {}

const SEEDS_DEFAULT = "1-9";
/** A city takes half a minute: more are surely a mistake. */
const SEEDS_MAX = 100;

export interface EvaluateOptions {
  readonly seeds: readonly number[];
  readonly persons: number;
  readonly days: number;
  readonly json: boolean;
}

/** @throws UsageError. */
export function parseEvaluateArgs(args: readonly string[]): EvaluateOptions {
  const values = parse(args);
  return {
    seeds: seedsOf(values.seeds ?? SEEDS_DEFAULT),
    persons: wholeNumber("--persons", values.persons ?? String(PERSONS_DEFAULT), PERSONS_MIN),
    days: wholeNumber("--days", values.days ?? String(DAYS_DEFAULT), DAYS_MIN),
    json: values.json === true,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        seeds: { type: "string" },
        persons: { type: "string" },
        days: { type: "string" },
        json: { type: "boolean" },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function seedsOf(text: string): number[] {
  const seeds = text.split(",").flatMap((part) => {
    const [, first, last = first] = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(part) ?? [];
    const count = Number(last) - Number(first) + 1;
    if (first === undefined || count < 1 || count > SEEDS_MAX) throw seedsError(text);
    return Array.from({ length: count }, (_, index) => Number(first) + index);
  });
  if (seeds.length > SEEDS_MAX) throw seedsError(text);
  return seeds;
}

function seedsError(text: string): UsageError {
  return new UsageError(`--seeds ${text}: expected at most ${SEEDS_MAX} seeds such as 1-9 or 3,5,7`);
}

function wholeNumber(name: string, text: string, min: number): number {
  const value = Number(text);
  if (!/^\d{1,9}$/.test(text) || value < min)
    throw new UsageError(`${name} ${text}: expected a whole number of at least ${min}`);
  return value;
}

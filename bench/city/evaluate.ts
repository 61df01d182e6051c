/**
 * Judges the cities of some seeds and prints the tables of docs/evaluation.md. Exit status: 0 done and what must hold
 * holds, 1 failed or not held, 64 usage.
 */
import { loadBundle } from "../../cli/bundle-files.js";
import { type EvaluateOptions, parseEvaluateArgs, USAGE, UsageError } from "./evaluate-options.js";
import { evaluationOf, type SeedModel } from "./evaluation.js";
import { evaluationMarkdown } from "./evaluation-table.js";
import { judgeCity } from "./judge-city.js";

function evaluate({ seeds, persons, days, json }: EvaluateOptions): number {
  const loaded = loadBundle();
  const cities: SeedModel[] = [];
  for (const seed of seeds) {
    console.error(`judging the city of seed ${seed} …`);
    cities.push({ seed, model: judgeCity({ seed, persons, days }, loaded) });
  }
  const evaluation = evaluationOf(cities);
  console.log(json ? JSON.stringify(evaluation, null, 2) : evaluationMarkdown(evaluation));
  return evaluation.verdict.held ? 0 : 1;
}

function main(args: readonly string[]): number {
  try {
    return evaluate(parseEvaluateArgs(args));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    console.error(error instanceof UsageError ? `${message}\n${USAGE}` : `bench/city: ${message}`);
    return error instanceof UsageError ? 64 : 1;
  }
}

process.exitCode = main(process.argv.slice(2));

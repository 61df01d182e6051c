/** One seed: the same inputs without and with faults, audited. */

import { Topic } from "../../schemas/topics.js";
import { Random } from "../city/random.js";
import { type AuditFinding, audit, type Beside } from "./auditor.js";
import { drawFaultRates, NO_FAULTS } from "./faults.js";
import { foldOf } from "./fold.js";
import { makeInputs } from "./inputs.js";
import { MUTANTS, type MutantName } from "./mutants.js";
import type { SimBundles } from "./sim-bundles.js";
import { PARTITIONS, type RunOptions, Simulation } from "./simulation.js";
import { Trace } from "./trace.js";

export interface SeedResult {
  readonly seed: number;
  readonly findings: readonly AuditFinding[];
  /** Of everything that happened and of the logs: equal for equal seeds. */
  readonly traceHash: string;
  readonly steps: number;
  readonly lastSteps: readonly string[];
}

const Stream = { INPUTS: 1, FAULTS: 2, LINKS: 3 } as const;

export interface SeedOptions {
  readonly mutant?: MutantName | undefined;
  /** Nobody gets another number. */
  readonly hasNoLinks?: boolean;
  /** Detectors keep every person in memory. */
  readonly keepsAll?: boolean;
  /** Is told every step of the run with faults. */
  readonly heard?: (line: string) => void;
}

export async function runSeed(
  seed: number,
  bundles: SimBundles,
  { mutant, hasNoLinks, keepsAll, heard }: SeedOptions = {},
): Promise<SeedResult> {
  const ofLinks = hasNoLinks === true ? null : Random.derived(seed, Stream.LINKS, 0);
  const random = Random.derived(seed, Stream.INPUTS, 0);
  const { phases, isCalm } = makeInputs({ random, ofLinks }, [...bundles.byHash.keys()]);
  const rates = drawFaultRates(Random.derived(seed, Stream.FAULTS, 0));
  const undisturbed = new Simulation({ seed, phases, bundles, rates: NO_FAULTS, keepsAll });
  await undisturbed.run();
  const trace = new Trace(heard);
  const run = new Simulation({
    seed,
    phases,
    bundles,
    rates,
    trace,
    keepsAll,
    mutant: mutant && MUTANTS[mutant],
  });
  const findings = await findingsOf(run, { undisturbed, isCalm }, bundles);
  for (const topic of [Topic.JOURNAL, Topic.DECISIONS])
    for (let partition = 0; partition < PARTITIONS; partition++)
      for (const { value } of run.log.records(topic, partition)) trace.addBytes(value);
  return { seed, findings, steps: trace.lines, lastSteps: trace.last, traceHash: trace.digest() };
}

async function findingsOf(
  run: Simulation,
  beside: Beside,
  { byHash }: RunOptions["bundles"],
): Promise<readonly AuditFinding[]> {
  try {
    await run.run();
  } catch (error) {
    return [error instanceof Error ? error.message : String(error), ...run.surprises.map(String)];
  }
  const folds = Array.from({ length: PARTITIONS }, (_, partition) =>
    foldOf(run.log.records(Topic.JOURNAL, partition), byHash),
  );
  return audit(run, beside, folds);
}

/** The command that runs a seed again. */
export function replayCommand(seed: number, { mutant, hasNoLinks, keepsAll }: SeedOptions): string {
  const options = [
    mutant === undefined ? "" : ` --mutant ${mutant}`,
    hasNoLinks === true ? " --no-links" : "",
    keepsAll === true ? " --keep-all" : "",
  ];
  return `npm run sim -- --seed ${seed}${options.join("")}`;
}

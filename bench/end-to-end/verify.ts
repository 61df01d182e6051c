/** Equal decisions before any timing: each engine does a small dense stream, and plain Node says what is right. */

import { type CheckResult, DecisionCheck, differenceText, type ExpectedDecisions } from "./decision-check.js";
import { drain } from "./drain.js";
import type { Engine, Job } from "./engine.js";
import { type World, withJob } from "./world.js";

export class DecisionsDiffer extends Error {
  override readonly name = "DecisionsDiffer";
}

/** @throws DecisionsDiffer naming the first swipe. */
export async function verify(
  world: World,
  engine: Engine,
  input: string,
  expected: ExpectedDecisions,
): Promise<CheckResult> {
  return withJob(world, engine, { input, purpose: "drain" }, async (job) => {
    await drain(world, engine, job, expected.stream.events);
    return checkOutput(world, engine, job, expected);
  });
}

/** Reads the job's output. @throws DecisionsDiffer naming the first swipe. */
export async function checkOutput(
  { broker }: World,
  engine: Engine,
  { output }: Job,
  expected: ExpectedDecisions,
): Promise<CheckResult> {
  const check = new DecisionCheck(expected);
  await broker.readAll(output, (decision) => check.take(decision));
  const result = check.result();
  if (result.firstDifference !== null)
    throw new DecisionsDiffer(differenceText(engine.title, result.firstDifference));
  return result;
}

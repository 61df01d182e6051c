/** Drains of all variants, in rounds for each topic; a topic is filled once for all variants that read it. */

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Broker } from "../end-to-end/broker.js";
import { ExpectedDecisions } from "../end-to-end/decision-check.js";
import { type DrainFigures, drain } from "../end-to-end/drain.js";
import { kadunWith } from "../end-to-end/engines/kadun.js";
import { turnOrder } from "../end-to-end/rounds.js";
import type { ServerSettings } from "../end-to-end/server-settings.js";
import { checkOutput } from "../end-to-end/verify.js";
import { type World, withJob } from "../end-to-end/world.js";
import type { CapacityOptions } from "./options.js";
import { nameOf, type Variant, variantsOf } from "./variants.js";

const SWIPES = "capacity-swipes";
const CARD_STATUS = "capacity-card-status";
/** So many persons swipe at least once that those who are named are there. */
const EVENTS_PER_PERSON = 1.5;
const DEFAULT_RULES = 20;

export interface MeasuredVariant {
  readonly variant: Variant;
  readonly events: number;
  readonly rounds: readonly DrainFigures[];
}

/** @throws DecisionsDiffer under the job's rules; Error where a worker or a server fails. */
export async function measureCapacity(
  servers: ServerSettings,
  options: CapacityOptions,
  folder: string,
  progress: (text: string) => void,
): Promise<readonly MeasuredVariant[]> {
  const measured: MeasuredVariant[] = [];
  for (const group of topicGroups(variantsOf(options.axes, options.personsMax)))
    measured.push(...(await measureGroup(servers, group, options, folder, progress)));
  return measured;
}

function topicGroups(variants: readonly Variant[]): readonly (readonly Variant[])[] {
  const groups = new Map<string, Variant[]>();
  for (const variant of variants) {
    const key = `${variant.persons}/${variant.partitions}`;
    groups.set(key, [...(groups.get(key) ?? []), variant]);
  }
  return [...groups.values()];
}

async function measureGroup(
  servers: ServerSettings,
  variants: readonly Variant[],
  options: CapacityOptions,
  folder: string,
  progress: (text: string) => void,
): Promise<readonly MeasuredVariant[]> {
  const { persons, partitions } = variants[0]!;
  const events = Math.max(options.events, Math.ceil(persons * EVENTS_PER_PERSON));
  const stream = { persons, seed: options.seed, events };
  const broker = await Broker.open(servers.brokers, partitions);
  const own = join(folder, `${persons}-${partitions}`);
  mkdirSync(own, { recursive: true });
  const world: World = { ...servers, broker, folder: own, persons, cardStatus: CARD_STATUS };
  const figures = new Map<Variant, DrainFigures[]>(variants.map((variant) => [variant, []]));
  try {
    progress(`filling ${events} swipes of ${persons} persons into ${partitions} partitions`);
    await broker.createCardStatus(CARD_STATUS, persons);
    await broker.createSwipes(SWIPES, stream);
    const expected = variants.some(({ rules }) => rules !== DEFAULT_RULES)
      ? new ExpectedDecisions(stream)
      : null;
    for (let round = 0; round < options.rounds; round++)
      for (const variant of turnOrder(variants, round)) {
        const one = await drainOnce(world, variant, events, expected);
        figures.get(variant)!.push(one);
        progress(
          `round ${round + 1}: ${nameOf(variant)}: ${Math.round(one.perSecondSteady)}/s steady, ${one.cpuUs.toFixed(1)} µs`,
        );
      }
  } finally {
    await broker.delete([SWIPES, CARD_STATUS]);
    await broker.close();
  }
  return variants.map((variant) => ({ variant, events, rounds: figures.get(variant)! }));
}

/** Decisions under the default ruleset are others than the job's: they are counted, not compared. */
async function drainOnce(
  world: World,
  { workers, rules }: Variant,
  events: number,
  expected: ExpectedDecisions | null,
): Promise<DrainFigures> {
  const isJobs = rules !== DEFAULT_RULES;
  const engine = kadunWith({ workers, rules: isJobs ? "job" : "default" });
  return withJob(world, engine, { input: SWIPES, purpose: "drain" }, async (job) => {
    const drained = await drain(world, engine, job, events);
    if (isJobs && expected !== null) await checkOutput(world, engine, job, expected);
    return drained;
  });
}

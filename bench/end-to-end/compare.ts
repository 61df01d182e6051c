/** The comparison from beginning to end: in process; then build, check, drain in turns, pace in turns. */

import { comparePeers } from "../decide/compare-peers.js";
import { ExpectedDecisions } from "./decision-check.js";
import { type DrainFigures, drain } from "./drain.js";
import type { Engine, EngineName } from "./engine.js";
import { ENGINES } from "./engines/engines.js";
import { buildJavaPeer } from "./engines/java-peer.js";
import { kadunLoads } from "./kadun-load.js";
import { KAFKA_CLIENTS, kafkaClientsLoads, newKafkaClientsLoads } from "./kafka-clients-load.js";
import type { LoadClients, LoadDrivers } from "./load-driver.js";
import { machine } from "./machine.js";
import type { CompareOptions } from "./options.js";
import { type PacedFigures, type PacedOptions, paced, pacedFloor } from "./paced.js";
import { type PacedName, type PacedSide, pacedSides } from "./paced-sides.js";
import type { Results, Skipped } from "./report.js";
import { turnOrder } from "./rounds.js";
import { checkOutput, verify } from "./verify.js";
import { type World, withJob } from "./world.js";

/** The checked stream is dense: ten swipes a person within half a day, so that all rules find something. */
const CHECKED_EVENTS_PER_PERSON = 10;
/** Until its compiler is done it takes processor time from the engines of the first round. */
const BROKER_WARM_UP_SECONDS = 40;
/** The slowest engine takes ten seconds for as many. */
const IN_PROCESS_EVENTS = 200_000;
const SWIPES = "swipes";
const CHECKED_SWIPES = "swipes-checked";

type Progress = (text: string) => void;

/** @throws DecisionsDiffer; Error where an engine or a server fails. */
export async function compare(
  world: World,
  options: CompareOptions,
  settings: { readonly broker: string },
  progress: Progress,
): Promise<Results> {
  const { persons, rounds, what } = options;
  const inProcess = what.includes("in-process")
    ? await comparePeers({ persons, rounds, events: IN_PROCESS_EVENTS }, progress)
    : null;
  const { engines, skipped } = await preparedEngines(
    what.some((each) => each !== "in-process") ? options.engines : [],
    progress,
  );
  const checkedHash = engines.length === 0 ? null : await checkedAll(world, engines, options, progress);
  const drained = options.what.includes("drain") ? await drainAll(world, engines, options, progress) : null;
  const sides = pacedSides(engines, options.peerLingersMs);
  const pacedRounds = options.what.includes("paced")
    ? await paceAll(world, sides, options, progress)
    : new Map();
  return {
    machine: machine(),
    options,
    broker: settings.broker,
    titles: titlesOf([...Object.values(ENGINES), ...sides]),
    configurations: Object.fromEntries(engines.map(({ name, configuration }) => [name, configuration])),
    skipped,
    inProcess,
    checkedHash,
    drainHash: drained?.hash ?? null,
    drain: drained?.rounds ?? new Map(),
    paced: pacedRounds,
  };
}

async function preparedEngines(
  names: readonly EngineName[],
  progress: Progress,
): Promise<{ engines: readonly Engine[]; skipped: readonly Skipped[] }> {
  const engines: Engine[] = [];
  const skipped: Skipped[] = [];
  for (const name of names) {
    const reason = await ENGINES[name].prepare(progress);
    if (reason === null) engines.push(ENGINES[name]);
    else skipped.push({ engine: name, reason });
    if (reason !== null) progress(`${ENGINES[name].title} is left out: ${reason}`);
  }
  return { engines, skipped };
}

/** @throws Error where the machine has no tools for them. */
async function loadDrivers(world: World, clients: LoadClients, progress: Progress): Promise<LoadDrivers> {
  if (clients === "kadun") return kadunLoads;
  const reason = await buildJavaPeer(KAFKA_CLIENTS, progress);
  if (reason !== null) throw new Error(`--load ${clients}: ${reason}`);
  const { broker, folder } = world;
  return clients === "kafka"
    ? kafkaClientsLoads(broker.brokers, folder)
    : newKafkaClientsLoads(broker.brokers, folder);
}

/** @returns the hash that all have. */
async function checkedAll(
  world: World,
  engines: readonly Engine[],
  { persons, checkedEvents, seed }: CompareOptions,
  progress: Progress,
): Promise<string> {
  progress(`card states of ${persons} persons`);
  await world.broker.createCardStatus(world.cardStatus, persons);
  const dense = Math.min(persons, Math.ceil(checkedEvents / CHECKED_EVENTS_PER_PERSON));
  const stream = { persons: dense, seed, events: checkedEvents };
  progress(`checked swipes: ${checkedEvents} of ${dense} persons`);
  await world.broker.createSwipes(CHECKED_SWIPES, stream);
  const expected = new ExpectedDecisions(stream);
  for (const engine of engines) {
    const { hash, repeated } = await verify(world, engine, CHECKED_SWIPES, expected);
    progress(`${engine.title}: decisions equal (${hash.slice(0, 16)}), ${repeated} written again`);
  }
  await world.broker.delete([CHECKED_SWIPES]);
  return expected.hash;
}

async function drainAll(
  world: World,
  engines: readonly Engine[],
  { persons, events, seed, rounds }: CompareOptions,
  progress: Progress,
): Promise<{ rounds: Map<EngineName, DrainFigures[]>; hash: string }> {
  const stream = { persons, seed, events };
  progress(`swipes: ${events} of ${persons} persons`);
  await world.broker.createSwipes(SWIPES, stream);
  const expected = new ExpectedDecisions(stream);
  const figures = new Map<EngineName, DrainFigures[]>(engines.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const engine of turnOrder(engines, round)) {
      const one = await withJob(world, engine, { input: SWIPES, purpose: "drain" }, async (job) => {
        const drained = await drain(world, engine, job, events);
        await checkOutput(world, engine, job, expected);
        return drained;
      });
      figures.get(engine.name)!.push(one);
      progress(
        `round ${round + 1}: ${engine.title}: ${Math.round(one.perSecond)}/s (steady ${Math.round(one.perSecondSteady)}), ${one.cpuUs.toFixed(1)} µs (${one.cpuUsSteady.toFixed(1)}), decisions equal`,
      );
    }
  }
  await world.broker.delete([SWIPES]);
  return { rounds: figures, hash: expected.hash };
}

async function paceAll(
  world: World,
  sides: readonly PacedSide[],
  options: CompareOptions,
  progress: Progress,
): Promise<Map<PacedName, (readonly PacedFigures[])[]>> {
  const drivers = await loadDrivers(world, options.loadClients, progress);
  try {
    const { rates, warmUps, seconds, seed, rounds } = options;
    return await paceRounds(world, sides, { rates, warmUps, seconds, seed, drivers, rounds }, progress);
  } finally {
    await drivers.close();
  }
}

async function paceRounds(
  world: World,
  sides: readonly PacedSide[],
  { rounds, ...options }: PacedOptions & { readonly rounds: number },
  progress: Progress,
): Promise<Map<PacedName, (readonly PacedFigures[])[]>> {
  const figures = new Map<PacedName, (readonly PacedFigures[])[]>(sides.map(({ name }) => [name, []]));
  progress(`the broker is warmed up: ${BROKER_WARM_UP_SECONDS} s of swipes without an engine`);
  const warmUp = { ...options, rates: [Math.max(...options.rates)], seconds: BROKER_WARM_UP_SECONDS };
  await pacedFloor(world, warmUp);
  for (let round = 0; round < rounds; round++) {
    for (const { name, title, engine, peerLingerMs } of turnOrder(sides, round)) {
      const one =
        engine === null
          ? await pacedFloor(world, options)
          : await paced(world, engine, { ...options, peerLingerMs });
      figures.get(name)!.push(one);
      for (const { rate, latency } of one)
        progress(
          `round ${round + 1}: ${title}: ${rate}/s: ${latency.p50Ms.toFixed(1)} / ${latency.p99Ms.toFixed(1)} / ${latency.p999Ms.toFixed(1)} ms`,
        );
    }
  }
  return figures;
}

function titlesOf(
  named: readonly { readonly name: string; readonly title: string }[],
): Readonly<Record<string, string>> {
  return Object.fromEntries(named.map(({ name, title }) => [name, title]));
}

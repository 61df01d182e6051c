/** Of persons with several numbers: nothing lost, nothing doubled, and one person in the end. */

import { Topic } from "../../schemas/topics.js";
import { type ExpectedOutcomes, moveOf } from "./expected-outcomes.js";
import { type ReadBody, readBody } from "./logged-bodies.js";
import { PARTITIONS, type Simulation } from "./simulation.js";

/** Every link that was acknowledged has made one person of its two numbers. */
export function onePersonEach(run: Simulation, model: ExpectedOutcomes): string[] {
  const findings: string[] = [];
  for (const keys of linkedKeys(run)) {
    const holders = keys.filter((key) => model.movedTo(key) === null);
    if (holders.length !== 1)
      findings.push(
        `${keys.length} keys were linked and ${holders.length} of them hold the person: ${keys.join()}`,
      );
  }
  return findings;
}

/** From every key to the one that holds the person, whichever carriers ended before they knew what they had carried. */
export function tableLeadsHome(run: Simulation, model: ExpectedOutcomes): string[] {
  const { movedTable } = run;
  return linkedKeys(run)
    .flat()
    .flatMap((personKey) => {
      let key = personKey;
      for (let steps = 0; steps < movedTable.size; steps++) key = movedTable.get(key) ?? key;
      return model.movedTo(key) === null ? [] : [`the table leads from ${personKey} to ${key}, which moved`];
    });
}

/** Keys that links say are one person. */
export function linkedKeys(run: Simulation): readonly (readonly string[])[] {
  const groups = new Map<string, readonly string[]>();
  for (const link of journal(run)) {
    const { type, personKey, toPersonKey } = link.record ?? link;
    if (type !== "person-link" || personKey === null || toPersonKey === null) continue;
    const joined = [...new Set([personKey, toPersonKey].flatMap((key) => groups.get(key) ?? [key]))];
    for (const key of joined) groups.set(key, joined);
  }
  return [...new Set(groups.values())];
}

/**
 * A swipe is decided once and a card event taken once, under whichever key; what moves is merged once. But where links
 * made a ring while they were under way: a repeat may reach the holder before the state that knows it
 * (docs/decisions/0009).
 */
export function onceOverAllKeys(run: Simulation, { ringsOpened }: ExpectedOutcomes): string[] {
  const rings = new Set(
    linkedKeys(run)
      .filter((keys) => keys.some((key) => ringsOpened.has(key)))
      .flat(),
  );
  const findings: string[] = [];
  const decided = new Map<string, number>();
  const isOfRing = new Set<string>();
  const merged = new Map<string, number>();
  const count = (counts: Map<string, number>, name: string) => counts.set(name, (counts.get(name) ?? 0) + 1);
  for (const outcome of outcomes(run)) {
    if (outcome.type === "decision" || outcome.type === "transition") {
      count(decided, outcome.eventId ?? "");
      if (rings.has(outcome.personKey ?? "")) isOfRing.add(outcome.eventId ?? "");
    }
    if (outcome.type === "person-merged") count(merged, moveOf(outcome));
  }
  for (const { raw } of run.acknowledged) {
    if (raw.type !== "swipe" && raw.type !== "card-status") continue;
    const times = decided.get(raw.eventId) ?? 0;
    if (times < 1 || (times > 1 && !isOfRing.has(raw.eventId)))
      findings.push(`${raw.type} ${raw.eventId} was acknowledged and decided ${times} times`);
  }
  for (const [move, times] of merged) if (times > 1) findings.push(`${move} was merged ${times} times`);
  return findings;
}

function journal(run: Simulation): ReadBody[] {
  return eachPartition((partition) =>
    run.log.records(Topic.JOURNAL, partition).map(({ value }) => readBody(value)),
  );
}

function outcomes(run: Simulation): ReadBody[] {
  return eachPartition((partition) => run.database.rows(partition).map(({ body }) => readBody(body)));
}

function eachPartition<Each>(of: (partition: number) => readonly Each[]): Each[] {
  return Array.from({ length: PARTITIONS }, (_, partition) => of(partition)).flat();
}

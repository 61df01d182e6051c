/** The report of scale.ts as a reader sees it. */

import { GROUP_MAX } from "../swipe-5/swipe-5.js";
import type { Figures } from "./measure.js";
import { conditionsText } from "./measured-process.js";
import type { Scale } from "./scale.js";

export function scaleText(scale: Scale): string {
  const { persons, ofPersons, events, rounds, sides } = scale;
  const { kadun, "kadun-batch": batch } = sides;
  return [
    `${persons} persons beside ${ofPersons}, ${events} swipes a process, ${rounds} rounds, ${conditionsText(scale)}`,
    "",
    "| side | persons | decisions/s | CPU ns | p50 µs | p99 µs | p99.9 µs | longest call µs | longest GC ms | longest call of the fill ms | RSS MB | bytes a person |",
    "|---|---|---|---|---|---|---|---|---|---|---|---|",
    row("Kadun", ofPersons, kadun.few),
    row("Kadun", persons, kadun.many),
    row(`Kadun, ${GROUP_MAX} messages at a time`, ofPersons, batch.few),
    row(`Kadun, ${GROUP_MAX} messages at a time`, persons, batch.many),
    "",
    `CPU a decision against that with ${ofPersons} persons: ${kadun.cost.median} times (rounds ${kadun.cost.rounds.join(", ")});`,
    `${GROUP_MAX} messages at a time ${batch.cost.median} times (rounds ${batch.cost.rounds.join(", ")})`,
  ].join("\n");
}

function row(name: string, persons: number, figures: Figures): string {
  const cells = [
    figures.decisionsPerSecond,
    figures.nsCpu,
    figures.p50Us,
    figures.p99Us,
    figures.p999Us,
    figures.maxUs,
    figures.gcLongestMs,
    figures.fillLongestMs,
    figures.rssMb,
    figures.bytesPerPerson ?? "–",
  ];
  return `| ${name} | ${persons} | ${cells.join(" | ")} |`;
}

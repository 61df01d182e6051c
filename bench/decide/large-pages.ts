/**
 * What large pages (platform/lifecycle/large-pages.ts) are worth: Kadun's sides with and without them, in rounds that take
 * turns, each in a fresh process. `node dist/bench/decide/large-pages.js [persons] [swipes] [rounds]`; exit status 1 where
 * there is nothing to compare.
 */

import { largePages, withLargePages } from "../../platform/lifecycle/large-pages.js";
import { GROUP_MAX } from "../swipe-5/swipe-5.js";
import { cpuRatioOf, inTurns, medianFigures } from "./compare.js";
import type { Figures } from "./measure.js";
import { conditions, conditionsText } from "./measured-process.js";

const [persons = 1_000_000, events = 200_000, rounds = 5] = process.argv.slice(2).map(Number);

const SIDES = { kadun: "Kadun", "kadun-batch": `Kadun, ${GROUP_MAX} messages at a time` } as const;
type Name = keyof typeof SIDES;

const held = conditions();
const [plainly, asking] = [largePages(), largePages(withLargePages(process.env))];
if (plainly !== "not asked" || asking !== "asked") {
  console.error(
    `large pages: '${plainly}' as this process was started, '${asking}' where they are asked for; expected 'not asked' and 'asked': transparent_hugepage/enabled has to be madvise, and GLIBC_TUNABLES to say nothing of them`,
  );
  process.exit(1);
}

const figures: Record<Name, { readonly with: Figures[]; readonly without: Figures[] }> = {
  kadun: { with: [], without: [] },
  "kadun-batch": { with: [], without: [] },
};
const names = Object.keys(SIDES) as Name[];
for (let round = 0; round < rounds; round++)
  for (const name of names) {
    console.error(`round ${round + 1}: ${name}`);
    const order = round % 2 === 0 ? (["with", "without"] as const) : (["without", "with"] as const);
    const sides = await inTurns(
      order.map((pages) => ({
        side: name,
        persons,
        events,
        held: { ...held, largePages: pages === "with" },
      })),
    );
    for (const [index, pages] of order.entries()) figures[name][pages].push(sides[index]!.producerOrder);
  }

console.log(`${persons} persons, ${events} swipes a process, ${rounds} rounds in turns, ${conditionsText(held)} or not

| side | large pages | decisions/s | CPU ns | ns median | p50 µs | p99 µs | longest GC ms | longest call of the fill ms | RSS MB |
|---|---|---|---|---|---|---|---|---|---|`);
for (const name of names)
  for (const pages of ["without", "with"] as const) {
    const median = medianFigures(figures[name][pages]);
    const { decisionsPerSecond, nsCpu, nsMedian, p50Us, p99Us, gcLongestMs, fillLongestMs, rssMb } = median;
    const cells = [decisionsPerSecond, nsCpu, nsMedian, p50Us, p99Us, gcLongestMs, fillLongestMs, rssMb];
    console.log(`| ${[SIDES[name], pages, ...cells].join(" | ")} |`);
  }
console.log("\nCPU a decision with them, of that without:");
for (const name of names) {
  const ratio = cpuRatioOf(figures[name].with, figures[name].without);
  console.log(`- ${SIDES[name]}: ${ratio.median} (rounds ${ratio.rounds.join(", ")})`);
}

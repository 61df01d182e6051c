/** A simulated run's logs, archived in stages as months would, into a temporary folder. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Random } from "../../bench/city/random.js";
import { drawFaultRates } from "../../bench/sim/faults.js";
import { makeInputs } from "../../bench/sim/inputs.js";
import { loadSimBundles } from "../../bench/sim/sim-bundles.js";
import { PARTITIONS, Simulation } from "../../bench/sim/simulation.js";
import { ArchiveRun } from "../../cli/archive/write-archive.js";
import { type LoadedBundle, loadBundle } from "../../cli/bundle-files.js";
import { packageRoot } from "../../cli/package-root.js";
import type { EventLog, LoggedRecord } from "../../platform/event-log/event-log.js";
import { MemoryEventLog } from "../../platform/event-log/memory/memory-event-log.js";
import { MemoryLogWorld } from "../../platform/event-log/memory/memory-log-world.js";
import { parseInstantMs } from "../../schemas/instant.js";
import { decodeJournalBody, encodeBody } from "../../schemas/log-body.js";
import { encodePosition, Topic } from "../../schemas/topics.js";
import { Archive } from "../../services/archive/archive.js";
import type { SegmentLimits } from "../../services/archive/archive-segments.js";
import { ENGINES } from "../../services/detector/engine.js";
import { JudgingRoom } from "../../services/detector/judging-room.js";

export { PARTITIONS };

const bundles = loadSimBundles();
const loaded = new Map<string, LoadedBundle>(
  [loadBundle(), loadBundle({ rulesetFile: join(packageRoot, "bench", "sim", "second-ruleset.json") })].map(
    (each) => [each.bundle.hash, each],
  ),
);

export async function storedBundle(hash: string): Promise<LoadedBundle> {
  const found = loaded.get(hash);
  if (found === undefined) throw new Error(`bundle ${hash} is not stored`);
  return found;
}

/** Activations, links of persons, kills, repeats in the decisions: all that a simulated run has. */
export async function simulatedLogs(
  seed: number,
  hashes: readonly string[] = [...bundles.byHash.keys()],
): Promise<MemoryLogWorld> {
  const chance = { random: Random.derived(seed, 1, 0), ofLinks: Random.derived(seed, 3, 0) };
  const { phases } = makeInputs(chance, hashes);
  const rates = drawFaultRates(Random.derived(seed, 2, 0));
  const simulation = new Simulation({ seed, phases, bundles, rates });
  await simulation.run();
  return simulation.log;
}

/**
 * A simulated run under the default bundle alone, its journal appended when the sources received the records (a simulated
 * clock stands behind all of them), and judged so.
 */
export async function logsOfDays(seed: number): Promise<MemoryLogWorld> {
  const [hash] = bundles.byHash.keys();
  const simulated = await simulatedLogs(seed, [hash!]);
  let nowMs = 0;
  const clock = { now: () => nowMs, sleep: async () => {} };
  const timed = new MemoryLogWorld({ [Topic.JOURNAL]: PARTITIONS, [Topic.DECISIONS]: PARTITIONS }, { clock });
  for (let partition = 0; partition < PARTITIONS; partition++) {
    nowMs = 0;
    for (const record of simulated.records(Topic.JOURNAL, partition)) {
      nowMs = Math.max(nowMs, receivedMs(record));
      timed.append(Topic.JOURNAL, partition, [record]);
    }
    const nobody = { epoch: 0, owner: "test", partition, readPartition: async () => null };
    const store = { ...nobody, load: async (keys: readonly string[]) => keys.map(() => null) };
    const never = async () => {
      throw new Error("nothing is stored");
    };
    const ownership = { ...store, async *entries() {}, put: never, putPartition: never };
    const known = { bundles: bundles.shelf, engines: ENGINES };
    const room = await JudgingRoom.open(ownership, known, { reaches: async () => true }, null);
    for (const record of timed.records(Topic.JOURNAL, partition))
      for (const { journalOffset, personKey, outcomes } of await room.take([record], () => {})) {
        nowMs = record.appendedAtMs;
        const entries = outcomes.map((outcome, sequence) => ({
          key: personKey,
          header: encodePosition({ journalOffset, sequence }),
          value: encodeBody(outcome),
        }));
        if (entries.length > 0) timed.append(Topic.DECISIONS, partition, entries);
      }
  }
  return timed;
}

function receivedMs({ value }: LoggedRecord): number {
  const record = decodeJournalBody(value);
  const inner = record.type === "carried" ? record.record : record;
  return "receivedAt" in inner && inner.receivedAt !== undefined ? parseInstantMs(inner.receivedAt) : 0;
}

/** The journal whole, the decisions as far as they were written by a moment: a share of them. */
export function asOf(world: MemoryLogWorld, share: number): MemoryLogWorld {
  let nowMs = 0;
  const clock = { now: () => nowMs, sleep: async () => {} };
  const copy = new MemoryLogWorld({ [Topic.JOURNAL]: PARTITIONS, [Topic.DECISIONS]: PARTITIONS }, { clock });
  const put = (topic: string, partition: number, records: readonly LoggedRecord[]) => {
    for (const record of records) {
      nowMs = record.appendedAtMs;
      copy.append(topic, partition, [record]);
    }
  };
  for (let partition = 0; partition < PARTITIONS; partition++) {
    put(Topic.JOURNAL, partition, world.records(Topic.JOURNAL, partition));
    const decisions = world.records(Topic.DECISIONS, partition);
    put(Topic.DECISIONS, partition, decisions.slice(0, Math.ceil(decisions.length * share)));
  }
  return copy;
}

export class ArchiveFolder {
  readonly path = mkdtempSync(join(tmpdir(), "kadun-archive-"));

  openToAppend(): Promise<Archive> {
    return Archive.openToAppend(this.path, PARTITIONS);
  }

  open(): Promise<Archive> {
    return Archive.open(this.path);
  }

  /** One `kadun archive`. */
  async run(log: EventLog, limits: SegmentLimits): Promise<ArchiveRun["counts"]> {
    const run = new ArchiveRun({ log, archive: await this.openToAppend(), bundle: storedBundle, limits });
    for (let partition = 0; partition < PARTITIONS; partition++) await run.partition(partition);
    return run.counts;
  }

  /** As `stages` runs over a growing log left it. */
  async fill(world: MemoryLogWorld, stages: number, limits: SegmentLimits): Promise<void> {
    for (let stage = 1; stage <= stages; stage++)
      await this.run(new MemoryEventLog(asOf(world, stage / stages)), limits);
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

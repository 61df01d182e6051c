/** `kadun archive` of the journal in Kafka, and the live logs trimmed by it. */

import { expect } from "@jest/globals";
import { Topic } from "../../schemas/topics.js";
import { commandJson } from "./command-json.js";
import type { FaultWorld } from "./fault-world.js";

/** @returns how many journal records are new in it, and its head. */
export async function archived(
  { kadun }: FaultWorld,
  folder: string,
): Promise<{ readonly records: number; readonly head: string }> {
  const { checkpoints, records, head } = await commandJson(kadun.cluster, "archive", folder, "--json");
  expect(checkpoints).toBeGreaterThan(0);
  return { records, head };
}

/** Every byte is read, everything is judged again. */
export async function expectSound({ kadun }: FaultWorld, folder: string, head: string): Promise<void> {
  const { cluster } = kadun;
  await cluster.command(["archive", "verify", folder, "--expect-head", head]);
  const { partitions } = await commandJson(cluster, "replay", "--archive", folder, "--summary-json");
  const differences = partitions.map(({ difference }: { difference: string | null }) => difference);
  expect(differences).toEqual(Array(cluster.options.partitions).fill(null));
}

/** @returns how many journal records went. */
export async function trimmed({ kadun, log }: FaultWorld, folder: string): Promise<number> {
  // Today's open stretches would hold everything of today.
  const [console] = kadun.cluster.of("console");
  const sealed = await fetch(`${console!.url}/v1/proofs/seal`, { method: "POST" });
  expect({ status: sealed.status, body: await sealed.text() }).toMatchObject({ status: 200 });
  const args = ["archive", "trim", folder, "--keep-days", "0", "--json"];
  const { partitions } = await commandJson(kadun.cluster, ...args);
  let records = 0;
  for (const { partition, journal, decisions, heldBy } of partitions) {
    const { start } = await log.bounds(Topic.JOURNAL, partition);
    expect({ partition, start }).toEqual({ partition, start: journal.start });
    // The carrier stores every few seconds how far it is.
    expect(["archive", "carrier", "day proofs"]).toContain(heldBy);
    expect(Math.min(journal.removed, decisions.removed)).toBeGreaterThan(0);
    records += journal.removed;
  }
  return records;
}

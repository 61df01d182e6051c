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

const PROVEN_WITHIN_MS = 60_000;
const POLL_MS = 200;

/** A console reads all that there is and closes what is open: nothing goes that no day proof covers. */
async function proven(kadun: FaultWorld["kadun"]): Promise<void> {
  const console = await kadun.startRole("console");
  const asked = async (method: "GET" | "POST", path: string) => {
    const response = await fetch(new URL(path, console.url), { method });
    return response.ok ? ((await response.json()) as readonly { readonly lag: number | null }[]) : null;
  };
  const { partitions } = kadun.cluster.options;
  for (const endMs = performance.now() + PROVEN_WITHIN_MS; ; ) {
    const stands = await asked("GET", "/v1/proofs");
    if (stands?.length === partitions && stands.every(({ lag }) => lag !== null && lag < LAG_MAX)) break;
    if (performance.now() > endMs) throw new Error(`no proofs in time: ${JSON.stringify(stands)}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  expect(await asked("POST", "/v1/proofs/seal")).not.toBeNull();
  await kadun.stopRole(console);
}

/** A partition's last status records wait for something behind them. */
const LAG_MAX = 20;

/** @returns how many journal records went. */
export async function trimmed({ kadun, log }: FaultWorld, folder: string): Promise<number> {
  await proven(kadun);
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

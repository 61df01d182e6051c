/** The bundle in force as an ingest knows it: that of the highest activation that a partition took. */

import { beforeEach, describe, expect, test } from "@jest/globals";
import { BundleRegister } from "../../../cli/bundle-register.js";
import { ActivationRegister } from "../../../cli/distributed/activation-register.js";
import { BundleInForce } from "../../../cli/distributed/bundle-in-force.js";
import { MemoryEventLog } from "../../../platform/event-log/memory/memory-event-log.js";
import { MemoryLogWorld } from "../../../platform/event-log/memory/memory-log-world.js";
import { MemoryKeyValue } from "../../../platform/key-value/memory/memory-key-value.js";
import type { CanonicalActivation } from "../../../schemas/journal.js";
import { encodeBody } from "../../../schemas/log-body.js";
import { Topic } from "../../../schemas/topics.js";
import { changedBundle } from "../../detector/changed-bundle.js";
import { defaultBundle } from "../../support/judge.js";

const other = changedBundle({ ruleset: { rules: [{ id: "R14", params: { limitFen: 1_000 } }] } });
const [BASE, OTHER] = [defaultBundle.bundle.hash, other.bundle.hash];

function activation(sequence: number, bundleHash: string): CanonicalActivation {
  return { type: "activation", sequence, bundleHash, engineVersion: "2", publishedBy: ["A"] };
}

let world: MemoryLogWorld;
let activations: ActivationRegister;
let bundles: BundleRegister;
beforeEach(async () => {
  world = new MemoryLogWorld({ [Topic.JOURNAL]: 2 });
  for (const partition of [0, 1])
    world.append(Topic.JOURNAL, partition, [
      { key: "", value: encodeBody(activation(0, BASE)), header: new Uint8Array(0) },
    ]);
  activations = new ActivationRegister(new MemoryKeyValue());
  bundles = new BundleRegister(new MemoryKeyValue());
  await bundles.put(defaultBundle);
});

const open = () => BundleInForce.open({ log: new MemoryEventLog(world), bundles, activations });

describe("the bundle in force", () => {
  test("is the journal's first one where no partition is known to have taken another", async () => {
    const inForce = await open();
    expect(inForce.bundle.bundle.hash).toBe(BASE);
    expect(inForce.running(2)).toEqual([null, null]);
  });

  test("follows activations, the highest that any partition took, whoever writes late or again", async () => {
    await bundles.put(other);
    const inForce = await open();
    await activations.put(1, activation(10, OTHER));
    await inForce.reload();
    expect(inForce.bundle.bundle.hash).toBe(OTHER);
    expect(inForce.running(2)).toEqual([
      null,
      { sequence: 10, bundleHash: OTHER, shadowBundleHash: null, engineVersion: "2", publishedBy: ["A"] },
    ]);
    await activations.put(1, activation(9, BASE));
    await activations.put(0, activation(2, BASE));
    await inForce.reload();
    expect(inForce.bundle.bundle.hash).toBe(OTHER);
    expect(inForce.running(2).map((each) => each?.sequence)).toEqual([2, 10]);
  });

  test("is the running one for a process that starts later, also where the journal's beginning is gone", async () => {
    await bundles.put(other);
    await activations.put(0, activation(3, OTHER));
    world = new MemoryLogWorld({ [Topic.JOURNAL]: 2 });
    expect((await open()).bundle.bundle.hash).toBe(OTHER);
  });

  test("stays what it was while the next one cannot be loaded, and stops a start", async () => {
    const inForce = await open();
    await activations.put(0, activation(3, OTHER));
    await expect(inForce.reload()).rejects.toThrow(`activates bundle ${OTHER}`);
    expect(inForce.bundle.bundle.hash).toBe(BASE);
    await expect(open()).rejects.toThrow(`activates bundle ${OTHER}`);
    await bundles.put(other);
    await inForce.reload();
    expect(inForce.bundle.bundle.hash).toBe(OTHER);
  });
});

/** Activations in a live partition: what is answered, from which position on they count, and what a crash changes. */

import { describe, expect, test } from "@jest/globals";
import { crc32c } from "../../schemas/crc32c.js";
import type { CanonicalActivation, JournalRecord } from "../../schemas/journal.js";
import type { DecisionOutcome, LoggedOutcome } from "../../schemas/outcomes.js";
import { Topic } from "../../schemas/topics.js";
import type { DetectorBundle } from "../../services/detector/bundle.js";
import { Judge } from "../../services/detector/decide.js";
import type { DetectorOptions } from "../../services/detector/detector-options.js";
import { ENGINES, type Engine, type Engines } from "../../services/detector/engine.js";
import { ENGINE_VERSION } from "../../services/detector/outcome.js";
import { Partition } from "../../services/detector/partition.js";
import { loggedOutcomesOf } from "../../services/detector/taken.js";
import { defaultBundle } from "../support/judge.js";
import { firstActivation, goldenRecords, LiveWorld } from "../support/live-partition.js";
import { changedBundle } from "./changed-bundle.js";

const golden = goldenRecords().slice(1, 400);
const strict = changedBundle({
  ruleset: {
    rules: [
      { id: "R10", params: { totalFenMin: 0 } },
      { id: "R14", actions: { challenge: "reject" } },
    ],
  },
});
const BUNDLES: ReadonlyMap<string, DetectorBundle> = new Map(
  [defaultBundle, strict].map(({ bundle }) => [bundle.hash, bundle]),
);
const [BASE, STRICT] = [defaultBundle.bundle.hash, strict.bundle.hash];
const SMALL = { batchRecordsMax: 7, checkpointDirtyMax: 3, checkpointEveryMs: 0, tailRecords: 3 };

/** Decides as the current engine does and signs as another one. */
const secondEngine: Engine = (person, bundle, feeds) => {
  const judge = new Judge(person, bundle, feeds);
  return {
    activate: (inForce, draft) => judge.activate(inForce, draft),
    decide: (record, appendedAtMs) => {
      const outcomes = judge.decide(record, appendedAtMs);
      if ("refused" in outcomes) return outcomes;
      return outcomes.map((each) => (each.type === "decision" ? { ...each, engineVersion: SECOND } : each));
    },
  };
};
const SECOND = "second";
const TWO_ENGINES: Engines = new Map([...ENGINES, [SECOND, secondEngine]]);

const OPTIONS: Partial<DetectorOptions> = {
  bundles: { load: async (hash) => BUNDLES.get(hash) ?? null },
  engines: TWO_ENGINES,
  limits: SMALL,
};

function activation(sequence: number, fields: Partial<CanonicalActivation> = {}): CanonicalActivation {
  return {
    type: "activation",
    sequence,
    bundleHash: BASE,
    engineVersion: ENGINE_VERSION,
    publishedBy: ["first", "second"],
    ...fields,
  };
}

async function judged(records: readonly JournalRecord[]) {
  const world = new LiveWorld();
  world.append(records);
  await world.runToEnd(OPTIONS);
  return world;
}

function answersOf(world: LiveWorld): [offset: number, answer: LoggedOutcome][] {
  return world
    .decisions()
    .filter(({ outcome }) => outcome.type === "activated" || outcome.type === "refused")
    .filter(({ outcome }) => !("eventId" in outcome) || outcome.eventId === null)
    .map(({ position, outcome }) => [position.journalOffset, outcome]);
}

/** The journal judged by a partition without log and store. */
function folded(world: LiveWorld): LoggedOutcome[] {
  const partition = new Partition(defaultBundle.bundle, { bundles: BUNDLES, engines: TWO_ENGINES });
  let appendedAtMaxMs = 0;
  return world.journal().flatMap(({ offset, appendedAtMs, record }) => {
    appendedAtMaxMs = Math.max(appendedAtMaxMs, appendedAtMs);
    return loggedOutcomesOf(record, partition.take(record, offset, appendedAtMaxMs));
  });
}

const activated = (sequence: number, fields: object = {}) => ({
  type: "activated",
  sequence,
  bundleHash: BASE,
  shadowBundleHash: null,
  engineVersion: ENGINE_VERSION,
  ...fields,
});

describe("an activation", () => {
  test("is answered in its place: taken, the same again, a lower one, another of the same sequence", async () => {
    const world = await judged([
      firstActivation,
      golden[0]!,
      activation(5, { bundleHash: STRICT, shadowBundleHash: BASE }),
      golden[1]!,
      activation(5, { bundleHash: STRICT, shadowBundleHash: BASE, publishedBy: [] }),
      activation(4, { bundleHash: BASE }),
      activation(5, { bundleHash: STRICT }),
      activation(5, { bundleHash: BASE, shadowBundleHash: BASE }),
      activation(5, { bundleHash: STRICT, shadowBundleHash: BASE, engineVersion: SECOND }),
      activation(7),
    ]);
    const refused = (code: string, sequence: number) => ({
      type: "refused",
      eventId: null,
      personKey: null,
      code,
      sequence,
    });
    const fifth = activated(5, { bundleHash: STRICT, shadowBundleHash: BASE });
    expect(answersOf(world)).toEqual([
      [0, activated(0)],
      [2, fifth],
      [4, fifth],
      [5, refused("ACTIVATION_SUPERSEDED", 4)],
      [6, refused("ACTIVATION_CONFLICT", 5)],
      [7, refused("ACTIVATION_CONFLICT", 5)],
      [8, refused("ACTIVATION_CONFLICT", 5)],
      [9, activated(7)],
    ]);
    expect(world.decisions().map(({ outcome }) => outcome)).toEqual(folded(world));
  });

  test("counts from its position on, for bundle, draft and engine, and a replay says the same", async () => {
    const third = Math.floor(golden.length / 3);
    const world = await judged([
      firstActivation,
      ...golden.slice(0, third),
      activation(1, { bundleHash: STRICT, engineVersion: SECOND }),
      ...golden.slice(third, 2 * third),
      activation(2, { bundleHash: BASE, shadowBundleHash: STRICT }),
      ...golden.slice(2 * third),
    ]);
    const decided = world.decisions().filter(({ outcome }) => outcome.type === "decision");
    const said = decided.map(({ position, outcome }) => {
      const { bundleHash, engineVersion, shadowBundleHash } = outcome as DecisionOutcome;
      return [position.journalOffset, bundleHash, engineVersion, shadowBundleHash ?? null] as const;
    });
    const [first, second] = [1 + third, 2 + 2 * third];
    expect(said).toEqual(
      said.map(([offset]) =>
        offset < first
          ? [offset, BASE, ENGINE_VERSION, null]
          : offset < second
            ? [offset, STRICT, SECOND, null]
            : [offset, BASE, ENGINE_VERSION, STRICT],
      ),
    );
    expect(new Set(said.map(([, ...by]) => by.join())).size).toBe(3);
    expect(world.decisions().map(({ outcome }) => outcome)).toEqual(folded(world));
  });

  test("keeps bundle, draft and engine through every stop, and the windows of before", async () => {
    const records = [
      firstActivation,
      ...golden.slice(0, 90),
      activation(1, { bundleHash: STRICT, shadowBundleHash: BASE, engineVersion: SECOND }),
      ...golden.slice(90, 200),
    ];
    const stopped = new LiveWorld();
    for (let from = 0; from < records.length; from += 13) {
      stopped.append(records.slice(from, from + 13));
      const live = await stopped.runToEnd(OPTIONS);
      const isBefore = from + 13 <= 91;
      expect(live.running).toMatchObject(
        isBefore
          ? { sequence: 0, bundleHash: BASE, publishedBy: [] }
          : { sequence: 1, shadowBundleHash: BASE, engineVersion: SECOND, publishedBy: ["first", "second"] },
      );
    }
    expect(stopped.decisions().map(({ outcome }) => outcome)).toEqual(folded(stopped));
  });

  test("is answered once where a crash came between the append of its answer and the checkpoint", async () => {
    const whole = await judged([firstActivation, ...golden.slice(0, 20), activation(1), golden[20]!]);
    const held = whole.logs.read(Topic.DECISIONS, 0, 0, { recordsMax: 1e6, bytesMax: 1e9, waitMs: 0 });
    const at = held.findIndex(
      (_, index) => whole.decisions()[index]!.outcome.type === "activated" && index > 0,
    );
    for (const length of [at, at + 1]) {
      const crashed = new LiveWorld();
      crashed.append([firstActivation, ...golden.slice(0, 20), activation(1), golden[20]!]);
      crashed.logs.append(Topic.DECISIONS, 0, held.slice(0, length));
      await crashed.runToEnd(OPTIONS);
      expect(crashed.decisions()).toEqual(whole.decisions());
    }
  });

  test("that an earlier program took in and never answered stops nobody", async () => {
    const records = [firstActivation, ...golden.slice(0, 30), activation(1, { bundleHash: STRICT })];
    const now = await judged(records);
    const old = new LiveWorld();
    old.append(records);
    const held = now.logs.read(Topic.DECISIONS, 0, 0, { recordsMax: 1e6, bytesMax: 1e9, waitMs: 0 });
    const answered = held.filter((_, index) => now.decisions()[index]!.outcome.type !== "activated");
    old.logs.append(Topic.DECISIONS, 0, answered);
    const ownership = await now.store.acquire(0, "copy");
    const copy = await old.store.acquire(0, "copy");
    await copy.putPartition(asVersion1((await ownership.readPartition())!));
    const keys = [...new Set(golden.flatMap((each) => ("personKey" in each ? [each.personKey] : [])))];
    const values = await ownership.load(keys);
    await copy.put(keys.flatMap((key, index) => (values[index] ? [{ key, value: values[index]! }] : [])));
    old.append(golden.slice(30, 40));
    const live = await old.runToEnd(OPTIONS);
    expect(live.running).toMatchObject({ sequence: 1, bundleHash: STRICT, shadowBundleHash: null });
    expect(answersOf(old)).toEqual([]);
    old.append([activation(1, { bundleHash: STRICT })]);
    await old.runToEnd(OPTIONS);
    expect(answersOf(old).map(([, answer]) => answer)).toEqual([activated(1, { bundleHash: STRICT })]);
  });
});

/** The partition record as the program before wrote it. */
function asVersion1(stored: Uint8Array): Uint8Array {
  const state = JSON.parse(Buffer.from(stored).toString("utf8", 5));
  for (const field of ["shadowBundleHash", "engineVersion", "publishedBy"]) delete state[field];
  const json = Buffer.from(JSON.stringify(state));
  const bytes = Buffer.concat([Buffer.from([1, 0, 0, 0, 0]), json]);
  bytes.writeUInt32LE(crc32c(bytes, 5), 1);
  return bytes;
}

describe("a detector stops, loudly, at an activation", () => {
  test("of an engine that it does not carry, and when it begins with such a state", async () => {
    const world = new LiveWorld();
    world.append([firstActivation, golden[0]!, activation(1, { engineVersion: SECOND })]);
    await expect(world.runToEnd({ ...OPTIONS, engines: ENGINES })).rejects.toMatchObject({
      code: "ENGINE_UNKNOWN",
      message: expect.stringMatching(/partition 0, offset 2: engine second .* carries engine 2: install/),
    });
    await world.runToEnd(OPTIONS);
    await expect(world.runToEnd({ ...OPTIONS, engines: ENGINES })).rejects.toMatchObject({
      code: "ENGINE_UNKNOWN",
      message: expect.stringContaining("its state as of offset 2: engine second"),
    });
  });

  test("with a draft that is not stored", async () => {
    const world = new LiveWorld();
    world.append([firstActivation, activation(1, { shadowBundleHash: "0".repeat(64) })]);
    await expect(world.runToEnd(OPTIONS)).rejects.toMatchObject({ code: "BUNDLE_MISSING" });
  });
});

describe("a replay refuses an activation", () => {
  const taken = (fields: Partial<CanonicalActivation>) =>
    new Partition(defaultBundle.bundle, { bundles: BUNDLES }).take(activation(1, fields), 0, 0);

  test.each<[string, Partial<CanonicalActivation>, string]>([
    ["of a bundle that is not at hand", { bundleHash: "0".repeat(64) }, "BUNDLE_UNKNOWN"],
    ["with a draft that is not at hand", { shadowBundleHash: "0".repeat(64) }, "BUNDLE_UNKNOWN"],
    ["of an engine that is not carried", { engineVersion: SECOND }, "ENGINE_UNKNOWN"],
  ])("%s", (_title, fields, refused) => {
    expect(taken(fields)).toEqual({ refused, sequence: 1 });
  });
});

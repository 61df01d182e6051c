/** What a run of activations left is compared with its journal: whatever is not as it gives is found. */

import { expect, test } from "@jest/globals";
import type { Left } from "../../../bench/activations/target.js";
import { verdictOf } from "../../../bench/activations/verdict.js";
import { foldOf } from "../../../bench/sim/fold.js";
import { MemoryEventLog } from "../../../platform/event-log/memory/memory-event-log.js";
import { MemoryLogWorld } from "../../../platform/event-log/memory/memory-log-world.js";
import { MemoryStateStore } from "../../../platform/state-store/memory/memory-state-store.js";
import { MemoryStateWorld } from "../../../platform/state-store/memory/memory-state-world.js";
import type { CanonicalActivation, JournalRecord } from "../../../schemas/journal.js";
import { encodeBody, jsonOfBody } from "../../../schemas/log-body.js";
import { encodePosition, Topic } from "../../../schemas/topics.js";
import { ENGINE_VERSION } from "../../../services/detector/outcome.js";
import { acceptRecord } from "../../../services/ingest/accept.js";
import { ALL_ZERO_KEY, Tokeniser } from "../../../services/ingest/tokens.js";
import { changedBundle } from "../../detector/changed-bundle.js";
import { defaultBundle } from "../../support/judge.js";
import { rawSwipe } from "../../support/records.js";

const other = changedBundle({ ruleset: { rules: [{ id: "R14", params: { limitFen: 1_000 } }] } });
const [BASE, OTHER] = [defaultBundle.bundle, other.bundle];
const bundles = new Map([BASE, OTHER].map((bundle) => [bundle.hash, bundle]));
const NO_HEADER = new Uint8Array(0);
/** Where in the journal: the first activation is at 0, the second one at 3. */
const SECOND_ACTIVATION = 3;

function activation(sequence: number, bundleHash: string): CanonicalActivation {
  return { type: "activation", sequence, bundleHash, engineVersion: ENGINE_VERSION, publishedBy: [] };
}

function swipe(eventId: string): JournalRecord {
  const context = { tokens: new Tokeniser(ALL_ZERO_KEY), drugs: defaultBundle.drugs };
  return acceptRecord(rawSwipe({ eventId, personId: `P-${eventId}` }), context) as JournalRecord;
}

const records = [
  activation(0, BASE.hash),
  swipe("a"),
  swipe("b"),
  activation(1, OTHER.hash),
  // Sent again, and one that came too late: neither changes anything.
  activation(1, OTHER.hash),
  activation(0, BASE.hash),
  swipe("c"),
];

async function journalWorld(): Promise<MemoryLogWorld> {
  const world = new MemoryLogWorld({ [Topic.JOURNAL]: 1, [Topic.DECISIONS]: 1 });
  const producer = await new MemoryEventLog(world).producer(Topic.JOURNAL);
  await producer.append(
    0,
    records.map((record) => ({
      key: "personKey" in record ? record.personKey : "",
      value: encodeBody(record),
      header: NO_HEADER,
    })),
  );
  return world;
}

type Outcome = { journalOffset: number; sequence: number; body: Uint8Array };

async function left(
  change: { outcomes?: (all: Outcome[]) => Outcome[]; persons?: (all: Map<string, Uint8Array>) => void } = {},
): Promise<Left> {
  const log = new MemoryEventLog(await journalWorld());
  const reader = await log.reader(Topic.JOURNAL, 0, 0);
  const journal = await reader.read({ recordsMax: 100, bytesMax: 1_000_000, waitMs: 0 });
  const fold = foldOf(journal, bundles);
  const outcomes = change.outcomes?.([...fold.outcomes]) ?? fold.outcomes;
  const producer = await log.producer(Topic.DECISIONS);
  await producer.append(
    0,
    outcomes.map(({ journalOffset, sequence, body }) => ({
      key: "",
      value: body,
      header: encodePosition({ journalOffset, sequence }),
    })),
  );
  const store = new MemoryStateStore(new MemoryStateWorld());
  const persons = new Map(fold.persons);
  change.persons?.(persons);
  const owned = await store.acquire(0, "detector");
  await owned.put([...persons].map(([key, value]) => ({ key, value })));
  await owned.putPartition(fold.partitionRecord);
  return { log, store, close: async () => {} };
}

const expected = { partitions: 1, bundles, sequences: [0, 1], accepted: ["a", "b", "c"] };

function edited(body: Uint8Array, change: (text: string) => string): Uint8Array {
  return encodeBody(JSON.parse(change(jsonOfBody(body))));
}

test("a run that is as its journal gives has no findings, and repeats in the decisions log are none", async () => {
  const whole = await verdictOf(await left(), expected);
  expect(whole).toEqual({
    findings: [],
    swipes: 3,
    decisions: 3,
    decisionsBy: { 0: 2, 1: 1 },
    decisionsWithShadow: 0,
    persons: 3,
  });
  const repeated = await left({ outcomes: (all) => [...all, ...all.slice(1)] });
  expect((await verdictOf(repeated, expected)).findings).toEqual([]);
});

test.each<[string, Parameters<typeof left>[0], RegExp]>([
  [
    "a decision by the bundle before",
    {
      outcomes: (all) =>
        all.map((each) =>
          each.journalOffset > SECOND_ACTIVATION + 2
            ? { ...each, body: edited(each.body, (text) => text.replaceAll(OTHER.hash, BASE.hash)) }
            : each,
        ),
    },
    /^partition 0: offset 6 was not judged by activation 1$/,
  ],
  [
    "a lost decision",
    { outcomes: (all) => all.filter(({ journalOffset }) => journalOffset !== 2) },
    /^swipe b was accepted and has 0 decisions$/,
  ],
  [
    "a body of another content",
    {
      outcomes: (all) =>
        all.map((each) =>
          each.journalOffset === 1
            ? { ...each, body: edited(each.body, (text) => text.replace('"approve"', '"review"')) }
            : each,
        ),
    },
    /^partition 0: outcome 1 of \d+ is not what its journal gives$/,
  ],
  [
    "a person whose last swipe is missing",
    { persons: (all) => all.delete([...all.keys()][0]!) },
    /^partition 0: 2 persons are stored, 3 are known$/,
  ],
  [
    "a person of another content",
    {
      persons: (all) => {
        const [one, two] = [...all.keys()];
        all.set(one!, all.get(two!)!);
      },
    },
    /^partition 0: the record of person [0-9a-f]{32} is not what the journal gives$/,
  ],
])("%s is found", async (_, change, finding) => {
  const { findings } = await verdictOf(await left(change), expected);
  expect(findings).toContainEqual(expect.stringMatching(finding));
});

test("a journal without one of the activations is found", async () => {
  const { findings } = await verdictOf(await left(), { ...expected, sequences: [0, 1, 2] });
  expect(findings).toEqual(["partition 0: its journal takes the activations 0,1"]);
});

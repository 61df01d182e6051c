/** Swipes judged where they lie and decisions written as bytes are the same as records and outcomes that are objects. */

import { describe, expect, test } from "@jest/globals";
import type { LoadedBundle } from "../../../cli/bundle-files.js";
import { crc32c } from "../../../platform/checksum/crc32c.js";
import { parseInstantMs } from "../../../schemas/instant.js";
import { canonicalSwipe, type JournalRecord } from "../../../schemas/journal.js";
import { encodeBody } from "../../../schemas/log-body.js";
import { readRecord } from "../../../services/detector/journal-reading.js";
import { ENGINE_VERSION } from "../../../services/detector/outcome.js";
import { Partition } from "../../../services/detector/partition.js";
import { DecisionWriter } from "../../../services/detector/swipe-bytes/decision-writer.js";
import { SwipeBytes } from "../../../services/detector/swipe-bytes/swipe-bytes.js";
import { Field } from "../../../services/detector/swipe-bytes/swipe-fields.js";
import { loggedOutcomesOf } from "../../../services/detector/taken.js";
import { acceptText, isRefusal } from "../../../services/ingest/accept.js";
import { ALL_ZERO_KEY, Tokeniser } from "../../../services/ingest/tokens.js";
import { goldenJournal } from "../../../tools/golden-outcomes.js";
import { scenario } from "../../oracle/scenarios.js";
import { defaultBundle } from "../../support/judge.js";
import { changedBundle } from "../changed-bundle.js";

const DRAFT = changedBundle({
  ruleset: {
    rules: [
      { id: "R13", params: { totalFenMin: 0 } },
      { id: "R14", params: { limitFen: 2_000, sharePercentMin: 1, countMin: 2, sumPercentMin: 100 } },
    ],
  },
});
const place = new SwipeBytes();
const writer = new DecisionWriter();

function recordsOf(lines: readonly string[], { drugs }: LoadedBundle): JournalRecord[] {
  const context = { tokens: new Tokeniser(ALL_ZERO_KEY), drugs };
  return lines.map((line) => acceptText(line, context)).filter((each) => !isRefusal(each)) as JournalRecord[];
}

/** Bodies of what comes of the records, and what is kept of the persons. */
function judged(records: readonly JournalRecord[], take: Take) {
  const bundles = new Map([defaultBundle, DRAFT].map(({ bundle }) => [bundle.hash, bundle]));
  const partition = new Partition(defaultBundle.bundle, { bundles });
  const bodies = records.flatMap((record, offset) => take(partition, record, offset));
  const persons = [...partition.personKeys()].map((key) =>
    Buffer.from(partition.personBytesOf(key)).toString("base64"),
  );
  return { bodies, persons };
}

type Take = (partition: Partition, record: JournalRecord, offset: number) => string[];

const asObjects: Take = (partition, record, offset) =>
  loggedOutcomesOf(record, partition.take(record, offset, momentOf(record))).map(bodyOf);

function asBytes(left: JournalRecord[]): Take {
  return (partition, record, offset) => {
    const value = encodeBody(record, crc32c);
    const read = readRecord(place, { key: "", value, header: NOTHING, offset, appendedAtMs: 0 });
    if (!(read instanceof SwipeBytes)) {
      left.push(read);
      return asObjects(partition, read, offset);
    }
    const taken = partition.takeSwipe(read, read.personWords, offset, momentOf(record));
    if (!("decided" in taken)) return loggedOutcomesOf(read, taken).map(bodyOf);
    writer.write(taken, read);
    return [writer.source.bytes.toString("base64", writer.start, writer.end)];
  };
}

const NOTHING = new Uint8Array(0);

function bodyOf(outcome: Parameters<typeof encodeBody>[0]): string {
  return Buffer.from(encodeBody(outcome, crc32c)).toString("base64");
}

function momentOf(record: JournalRecord): number {
  const { receivedAt, occurredAt } = record as { receivedAt?: string; occurredAt?: string };
  return parseInstantMs(receivedAt ?? occurredAt ?? "2026-01-01T00:00:00.000+08:00");
}

const IN_SHADOW: JournalRecord = {
  type: "activation",
  sequence: 1,
  bundleHash: defaultBundle.bundle.hash,
  shadowBundleHash: DRAFT.bundle.hash,
  engineVersion: ENGINE_VERSION,
  publishedBy: [],
};

describe("the same outcomes and persons, byte for byte", () => {
  test("of the golden journal, whose swipes are nearly all judged where they lie", () => {
    const records = recordsOf(goldenJournal(), defaultBundle);
    const left: JournalRecord[] = [];
    expect(judged(records, asBytes(left))).toEqual(judged(records, asObjects));
    const swipes = records.filter(({ type }) => type === "swipe").length;
    const swipesLeft = left.filter(({ type }) => type === "swipe").length;
    expect(swipes).toBeGreaterThan(500);
    expect(swipesLeft).toBeLessThan(swipes / 20);
  });

  test("of scenarios with a draft in shadow", () => {
    let drafted = 0;
    for (let seed = 1; seed <= 40; seed++) {
      const lines = scenario(seed, { murky: true }).map((raw) => JSON.stringify(raw));
      const records = [IN_SHADOW, ...recordsOf(lines, defaultBundle)];
      const objects = judged(records, asObjects);
      expect({ seed, ...judged(records, asBytes([])) }).toEqual({ seed, ...objects });
      drafted += objects.bodies.filter((body) => Buffer.from(body, "base64").includes('"draft":true')).length;
    }
    expect(drafted).toBeGreaterThan(100);
  });
});

test("every field of a canonical swipe is known where it lies", () => {
  expect(Object.keys(Field).sort()).toEqual(Object.keys(canonicalSwipe.shape).sort());
});

describe("is left to the slow path", () => {
  const [swipe] = recordsOf(goldenJournal(), defaultBundle).filter(({ type }) => type === "swipe");
  const read = (record: object) => {
    const value = encodeBody(record as JournalRecord, crc32c);
    return readRecord(place, { key: "", value, header: NOTHING, offset: 0, appendedAtMs: 0 });
  };

  test.each([
    ["an escape", { eventId: 'say "when"' }],
    ["an eventId beyond ASCII", { eventId: "刷卡-1" }],
    ["a number with an exponent", { longitude: 1e-7 }],
    ["a field that is not known", { extra: 1 }],
    ["a field that is missing", { totalFen: undefined }],
  ])("%s", (_, fields) => {
    expect(read({ ...swipe })).toBe(place);
    expect(read({ ...swipe, ...fields })).toEqual(JSON.parse(JSON.stringify({ ...swipe, ...fields })));
  });

  test("another order of keys", () => {
    const reversed = { type: "swipe", ...Object.fromEntries(Object.entries(swipe!).reverse()) };
    expect(read(reversed)).toEqual(swipe);
  });
});

test("a body that is not what was sealed is refused", () => {
  const [record] = recordsOf(goldenJournal(), defaultBundle).filter(({ type }) => type === "swipe");
  const value = encodeBody(record!, crc32c);
  value[40]! ^= 1;
  expect(() => readRecord(place, { key: "", value, header: NOTHING, offset: 0, appendedAtMs: 0 })).toThrow(
    "fails its CRC32C",
  );
});

/**
 * What a person is and what moves of it does not depend on where the logs have it: over any number of partitions, and
 * in a replay on one, the same records give the same outcomes and the same bytes.
 */

import { describe, expect, test } from "@jest/globals";
import type { LoggedOutcome, Outcome } from "../../../schemas/outcomes.js";
import { Person } from "../../../services/detector/person/person.js";
import { standaloneRecord } from "../../../services/detector/person/record-codec.js";
import { judgeLines } from "../../support/judge.js";
import { keyOf, MovingWorld } from "../../support/moving-world.js";
import fc from "../../support/properties.js";
import { at, MINUTE_MS, rawFact, rawStatus, rawSwipe, START_MS } from "../../support/records.js";

const RUNS = Number(process.env.KADUN_MOVED_BYTES ?? 8);
const PARTITION_COUNTS = [1, 4, 24];
/** 8 runs take some 5 s alone, and much more on a busy machine. */
const TIME_LIMIT_MS = 180_000;

type Raw = Record<string, unknown>;

interface Drawn {
  readonly does: "link" | "swipe" | "authorize" | "report" | "replace" | "fact" | "again";
  readonly number: number;
  readonly other: number;
}

const drawnOf = (count: number): fc.Arbitrary<Drawn> =>
  fc.record({
    does: fc.constantFrom(
      "link",
      "link",
      "swipe",
      "swipe",
      "authorize",
      "report",
      "replace",
      "fact",
      "again",
    ),
    number: fc.nat({ max: count - 1 }),
    other: fc.nat({ max: count - 1 }),
  });

/** Histories of persons whose numbers are linked at random, in chains and in rings; more than a record remembers, too. */
const history = (countMax: number) =>
  fc.integer({ min: 3, max: countMax }).chain((count) =>
    fc.record({
      salt: fc.nat({ max: 1_000_000 }),
      drawn: fc.array(drawnOf(count), { minLength: 2 * count, maxLength: 3 * count }),
      isUnaware: fc.array(fc.boolean(), { minLength: 3 * count, maxLength: 3 * count }),
    }),
  );

type History = ReturnType<typeof history> extends fc.Arbitrary<infer Value> ? Value : never;

const numberOf = ({ salt }: Pick<History, "salt">, index: number) => `B${salt}-${index}`;

function recordsOf({ salt, drawn }: History): Raw[] {
  const records: Raw[] = [];
  for (const [index, { does, number, other }] of drawn.entries()) {
    const occurredAt = at(START_MS + index * 7 * MINUTE_MS);
    const head = { eventId: `e-${index}`, occurredAt, personId: numberOf({ salt }, number) };
    const card = { cardNumber: `CARD-${other % 5}`, region: "330100" };
    const raw = rawOf(does, head, card, numberOf({ salt }, other), records.at(-3));
    records.push(raw.type === "person-link" ? raw : { ...raw, receivedAt: raw.occurredAt });
  }
  return records;
}

function rawOf(does: Drawn["does"], head: Raw, card: Raw, otherId: string, earlier: Raw | undefined): Raw {
  switch (does) {
    case "link": {
      const { personId, ...message } = head;
      if (personId === otherId) return rawSwipe(head);
      return { type: "person-link", ...message, personId: otherId, formerPersonId: personId };
    }
    case "swipe":
      return rawSwipe({ ...head, cardNumber: card.cardNumber, pin: "wrong" });
    case "authorize":
      return rawSwipe({ ...head, cardNumber: card.cardNumber, kind: "authorize" });
    case "report":
      return rawStatus({ ...head, ...card });
    case "replace":
      return rawStatus({ ...head, ...card, action: "replace", newCardNumber: `${card.cardNumber}-NEW` });
    case "fact":
      return rawFact(head);
    case "again":
      return earlier ?? rawSwipe(head);
  }
}

/** A record without the places of logs that it keeps for its own partition. */
function bytesOf(stored: Uint8Array, keys: readonly string[]): string {
  const person = new Person(standaloneRecord(stored));
  person.record.setIncludesOffset(-1);
  for (const key of keys) if (person.links.knowsSender(key)) person.links.setLastOffset(key, -1);
  return Buffer.from(person.record.toBytes()).toString("base64");
}

interface Came {
  /** By key, in order. */
  readonly outcomes: Readonly<Record<string, readonly string[]>>;
  readonly persons: Readonly<Record<string, string>>;
}

/** Repeats name no key: they come in the order of the partitions. */
const NO_KEY = "";

type Each = Outcome | LoggedOutcome;

function byKey(outcomes: readonly Each[]): Record<string, string[]> {
  const bodies: Record<string, string[]> = {};
  for (const outcome of outcomes) {
    const key = "personKey" in outcome ? (outcome.personKey ?? NO_KEY) : NO_KEY;
    bodies[key] ??= [];
    bodies[key]!.push(JSON.stringify(outcome));
  }
  bodies[NO_KEY]?.sort();
  return bodies;
}

interface Live {
  readonly partitionCount: number;
  readonly isUnaware?: (index: number) => boolean;
  readonly counts?: (outcome: Each) => boolean;
}

/** Everything on its way has come before the next record is sent. */
async function lived(records: readonly Raw[], keys: readonly string[], live: Live): Promise<Came> {
  const world = await MovingWorld.begin(live.partitionCount);
  for (const [index, raw] of records.entries()) {
    await (live.isUnaware?.(index) === true ? world.sendUnaware([raw]) : world.send([raw]));
    await world.settle();
  }
  const outcomes = world.partitions().flatMap((partition) => world.outcomes(partition));
  const known = keys.flatMap((key) => {
    const stored = world.person(key);
    return stored === null ? [] : [[key, bytesOf(stored, keys)] as const];
  });
  const persons = Object.fromEntries(known);
  return { outcomes: byKey(outcomes.filter(live.counts ?? isPrinted)), persons };
}

function replayed(records: readonly Raw[], keys: readonly string[], counts = isPrinted): Came {
  const { judged, run } = judgeLines(records.map((raw) => JSON.stringify(raw)));
  const outcomes = judged.flatMap(({ outcome }) => ("type" in outcome ? [outcome] : []));
  const known = new Set(run.partition.personKeys());
  const persons = keys.flatMap((key) =>
    known.has(key) ? [[key, bytesOf(run.partition.personBytesOf(key), keys)] as const] : [],
  );
  return { outcomes: byKey(outcomes.filter(counts)), persons: Object.fromEntries(persons) };
}

/** A replay prints refused lines elsewhere, and needs no activation. */
const isPrinted = ({ type }: Each) => type !== "refused" && type !== "activated";
const EFFECTIVE = ["decision", "revision", "transition", "person-moved", "person-merged"];
const isEffective = ({ type }: Each) => EFFECTIVE.includes(type);

function keysOf(drawn: History): string[] {
  const numbers = drawn.drawn.flatMap(({ number, other }) => [number, other]);
  return [...new Set(numbers)].map((index) => keyOf(numberOf(drawn, index)));
}

describe("links of any shape, each settled before the next record", () => {
  test(
    "give the same bodies and persons over 1, 4 and 24 partitions as in a replay on one",
    async () => {
      let moves = 0;
      await fc.assert(
        fc.asyncProperty(history(12), async (drawn) => {
          const records = recordsOf(drawn);
          const keys = keysOf(drawn);
          const expected = replayed(records, keys);
          moves += JSON.stringify(expected.outcomes).split("person-moved").length - 1;
          for (const partitionCount of PARTITION_COUNTS)
            expect(await lived(records, keys, { partitionCount })).toEqual(expected);
        }),
        { numRuns: RUNS },
      );
      expect(moves).toBeGreaterThan(2 * RUNS);
    },
    TIME_LIMIT_MS,
  );

  test(
    "and what moves is the same whether gateways have heard of moves or go by the signposts",
    async () => {
      await fc.assert(
        fc.asyncProperty(history(6), async (drawn) => {
          const records = recordsOf(drawn);
          const keys = keysOf(drawn);
          const expected = replayed(records, keys, isEffective);
          const isUnaware = (index: number) => drawn.isUnaware[index]!;
          const live = { partitionCount: 4, isUnaware, counts: isEffective };
          expect((await lived(records, keys, live)).outcomes).toEqual(expected.outcomes);
        }),
        { numRuns: RUNS },
      );
    },
    TIME_LIMIT_MS,
  );
});

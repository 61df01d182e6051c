/** The golden journal gives the golden outcomes: twice, in any interleaving of persons, without personal data. */

import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { OUTCOME_SCHEMAS, type Outcome } from "../../schemas/outcomes.js";
import { ENGINE_VERSION } from "../../services/detector/outcome.js";
import { ALL_ZERO_KEY, Tokeniser } from "../../services/ingest/tokens.js";
import { type GoldenHeader, goldenFiles, goldenJournal, goldenOf } from "../../tools/golden-outcomes.js";
import { type Random, seededRandom } from "../oracle/scenario-random.js";
import { defaultBundle } from "../support/judge.js";

const REWRITE =
  "outcomes changed: if they should, raise ENGINE_VERSION in services/detector/outcome.ts and run 'npm run golden'";
const journal = goldenJournal();
const golden = goldenOf(journal, defaultBundle);
const stored = JSON.parse(readFileSync(goldenFiles.header, "utf8")) as GoldenHeader;
const storedLines = readFileSync(goldenFiles.outcomes, "utf8").trimEnd().split("\n");

/** The first lines that differ: the rest follows from them. */
const DIFFERENCES_SHOWN = 10;

function differences(actual: readonly string[], expected: readonly string[]): string[] {
  const found: string[] = [];
  for (let index = 0; index < Math.max(actual.length, expected.length); index++)
    if (actual[index] !== expected[index])
      found.push(`outcome ${index + 1}: ${actual[index]} instead of ${expected[index]}`);
  return found.slice(0, DIFFERENCES_SHOWN);
}

describe("the golden outcomes", () => {
  test("are what the judge says today", () => {
    expect({ differences: differences(golden.lines, storedLines), REWRITE }).toEqual({
      differences: [],
      REWRITE,
    });
  });

  test("belong to this engine and bundle, byte for byte", () => {
    expect({ ...golden.header, REWRITE }).toEqual({ ...stored, REWRITE });
    expect(stored.engineVersion).toBe(ENGINE_VERSION);
  });

  test("come again on a second run", () => {
    expect(goldenOf(journal, defaultBundle)).toEqual(golden);
  });

  test("have the documented shape and survive JSON", () => {
    for (const outcome of golden.outcomes) {
      const parsed: unknown = JSON.parse(JSON.stringify(outcome));
      expect(parsed).toEqual(outcome);
      expect(OUTCOME_SCHEMAS[outcome.type].strict().safeParse(parsed).error).toBeUndefined();
    }
  });
});

// interleaving -----------------------------------------------------------------------------------------

interface RawLine {
  readonly text: string;
  /** Whose record it is; null for heartbeats, activations and what is refused. */
  readonly person: string | null;
}

function rawLines(): RawLine[] {
  const holders = linkedPersons();
  const holderOf = (person: string): string => {
    const next = holders.get(person);
    return next === undefined ? person : holderOf(next);
  };
  return journal.map((text) => {
    const person = personOf(text);
    return { text, person: person === null ? null : holderOf(person) };
  });
}

/** Former key → key: what comes under one number may touch the other. A link that would close a ring moves nobody. */
function linkedPersons(): Map<string, string> {
  const links = new Map<string, string>();
  for (const text of journal.filter((line) => line.startsWith('{"type":"person-link"'))) {
    const { formerPersonId, personId } = JSON.parse(text) as { formerPersonId: string; personId: string };
    const [former, to] = [tokens.token(formerPersonId), tokens.token(personId)];
    let holder: string | undefined = to;
    while (holder !== undefined && holder !== former) holder = links.get(holder);
    if (holder === undefined && !links.has(former)) links.set(former, to);
  }
  return links;
}

const tokens = new Tokeniser(ALL_ZERO_KEY);

/** The person's key: feedback names only that. */
function personOf(text: string): string | null {
  try {
    const record = JSON.parse(text) as { personId?: string; personKey?: string };
    return record.personId === undefined ? (record.personKey ?? null) : tokens.token(record.personId);
  } catch {
    return null;
  }
}

/**
 * Each person's records in their order, persons interleaved at random; what concerns everybody (heartbeats,
 * activations) stays where it is.
 */
function interleaved(lines: readonly RawLine[], random: Random): string[] {
  const shuffled: string[] = [];
  let block: RawLine[] = [];
  const flush = () => {
    shuffled.push(...interleavedBlock(block, random));
    block = [];
  };
  for (const line of lines) {
    if (line.person !== null) {
      block.push(line);
      continue;
    }
    flush();
    shuffled.push(line.text);
  }
  flush();
  return shuffled;
}

function interleavedBlock(block: readonly RawLine[], random: Random): string[] {
  const queues = new Map<string, string[]>();
  for (const { person, text } of block) queues.set(person!, [...(queues.get(person!) ?? []), text]);
  const left = [...queues.values()];
  const shuffled: string[] = [];
  while (left.length > 0) {
    const index = random.integer(0, left.length - 1);
    shuffled.push(left[index]!.shift()!);
    if (left[index]!.length === 0) left.splice(index, 1);
  }
  return shuffled;
}

/** The printed outcomes of each person, in order. */
function byPerson(outcomes: readonly Outcome[]): Map<string, string> {
  const persons = new Map<string, string>();
  for (const outcome of outcomes) {
    const key = "personKey" in outcome ? outcome.personKey : (outcome.decisionId?.slice(0, 12) ?? "");
    persons.set(key, `${persons.get(key) ?? ""}${JSON.stringify(outcome)}\n`);
  }
  return persons;
}

describe("each person's outcomes are the same", () => {
  const lines = rawLines();
  const expected = byPerson(golden.outcomes.filter(hasPerson));

  test.each([1, 2, 3, 4, 5])("however the records of different persons are interleaved (seed %i)", (seed) => {
    const shuffled = interleaved(lines, seededRandom(seed));
    expect(shuffled).not.toEqual(journal);
    expect([...shuffled].sort()).toEqual([...journal].sort());
    const found = byPerson(goldenOf(shuffled, defaultBundle).outcomes.filter(hasPerson));
    expect(found.size).toBe(expected.size);
    for (const [person, text] of expected) expect(found.get(person)).toBe(text);
  });
});

/** A repeated status record's line names no person. */
function hasPerson(outcome: Outcome): boolean {
  return outcome.type !== "duplicate" || outcome.decisionId !== null;
}

// personal data ----------------------------------------------------------------------------------------

test("no outcome contains a person's, card's or agent's number", () => {
  const identities = new Set<string>();
  const collect = (value: unknown, field: string) => {
    if (typeof value === "object" && value !== null)
      for (const [name, inner] of Object.entries(value)) collect(inner, name);
    else if (typeof value === "string" && PERSONAL.includes(field)) identities.add(value);
  };
  for (const text of journal) if (personOf(text) !== null) collect(JSON.parse(text), "");
  const printed = golden.outcomes.map((outcome) => JSON.stringify(outcome)).join("\n");
  expect(identities.size).toBeGreaterThan(50);
  // Four characters of a card number are shown on purpose; no identity is that short.
  expect(
    [...identities].filter((identity) => identity.length <= 4 || printed.includes(`"${identity}`)),
  ).toEqual([]);
  const fields = new Set([...printed.matchAll(/"([A-Za-z]+)":/g)].map(([, field]) => field));
  expect(PERSONAL.filter((field) => fields.has(field))).toEqual([]);
});

const PERSONAL = ["personId", "formerPersonId", "cardNumber", "newCardNumber", "agentId", "agent"];

/**
 * A seeded city's lines, and on which way each person's come: over HTTP, through the raw topics in their order, or
 * through the raw topics shuffled and doubled.
 *
 * 1. All lines of a person go one way. Between two raw topics there is no order: who goes that way in order has swipes
 *    alone.
 */

import { createHash } from "node:crypto";
import { generateCity } from "../../bench/city/city.js";
import { feedLineOf } from "../../bench/load/feed-line.js";
import type { FeedLine } from "../../bench/load/feeder.js";
import type { CityPerson } from "../../cli/demo/city-people.js";

/** Who is apart is compared by the test that sent it. */
export type Way = "http" | "raw" | "shuffled" | "apart";

export interface CityFeedLine extends FeedLine {
  readonly eventId: string;
  readonly way: Way;
}

export interface CityLines {
  readonly lines: readonly CityFeedLine[];
  readonly people: readonly CityPerson[];
}

/** Of ten persons, two go each of the other ways where they can. */
const TENTHS: readonly Way[] = ["raw", "raw", "shuffled", "shuffled"];

export function cityLines(options: {
  readonly seed: number;
  readonly persons: number;
  readonly days: number;
}): CityLines {
  const lines: CityFeedLine[] = [];
  const victims = new Map<string, boolean>();
  const others = new Set<string>();
  for (const { raw, label } of generateCity(options)) {
    const { eventId } = raw;
    const line = feedLineOf(JSON.stringify(raw));
    const { personId } = line;
    victims.set(personId, victims.get(personId) === true || label.incident !== undefined);
    if (line.type !== "swipe") others.add(personId);
    lines.push({ ...line, eventId, way: "http" });
  }
  const wayOf = (personId: string): Way => {
    const way = TENTHS[createHash("sha256").update(personId).digest().readUInt32LE(0) % 10] ?? "http";
    return way === "raw" && others.has(personId) ? "http" : way;
  };
  return {
    lines: lines.map((line) => ({ ...line, way: wayOf(line.personId) })),
    people: [...victims].map(([personId, isVictim]) => ({ personId, isVictim })),
  };
}

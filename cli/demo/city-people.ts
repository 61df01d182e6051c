/** Who lives in a written city, and whom something was planted on. */

import { createReadStream } from "node:fs";
import { createInterface } from "node:readline/promises";
import type { CityLabel } from "../../bench/city/labels.js";

export interface CityPerson {
  readonly personId: string;
  /** An incident was planted on the person. */
  readonly isVictim: boolean;
}

export async function readLabels(path: string): Promise<Map<string, CityLabel>> {
  const labels = new Map<string, CityLabel>();
  for await (const text of linesOf(path)) {
    const { eventId, ...label } = JSON.parse(text) as CityLabel & { eventId: string };
    labels.set(eventId, label);
  }
  return labels;
}

/** Everybody with a line, in order of the first one. */
export async function readPeople(
  rawPath: string,
  labels: ReadonlyMap<string, CityLabel>,
): Promise<CityPerson[]> {
  const victims = new Map<string, boolean>();
  for await (const text of linesOf(rawPath)) {
    const { eventId, personId } = JSON.parse(text) as { eventId: string; personId: string };
    const isVictim = labels.get(eventId)?.incident !== undefined;
    victims.set(personId, isVictim || victims.get(personId) === true);
  }
  return [...victims].map(([personId, isVictim]) => ({ personId, isVictim }));
}

export function linesOf(path: string): AsyncIterable<string> {
  return createInterface({ input: createReadStream(path, { highWaterMark: 1 << 18 }) });
}

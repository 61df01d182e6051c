/** What the decisions log says, against what was sent: nothing lost, doubled or changed. */

import { Tokeniser } from "../../services/ingest/tokens.js";
import type { CityFeedLine, Way } from "./city-lines.js";
import type { EffectiveOutcome } from "./partition-check.js";

/** Each swipe that was taken has one decision, however often and in whatever order it came. */
export function onceFindings(
  sent: readonly CityFeedLine[],
  effective: readonly EffectiveOutcome[],
): string[] {
  const counts = new Map<string, number>();
  for (const { type, eventId } of sent) if (type === "swipe") counts.set(eventId, 0);
  const findings: string[] = [];
  for (const { type, eventId } of effective) {
    if (type !== "decision") continue;
    const count = counts.get(eventId);
    if (count === undefined) findings.push(`a decision of ${eventId}, which nobody sent`);
    else counts.set(eventId, count + 1);
  }
  for (const [eventId, count] of counts)
    if (count !== 1) findings.push(`swipe ${eventId} has ${count} effective decisions`);
  return findings;
}

/** Per person who came in order: the bodies are those of a replay, byte for byte; repeats are not compared. */
export function replayFindings(
  replayed: readonly string[],
  sent: readonly CityFeedLine[],
  effective: readonly EffectiveOutcome[],
  linkageKey: Buffer,
): string[] {
  const tokens = new Tokeniser(linkageKey);
  const others = new Set(
    sent.filter(({ way }) => !isInOrder(way)).map(({ personId }) => tokens.token(personId)),
  );
  const expected = byPerson(
    replayed.map((json) => ({ ...(JSON.parse(json) as { type: string; personKey: string }), json })),
  );
  const found = byPerson(effective.filter(({ personKey }) => !others.has(personKey)));
  const findings: string[] = [];
  for (const personKey of new Set([...expected.keys(), ...found.keys()])) {
    const [wanted, got] = [expected.get(personKey) ?? [], found.get(personKey) ?? []];
    const at = wanted.findIndex((json, index) => got[index] !== json);
    if (at >= 0 || wanted.length !== got.length)
      findings.push(
        `person ${personKey}: ${got.length} outcomes, ${wanted.length} in a replay; first difference:\n` +
          `  expected ${wanted[at] ?? "none"}\n  found    ${got[at < 0 ? wanted.length : at] ?? "none"}`,
      );
  }
  return findings;
}

/** Whose outcomes are all known from the order in which their lines were sent, each under its own number. */
export function isInOrder(way: Way): boolean {
  return way === "http" || way === "raw";
}

function byPerson(
  outcomes: readonly { readonly type: string; readonly personKey: string; readonly json: string }[],
): Map<string, string[]> {
  const bodies = new Map<string, string[]>();
  for (const { type, personKey, json } of outcomes) {
    if (type === "duplicate" || type === "activated") continue;
    const list = bodies.get(personKey) ?? [];
    list.push(json);
    bodies.set(personKey, list);
  }
  return bodies;
}

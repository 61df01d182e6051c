/** What differs between an undisturbed run and another one: lost, doubled, changed. */

import type { Made } from "./made.js";

export function differencesOf(undisturbed: Made, other: Made): string[] {
  return [
    ...outcomeDifferences(undisturbed.outcomes, other.outcomes),
    ...rowDifferences("alert", undisturbed.alerts, other.alerts),
    ...rowDifferences("case", undisturbed.cases, other.cases),
    ...rowDifferences("SMS of the ledger", undisturbed.smsRows, other.smsRows),
    ...bagDifferences("SMS of the outbox", undisturbed.smsLines, other.smsLines),
  ];
}

function outcomeDifferences(
  expected: ReadonlyMap<string, readonly string[]>,
  found: ReadonlyMap<string, readonly string[]>,
): string[] {
  const differences: string[] = [];
  for (const personKey of new Set([...expected.keys(), ...found.keys()])) {
    const wanted = expected.get(personKey) ?? [];
    const got = found.get(personKey) ?? [];
    const at = firstDifference(wanted, got);
    if (at !== null)
      differences.push(
        `person ${personKey}, outcome ${at + 1} of ${wanted.length} (found ${got.length}):\n` +
          `  expected ${wanted[at] ?? "none"}\n  found    ${got[at] ?? "none"}`,
      );
  }
  return differences;
}

function firstDifference(wanted: readonly string[], got: readonly string[]): number | null {
  for (let at = 0; at < Math.max(wanted.length, got.length); at++) if (wanted[at] !== got[at]) return at;
  return null;
}

function rowDifferences(
  what: string,
  expected: ReadonlyMap<string, string>,
  found: ReadonlyMap<string, string>,
): string[] {
  const differences: string[] = [];
  for (const id of new Set([...expected.keys(), ...found.keys()])) {
    const [wanted, got] = [expected.get(id), found.get(id)];
    if (wanted === undefined) differences.push(`${what} ${id} is too many: ${got}`);
    else if (got === undefined) differences.push(`${what} ${id} is lost: ${wanted}`);
    else if (wanted !== got)
      differences.push(`${what} ${id} differs:\n  expected ${wanted}\n  found    ${got}`);
  }
  return differences;
}

/** The same lines equally often, in any order. */
function bagDifferences(what: string, expected: readonly string[], found: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const line of expected) counts.set(line, (counts.get(line) ?? 0) + 1);
  for (const line of found) counts.set(line, (counts.get(line) ?? 0) - 1);
  return [...counts].flatMap(([line, count]) =>
    count === 0 ? [] : [`${what}: ${count > 0 ? `${count} lost` : `${-count} too many`}: ${line}`],
  );
}

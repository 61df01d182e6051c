/**
 * What differs between two bundles, value by value. Knows them as documents: lists whose entries have an `id` (rules, rows of
 * loss policies) are compared entry by entry, lists of different texts as sets, all other lists whole.
 */

import type { Change } from "../../schemas/http/rules.js";

/** @param before, after JSON values. @returns nothing exactly where they are the same, whatever the order of their keys. */
export function differences(before: unknown, after: unknown): Change[] {
  return changesAt("", before, after);
}

function changesAt(path: string, before: unknown, after: unknown): Change[] {
  if (isObject(before) && isObject(after)) return changesOfEntries(path, entriesOf(before), entriesOf(after));
  if (Array.isArray(before) && Array.isArray(after)) return changesOfLists(path, before, after);
  if (before === after) return [];
  return [
    {
      path,
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
    },
  ];
}

type Entries = ReadonlyMap<string, unknown>;

function changesOfEntries(path: string, before: Entries, after: Entries): Change[] {
  const names = [...before.keys(), ...[...after.keys()].filter((name) => !before.has(name))];
  return names.flatMap((name) => changesAt(joined(path, name), before.get(name), after.get(name)));
}

function changesOfLists(path: string, before: readonly unknown[], after: readonly unknown[]): Change[] {
  const [first, second] = [namedEntries(before), namedEntries(after)];
  if (first === null || second === null) return isSame(before, after) ? [] : [{ path, before, after }];
  const changes = changesOfEntries(path, first, second);
  const [kept, keptAfter] = [
    [...first.keys()].filter((name) => second.has(name)),
    [...second.keys()].filter((name) => first.has(name)),
  ];
  if (!isSame(kept, keptAfter))
    changes.push({ path: joined(path, "(order)"), before: kept, after: keptAfter });
  return changes;
}

/** The entries by id or, of texts, by themselves; null where that does not tell them apart. */
function namedEntries(list: readonly unknown[]): Entries | null {
  const named = new Map<string, unknown>();
  for (const entry of list) {
    const name = isObject(entry) ? entry.id : entry;
    if (typeof name !== "string" || named.has(name)) return null;
    named.set(name, entry);
  }
  return named;
}

function isSame(before: unknown, after: unknown): boolean {
  if (Array.isArray(before) && Array.isArray(after))
    return before.length === after.length && before.every((entry, i) => isSame(entry, after[i]));
  if (isObject(before) && isObject(after))
    return changesOfEntries("", entriesOf(before), entriesOf(after)).length === 0;
  return before === after;
}

/** A field without a value is none, as in JSON. */
function entriesOf(object: Readonly<Record<string, unknown>>): Entries {
  return new Map(Object.entries(object).filter(([, value]) => value !== undefined));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function joined(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

/**
 * What patrols ask of a basket. `schemas/clickhouse/004-patrols.sql` computes the same from the body, for rows that were
 * written before; tests hold them against each other.
 */

import { hash } from "node:crypto";

const KEY_HEX_DIGITS = 16;
const ASCII = /^[\0-\x7f]*$/;

export interface BasketItem {
  readonly code?: string | undefined;
  readonly amountFen?: number | undefined;
  readonly traceHashes: readonly string[];
}

export function traceKeysOf(items: readonly BasketItem[]): readonly string[] {
  return items.flatMap(({ traceHashes }) => traceHashes);
}

/** '' where there is no item or one has no code. */
export function basketKeyOf(items: readonly BasketItem[]): string {
  const entries: string[] = [];
  for (const { code, amountFen } of items) {
    if (code === undefined) return "";
    entries.push(basketEntry(code, amountFen ?? 0));
  }
  return basketKeyOfEntries(entries);
}

export function basketEntry(code: string, amountFen: number): string {
  return `${code}:${amountFen}`;
}

/** Of the entries of all items, in any order; they are sorted in place. */
export function basketKeyOfEntries(entries: string[]): string {
  if (entries.length === 0) return "";
  if (entries.length > 1) sortByBytes(entries);
  return hash("sha256", entries.join("\n")).slice(0, KEY_HEX_DIGITS);
}

/** As the engine compares texts. JavaScript's own order differs beyond the first plane of Unicode. */
function sortByBytes(entries: string[]): void {
  if (entries.every((entry) => ASCII.test(entry))) entries.sort();
  else entries.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

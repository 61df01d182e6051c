/** The list of decoy cards: their keys, one a line, in a file that only its owner reads. Numbers are never in it. */

import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { OperatingError } from "../exit-status.js";

/** Cards that a network laid out; a query with more of them would be slow to send. */
export const DECOYS_MAX = 10_000;
const CARD_KEY = /^[0-9a-f]{32}$/;

/** @throws OperatingError naming the line. Empty where there is no file. */
export function readDecoys(path: string): readonly string[] {
  if (!existsSync(path)) return [];
  const keys: string[] = [];
  for (const [index, line] of readFileSync(path, "utf8").split("\n").entries()) {
    const text = line.trim();
    if (text === "" || text.startsWith("#")) continue;
    if (!CARD_KEY.test(text))
      throw new OperatingError(
        `${path}: line ${index + 1}: expected a card key of 32 hexadecimal digits; 'kadun decoys add' makes them`,
      );
    keys.push(text);
  }
  if (keys.length > DECOYS_MAX)
    throw new OperatingError(`${path}: ${keys.length} decoy cards; at most ${DECOYS_MAX} are looked for`);
  return [...new Set(keys)];
}

/** The whole list, or the one before it. */
export function writeDecoys(path: string, cardKeys: readonly string[]): void {
  const draft = `${path}.new`;
  writeFileSync(draft, cardKeys.map((key) => `${key}\n`).join(""), { mode: 0o600, flush: true });
  chmodSync(draft, 0o600);
  renameSync(draft, path);
}

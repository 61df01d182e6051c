/** The kinds of values that settings have. */

import type { SettingKind } from "./settings.js";

/** Nine digits: more is no number of anything that is set. */
const WHOLE_PATTERN = /^\d{1,9}$/;

export function anyText(expected: string): SettingKind<string> {
  return { expected, parse: (text) => text };
}

export function wholeNumber(min: number, max: number): SettingKind<number> {
  return {
    expected: `a whole number from ${min} to ${max}`,
    parse: (text) => {
      const value = Number(text);
      return WHOLE_PATTERN.test(text) && value >= min && value <= max ? value : undefined;
    },
  };
}

export function oneOf<const Word extends string>(words: readonly Word[]): SettingKind<Word> {
  return {
    expected: `one of ${words.join(", ")}`,
    parse: (text) => words.find((word) => word === text),
  };
}

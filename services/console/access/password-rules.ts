/** What a new password has to be: long, and not what everybody tries first. Pure. */

import { PASSWORD_LENGTH_MAX, PASSWORD_LENGTH_MIN } from "../../../schemas/http/console-access.js";
import { folded } from "../../../schemas/person-name.js";

/** `aaaaaaaaaaaa`, `121212121212`. */
const DIFFERENT_SIGNS_MIN = 5;

/**
 * Beginnings of the commonest ones, as lists of stolen passwords have them, of those that reach the length by being
 * repeated or counted on: `password` is found in `Password2024!` and `passwordpassword`.
 */
const COMMON = [
  "password",
  "passw0rd",
  "p@ssw0rd",
  "p@ssword",
  "qwertyuiop",
  "qwerty123",
  "1qaz2wsx",
  "qazwsxedc",
  "zaq12wsx",
  "asdfghjkl",
  "zxcvbnm",
  "123456789",
  "987654321",
  "12345678",
  "11223344",
  "123123123",
  "abcd1234",
  "abc123456",
  "a1b2c3d4",
  "woaini",
  "5201314",
  "1314520",
  "iloveyou",
  "letmein",
  "welcome",
  "admin",
  "administrator",
  "administrator1",
  "root",
  "test1234",
  "changeme",
  "yibao",
  "kadun",
  "mima",
] as const;
/** What is left when the common words are taken out has to be worth something. */
const LEFT_MIN = 8;

/** What stands against it; null for nothing. @param name whose it is to be. */
export function passwordProblem(password: string, name: string): string | null {
  const text = folded(password);
  const length = [...password].length;
  if (length < PASSWORD_LENGTH_MIN)
    return `expected at least ${PASSWORD_LENGTH_MIN} characters; several words are easy to remember`;
  if (length > PASSWORD_LENGTH_MAX) return `expected at most ${PASSWORD_LENGTH_MAX} characters`;
  if (new Set(text).size < DIFFERENT_SIGNS_MIN)
    return `expected at least ${DIFFERENT_SIGNS_MIN} different characters`;
  if (without(text, [folded(name)]).length < LEFT_MIN)
    return `expected more than the name: at least ${LEFT_MIN} other characters`;
  if (without(text, [...COMMON, folded(name)]).length < LEFT_MIN)
    return `it is among those that are tried first; expected at least ${LEFT_MIN} other characters`;
  return null;
}

function without(text: string, words: readonly string[]): string {
  return words
    .toSorted((a, b) => b.length - a.length)
    .reduce((left, word) => left.replaceAll(word, ""), text);
}

/** A mistake in a bundle's file: where it is, what is expected there and what was given. */

import type * as z from "zod";

export interface BundleFileProblem {
  /** `overrides.3301.R14.params.limitFen`; empty for the whole file. */
  readonly path: string;
  readonly expected: string;
}

/** A value longer than this is cut: a problem is one line of a terminal. */
const GIVEN_CHARACTERS_MAX = 120;

/** The issues of a schema's check made with `reportInput: true`; `at` is the path of what was checked. */
export function problemsOfIssues(
  issues: readonly z.core.$ZodIssue[],
  at: readonly PropertyKey[] = [],
): BundleFileProblem[] {
  return issues.flatMap((issue) => {
    const place = [...at, ...issue.path];
    if (issue.code === "unrecognized_keys")
      return issue.keys.map((key) => ({
        path: pathOf([...place, key]),
        expected: `${issue.message}${givenText(key)}`,
      }));
    const messages =
      issue.code === "invalid_key" ? issue.issues.map(({ message }) => message) : [issue.message];
    return [{ path: pathOf(place), expected: `${messages.join(", ")}${givenText(issue.input)}` }];
  });
}

/** ` (given 7)`; nothing where the value is not there. */
export function givenText(input: unknown): string {
  const text = JSON.stringify(input);
  if (text === undefined) return "";
  return ` (given ${text.length > GIVEN_CHARACTERS_MAX ? `${text.slice(0, GIVEN_CHARACTERS_MAX)}…` : text})`;
}

function pathOf(place: readonly PropertyKey[]): string {
  return place.map(String).join(".");
}

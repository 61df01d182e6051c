/** A mistake in a bundle's file: where it is, what is expected there and what was given. */

import type * as z from "zod";
import { allowedAt } from "./allowed-range.js";

export interface BundleFileProblem {
  /** `overrides.3301.R14.params.limitFen`; empty for the whole file. */
  readonly path: string;
  readonly expected: string;
}

/** A value longer than this is cut: a problem is one line of a terminal. */
const GIVEN_CHARACTERS_MAX = 120;

/**
 * The issues of a schema's check made with `reportInput: true`, each once; `at` is the path of what was checked.
 * @param schema what it was checked with: then both ends of a range are named.
 */
export function problemsOfIssues(
  issues: readonly z.core.$ZodIssue[],
  at: readonly PropertyKey[] = [],
  schema: z.core.$ZodType | null = null,
): BundleFileProblem[] {
  const problems = issues.flatMap((issue) => {
    const place = [...at, ...issue.path];
    if (issue.code === "unrecognized_keys")
      return issue.keys.map((key) => ({
        path: pathOf([...place, key]),
        expected: `${issue.message}${givenText(key)}`,
      }));
    return [{ path: pathOf(place), expected: `${expectedText(issue, schema)}${givenText(issue.input)}` }];
  });
  return problems.filter(
    ({ path, expected }, i) =>
      problems.findIndex((other) => other.path === path && other.expected === expected) === i,
  );
}

function expectedText(issue: z.core.$ZodIssue, schema: z.core.$ZodType | null): string {
  if (issue.code === "invalid_key") return issue.issues.map(({ message }) => message).join(", ");
  const isOfRange = ["too_small", "too_big", "invalid_type"].includes(issue.code);
  const allowed = isOfRange && schema !== null ? allowedAt(schema, issue.path) : null;
  const isMissing = issue.code === "invalid_type" && issue.input === undefined;
  if (isMissing) return `missing; ${allowed ?? issue.message}`;
  return allowed === null ? issue.message : `${allowed} is expected`;
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

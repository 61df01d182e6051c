/** docs/cases.md says of states and moves what the table of transitions says. */

import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import {
  CASE_REQUIREMENTS,
  CASE_STATE_MEANINGS,
  CASE_STATES,
  caseStatesAfter,
  caseTransition,
} from "../../schemas/case-transitions.js";
import { markdownTable } from "../../tools/markdown-table.js";

const page = readFileSync("docs/cases.md", "utf8");

const SECOND_PERSON = { always: "always", "money-at-risk": "where money is at risk", never: "" } as const;

test("the states", () => {
  const rows = CASE_STATES.map((state) => [state, CASE_STATE_MEANINGS[state]]);
  expect(page).toContain(markdownTable(["state", "means"], rows));
});

test("the moves", () => {
  const rows = CASE_STATES.flatMap((from) =>
    caseStatesAfter(from).map((to) => {
      const { reason, secondPerson, requires } = caseTransition(from, to)!;
      const needs = requires.map((requirement) => CASE_REQUIREMENTS[requirement]).join("; ");
      return [from, to, reason === "needed" ? "yes" : "", SECOND_PERSON[secondPerson], needs];
    }),
  );
  expect(page).toContain(markdownTable(["from", "to", "reason", "second person", "and"], rows));
});

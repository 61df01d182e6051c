/** `kadun cases list|show`. */

import { CASE_STATES } from "../../schemas/case-transitions.js";
import { type CaseSummary, caseDetail, casePageAnswer } from "../../schemas/http/cases.js";
import { UsageError } from "../exit-status.js";
import { caseCommand, casePath, printed } from "./case-command.js";
import { summaryLine } from "./print.js";

export const list = caseCommand({
  synopsis: "list [--state STATE] [--assignee NAME]",
  about: `The cases, the latest first. STATE is one of ${CASE_STATES.join(", ")}.`,
  words: { min: 0, max: 0 },
  reads: true,
  options: { state: { type: "string" }, assignee: { type: "string" } },
  run: async (client, _words, { state, assignee }) => {
    if (state !== undefined && !CASE_STATES.some((known) => known === state))
      throw new UsageError(`--state ${String(state)}: expected one of ${CASE_STATES.join(", ")}`);
    const found: CaseSummary[] = [];
    let after: string | null = null;
    do {
      const query = new URLSearchParams();
      for (const [name, value] of Object.entries({ after, state, assignee }))
        if (value !== undefined && value !== null) query.set(name, String(value));
      const page: { cases: CaseSummary[]; after: string | null } = await client.get(
        `/v1/cases?${query}`,
        casePageAnswer,
      );
      found.push(...page.cases);
      after = page.after;
    } while (after !== null);
    return { json: found, text: found.map(summaryLine) };
  },
});

export const show = caseCommand({
  synopsis: "show CASE",
  about: "A case: where it may go, alerts, SMS, notes, proposals, everything that was done.",
  words: { min: 1, max: 1 },
  reads: true,
  run: async (client, [caseId]) => printed(await client.get(casePath(caseId!), caseDetail)),
});

/** `/v1/cases` of the office. */
import * as z from "zod";
import { ACTIONS, instant, SEVERITIES } from "../fields.js";

export const caseSummary = z.object({
  caseId: z.string(),
  subjectKind: z.string().describe("person, institution, terminal, operator, agent, trace-code, card"),
  subject: z.string().describe("personKey, or the key of what it is about"),
  status: z.enum(["open", "closed"]),
  openedAt: instant,
  lastAlertAt: instant.nullable(),
  alerts: z.number().int(),
  standing: z.number().int().describe("alerts that stand: neither withdrawn nor replaced by a later one"),
  moneyAtRiskFen: z.number().int(),
  strongestAction: z.enum(ACTIONS),
  highestSeverity: z.enum(SEVERITIES),
});
export const casePageAnswer = z.object({ cases: z.array(caseSummary), after: z.string().nullable() });

export type CaseSummary = z.infer<typeof caseSummary>;

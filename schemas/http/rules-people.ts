/** `/v1/people`: who may change rules. For whoever runs the machine: the key of the network `local`. */
import * as z from "zod";

export const peopleRequest = z.object({
  action: z.enum(["add", "revoke"]),
  name: z.string(),
});
export const peopleAnswer = z.object({
  key: z.string().nullable().describe("of a person that was added; shown once"),
});
export const personSummary = z.object({
  name: z.string(),
  addedAt: z.string(),
  revokedAt: z.string().nullable(),
});
export const peopleList = z.object({ people: z.array(personSummary) });

export type PersonSummary = z.infer<typeof personSummary>;

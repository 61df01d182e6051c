/** Answer to records that were taken: everything counted here is durable in the journal. */
import * as z from "zod";
import { refusedLine } from "./problem.js";

export const accepted = z.object({
  accepted: z.number().int().min(0),
  refused: z.array(refusedLine).describe("kept as dead letters; they did not hold up the others"),
});

export type Accepted = z.infer<typeof accepted>;

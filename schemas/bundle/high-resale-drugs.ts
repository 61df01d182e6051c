/** rulesets/high-resale-drugs.json: drugs that dealers buy up (R17): by code, else by a part of the name. */
import * as z from "zod";
import { IDENTIFIER_LENGTH_MAX, NAME_LENGTH_MAX } from "../fields.js";

const LISTED_MAX = 10_000;

export const highResaleDrugsFile = z.strictObject({
  codes: z.array(z.string().min(1).max(IDENTIFIER_LENGTH_MAX)).max(LISTED_MAX),
  names: z.array(z.string().min(1).max(NAME_LENGTH_MAX)).max(LISTED_MAX),
});

export type HighResaleDrugsFile = z.infer<typeof highResaleDrugsFile>;

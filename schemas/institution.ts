/** An entry of the institution register: what swipes leave out. */
import * as z from "zod";
import { INSTITUTION_KINDS, identifier, label, region } from "./fields.js";

export const institution = z.object({
  institutionId: identifier,
  name: label.min(1),
  kind: z.enum(INSTITUTION_KINDS),
  chainId: identifier.optional(),
  region: region.optional(),
  longitude: z.number().min(-180).max(180).optional(),
  latitude: z.number().min(-90).max(90).optional(),
  /** Where police ask for camera recordings; in evidence packages, never in swipes. */
  address: label.optional(),
});

export type Institution = z.infer<typeof institution>;

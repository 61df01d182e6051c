/** `GET /readyz`: may traffic be sent here, and if not, why. */
import * as z from "zod";

export const readiness = z.object({ ready: z.boolean(), reasons: z.array(z.string()) });
export const liveness = z.object({ alive: z.literal(true) });

export type Readiness = z.infer<typeof readiness>;

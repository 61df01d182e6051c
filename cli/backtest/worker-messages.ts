/** What a worker and the process that started it tell each other. */

import * as z from "zod";
import { taskShape } from "./tasks.js";

export const toWorker = z.object({ task: taskShape });

export const fromWorker = z.discriminatedUnion("type", [
  z.object({ type: z.literal("passed"), records: z.number() }),
  z.object({ type: z.literal("done") }),
  /** Begun again it would fail again. */
  z.object({ type: z.literal("failed"), message: z.string(), isExpected: z.boolean() }),
]);

export type ToWorker = z.infer<typeof toWorker>;
export type FromWorker = z.infer<typeof fromWorker>;

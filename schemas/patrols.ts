/** `rulesets/patrols.json`: which patrols run, and with which numbers. Not part of a bundle: patrols decide no swipe. */

import * as z from "zod";
import { SEVERITIES } from "./fields.js";

export const PATROL_IDS = ["R11", "R18", "R20X", "R22", "R23", "R24", "R25"] as const;
export type PatrolId = (typeof PATROL_IDS)[number];

const ruleIds = z
  .array(z.string().regex(/^R\d{2}$/, "a rule id such as R08"))
  .min(1)
  .max(32);

export const patrolSettings = z.strictObject({
  mode: z.enum(["live", "off"]),
  severity: z.enum(SEVERITIES),
  /** Names, units and limits: `services/alerts/patrol/registry.ts`, docs/rules/R11.md and so on. */
  parameters: z.record(z.string(), z.union([z.number().min(0), ruleIds])),
});
export type PatrolSettings = z.infer<typeof patrolSettings>;

export const patrolsFile = z.strictObject({
  comment: z.string().optional(),
  patrols: z.record(z.enum(PATROL_IDS), patrolSettings),
});
export type PatrolsFile = z.infer<typeof patrolsFile>;

/** What an installation changes: patrols and parameters that it does not name stay as they are. */
export const patrolsOverlayFile = z.strictObject({
  comment: z.string().optional(),
  patrols: z.partialRecord(z.enum(PATROL_IDS), patrolSettings.partial()),
});
export type PatrolsOverlayFile = z.infer<typeof patrolsOverlayFile>;

export function mergePatrols(base: PatrolsFile, overlay: PatrolsOverlayFile): PatrolsFile {
  const merged = { ...base.patrols };
  for (const id of PATROL_IDS) {
    const change = overlay.patrols[id];
    if (change === undefined) continue;
    const parameters = { ...merged[id].parameters, ...change.parameters };
    merged[id] = {
      mode: change.mode ?? merged[id].mode,
      severity: change.severity ?? merged[id].severity,
      parameters,
    };
  }
  return { ...base, patrols: merged };
}

/** Colours of actions and severities, on white at least 4.5 to 1. Colour is never the only sign. */

import type { Action, Severity } from "../../../../schemas/fields.js";

export const ACTION_COLOURS = {
  approve: "#2f7d4f",
  review: "#8a6100",
  challenge: "#a8480b",
  reject: "#b3202c",
} as const satisfies Record<Action, string>;

export const SEVERITY_COLOURS = {
  low: "#5a6472",
  medium: "#8a6100",
  high: "#a8480b",
  critical: "#b3202c",
} as const satisfies Record<Severity, string>;

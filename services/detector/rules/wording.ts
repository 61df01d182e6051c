/** Words of explanations: money, spans, counts. No locale functions: the same text everywhere. */

import { formatInstant } from "../../../schemas/instant.js";
import type { HitFacts } from "./rule.js";

/** `¥480.00` of 48,000 fen. */
export function yuan(fen: number): string {
  const cents = Math.round(fen);
  const whole = Math.trunc(cents / 100);
  return `¥${whole}.${String(cents - whole * 100).padStart(2, "0")}`;
}

function factNumber(facts: HitFacts, name: string): number {
  const value = facts[name];
  return typeof value === "number" ? value : 0;
}

export function factYuan(facts: HitFacts, name: string): string {
  return yuan(factNumber(facts, name));
}

/** `2026-03-01 10:00` of an instant fact. */
export function factMinute(facts: HitFacts, name: string): string {
  return String(facts[name] ?? "")
    .slice(0, 16)
    .replace("T", " ");
}

export function instantFact(ms: number): string | null {
  return Number.isFinite(ms) ? formatInstant(ms) : null;
}

/** Tenths as a decimal: 3246 → 324.6. */
export function tenths(value: number): number {
  return value / 10;
}

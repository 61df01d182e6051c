// The world the oracle judges in: facts about regions and days come from the default bundle's data files, the loss
// policies from the oracle's own table, so that a wrong policy in the bundle is seen.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { lossPolicies } from "./loss-policies.js";
import type { OracleWorld } from "./types.js";

const RULES = Array.from({ length: 21 }, (_, index) => `R${String(index + 1).padStart(2, "0")}`);
const PATROLS = ["R11", "R18"];
export const INLINE_RULES = RULES.filter((rule) => !PATROLS.includes(rule));

interface RegionsFile {
  regions: Record<string, [string, number, number]>;
  adjacentPairs: [string, string][];
}
interface CalendarFile {
  coverage: { from: string; to: string };
  holidays: string[];
  makeUpDays: string[];
}

function readJson<T>(name: string): T {
  const path = fileURLToPath(new URL(`../../rulesets/${name}`, import.meta.url));
  return JSON.parse(readFileSync(path, "utf8")) as T;
}

export function loadWorld(enabledRules: readonly string[] = INLINE_RULES): OracleWorld {
  const { regions, adjacentPairs } = readJson<RegionsFile>("regions.json");
  const { coverage, holidays, makeUpDays } = readJson<CalendarFile>("calendar.json");
  return {
    policies: lossPolicies,
    regions: new Map(Object.entries(regions).map(([code, [, lng, lat]]) => [code, [lng, lat]] as const)),
    adjacentPairs,
    calendar: { coverage, holidays: new Set(holidays), makeUpDays: new Set(makeUpDays) },
    resaleDrugs: { codes: [], names: ["片仔癀", "安宫牛黄丸"] },
    enabledRules: new Set(enabledRules),
  };
}

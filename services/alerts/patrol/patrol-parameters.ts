/** A query's parameters: the settings, what follows from them, and where the run looks. */

import type { Parameters, ParameterValue } from "../../../platform/analytics/analytics-database.js";
import { NAMED_RULES } from "../../../schemas/national/rule-names.js";
import {
  PATROL_IDS,
  type PatrolId,
  type PatrolSettings,
  type PatrolsFile,
} from "../../../schemas/patrols.js";
import type { Patrol } from "./patrol.js";
import type { PatrolQuery } from "./patrol-sql.js";
import { patrolOf } from "./registry.js";

/** Rules that a decision can name with a hit: neither patrols nor floors (R00). */
const HITTING_RULES = NAMED_RULES.filter(
  (rule) => rule !== "R00" && !PATROL_IDS.some((patrol) => patrol === rule),
);

const UNIT_MS: Readonly<Record<string, number>> = { Minutes: 60_000, Days: 86_400_000 };

/** A frame of a window function is at most 2^31 long: 24 days in milliseconds, 497 in these. */
const TICK_MS = 20;

/** What a query asks for: settings, the same in other units (`windowDays` → `windowMs`, `windowTicks`), and `run`. */
export function parametersOf(
  { placeholders, patrol }: PatrolQuery,
  settings: PatrolSettings,
  run: Parameters,
): Parameters {
  const given: Record<string, ParameterValue> = { ...run };
  for (const [name, value] of Object.entries(settings.parameters)) {
    given[name] = value;
    const unit = /(Minutes|Days)$/.exec(name)?.[0];
    if (unit === undefined || typeof value !== "number") continue;
    const stem = name.slice(0, -unit.length);
    given[`${stem}Ms`] = value * UNIT_MS[unit]!;
    given[`${stem}Ticks`] = (value * UNIT_MS[unit]!) / TICK_MS;
  }
  return Object.fromEntries(
    placeholders.map((name) => {
      const value = given[name];
      if (value === undefined) throw new Error(`${patrol.file}: nothing is given for {${name}:…}`);
      return [name, value];
    }),
  );
}

/** What is wrong with settings: path and what was expected. Empty where nothing is. */
export function settingsProblems(file: PatrolsFile): readonly string[] {
  const problems = PATROL_IDS.flatMap((id) => problemsOf(id, file.patrols[id].parameters, patrolOf(id)));
  return problems.length > 0 ? problems : contradictions(file);
}

/** Numbers that are right each for itself, but together switch a clause off without saying so. */
function contradictions({ patrols: { R18 } }: PatrolsFile): readonly string[] {
  const { historyDays, historyDaysMin, nightFromHour, nightToHour } = R18.parameters;
  const problems: string[] = [];
  if (historyDaysMin! > historyDays!)
    problems.push(
      `patrols.R18.parameters.historyDaysMin: expected at most historyDays (${historyDays}): there would never be a median`,
    );
  if (nightFromHour === nightToHour)
    problems.push(
      "patrols.R18.parameters.nightToHour: expected another hour than nightFromHour; nightWeight 1 is how a night counts like a day",
    );
  return problems;
}

function problemsOf(
  id: PatrolId,
  given: PatrolSettings["parameters"],
  { parameters }: Patrol,
): readonly string[] {
  const known = Object.keys(parameters);
  const unknown = Object.keys(given).filter((name) => !known.includes(name));
  return [
    ...unknown.map(
      (name) => `patrols.${id}.parameters.${name}: not known; known: ${known.join(", ") || "none"}`,
    ),
    ...known.flatMap((name) => problemOf(`patrols.${id}.parameters.${name}`, given[name], parameters[name]!)),
  ];
}

function problemOf(
  path: string,
  value: PatrolSettings["parameters"][string] | undefined,
  parameter: Patrol["parameters"][string],
): readonly string[] {
  if (parameter === "rule-ids") return ruleProblems(path, value);
  const { min, max, isWhole } = parameter;
  const isRight =
    typeof value === "number" && value >= min && value <= max && (!isWhole || Number.isInteger(value));
  return isRight
    ? []
    : [`${path}: expected ${isWhole ? "a whole number" : "a number"} from ${min} to ${max}`];
}

function ruleProblems(
  path: string,
  value: PatrolSettings["parameters"][string] | undefined,
): readonly string[] {
  if (!Array.isArray(value)) return [`${path}: expected a list of rule ids such as R08`];
  return value
    .filter((rule) => !HITTING_RULES.includes(rule))
    .map((rule) => `${path}: no rule ${rule} judges swipes; known: ${HITTING_RULES.join(", ")}`);
}

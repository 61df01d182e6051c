/** In what a rule's parameters are measured: names end in their unit. */

export const PARAMETER_UNITS = [
  "fen",
  "percent",
  "minutes",
  "hours",
  "days",
  "kilometres",
  "kilometres-an-hour",
  "hour-of-day",
  "times",
  "share",
  "rules",
  "count",
] as const;
export type ParameterUnit = (typeof PARAMETER_UNITS)[number];

const ENDINGS: readonly (readonly [RegExp, ParameterUnit])[] = [
  [/(^|[a-z])Rules$/, "rules"],
  [/Fen(Min|Max)?$/, "fen"],
  [/(P|p)ercent(Min|Max)?$/, "percent"],
  [/Minutes(Min|Max)?$/, "minutes"],
  [/(From|To)Hour$/, "hour-of-day"],
  [/Hours(Min|Max)?$/, "hours"],
  [/Days(Min|Max)?$/, "days"],
  [/Kmh(Min|Max)?$/, "kilometres-an-hour"],
  [/Km(Min|Max)?$/, "kilometres"],
  [/(Times|Weight)$/, "times"],
  [/Share$/, "share"],
];

export function unitOf(name: string): ParameterUnit {
  return ENDINGS.find(([ending]) => ending.test(name))?.[1] ?? "count";
}

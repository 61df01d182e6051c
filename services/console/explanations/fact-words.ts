/** Values and thresholds in words: the same text everywhere, so no locale functions. */

import type { Bilingual } from "../../../schemas/outcomes.js";
import { assertNever } from "./assert-never.js";
import { type Condition, type Measured, type Relation, say, type Unit } from "./fact-shape.js";

/** `¥1,250.00` of 125,000 fen. */
export function yuan(fen: number): string {
  const cents = Math.round(Math.abs(fen));
  const whole = String(Math.trunc(cents / 100)).replace(/\B(?=(\d{3})+$)/g, ",");
  return `${fen < 0 ? "-" : ""}¥${whole}.${String(cents % 100).padStart(2, "0")}`;
}

/** `2 小时 10 分`, `1 天 3 小时`: two parts at most, as people say it. */
export function span(minutes: number): Bilingual {
  const whole = Math.round(Math.abs(minutes));
  const [days, hours, rest] = [Math.trunc(whole / 1440), Math.trunc((whole % 1440) / 60), whole % 60];
  const parts = [
    { count: days, zh: "天", en: "d" },
    { count: hours, zh: "小时", en: "h" },
    { count: rest, zh: "分钟", en: "min" },
  ].filter(({ count }) => count > 0);
  const shown = parts.length === 0 ? [{ count: 0, zh: "分钟", en: "min" }] : parts.slice(0, 2);
  const sign = minutes < 0 ? "-" : "";
  return say(
    sign + shown.map(({ count, zh }) => `${count}${zh}`).join(""),
    sign + shown.map(({ count, en }) => `${count} ${en}`).join(" "),
  );
}

/** `2026-03-01 10:00`, of the zone that it was written in. */
export function minuteOf(instant: string): string {
  return instant.slice(0, 16).replace("T", " ");
}

export function instantValue(instant: string | null): Bilingual {
  return instant === null ? say("不详", "not known") : say(minuteOf(instant), minuteOf(instant));
}

export function valueText(unit: Unit, value: number): Bilingual {
  switch (unit) {
    case "fen":
      return say(yuan(value), yuan(value));
    case "percent":
      return say(`${value}%`, `${value} %`);
    case "share":
      return say(`${rounded(value * 100)}%`, `${rounded(value * 100)} %`);
    case "times":
      return say(String(rounded(value)), String(rounded(value)));
    case "minutes":
      return span(value);
    case "hours":
      return span(value * 60);
    case "days":
      return span(value * 1440);
    case "km":
      return say(`${rounded(value)}公里`, `${rounded(value)} km`);
    case "km/h":
      return say(`时速${rounded(value)}公里`, `${rounded(value)} km/h`);
    default:
      return assertNever(unit);
  }
}

const HOLDS: Readonly<Record<Relation, (observed: number, threshold: number) => boolean>> = {
  "at-least": (observed, threshold) => observed >= threshold,
  above: (observed, threshold) => observed > threshold,
  "at-most": (observed, threshold) => observed <= threshold,
  below: (observed, threshold) => observed < threshold,
};

/** Is it so? Of every condition of a rule that hit it is. */
export function holds({ relation, observed, threshold }: Measured): boolean {
  return HOLDS[relation](observed, threshold);
}

const SILENT: Readonly<Record<Relation, Bilingual>> = {
  "at-least": say("低于", "below"),
  above: say("不超过", "at most"),
  "at-most": say("超过", "more than"),
  below: say("达到", "at least"),
};

/** What would have to be instead: `本次金额低于¥800.00（实际¥1,250.00）`. */
export function silencing(condition: Measured): Bilingual {
  const { what, unit, relation, observed, threshold } = condition;
  const [limit, was] = [valueText(unit, threshold), valueText(unit, observed)];
  return say(
    `${what["zh-CN"]}${SILENT[relation]["zh-CN"]}${limit["zh-CN"]}（实际${was["zh-CN"]}）`,
    `${what.en} ${SILENT[relation].en} ${limit.en} (was ${was.en})`,
  );
}

export function observedText(condition: Condition): Bilingual {
  return condition.kind === "stated" ? condition.value : valueText(condition.unit, condition.observed);
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

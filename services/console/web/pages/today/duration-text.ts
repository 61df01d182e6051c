/** How long, in the largest unit that says it: what is behind it is noise on a page. */

import type { Language } from "../../words/words.js";

const UNITS = [
  { ms: 86_400_000, zh: "天", en: "d" },
  { ms: 3_600_000, zh: "小时", en: "h" },
  { ms: 60_000, zh: "分钟", en: "min" },
] as const;

/** Of two days and more the days; below, the next unit too: "1 天 3 小时". */
export function durationText(ms: number, language: Language): string {
  const at = UNITS.findIndex((unit) => ms >= unit.ms);
  if (at < 0) return language === "zh" ? "不到 1 分钟" : "less than 1 min";
  const unit = UNITS[at]!;
  const whole = Math.floor(ms / unit.ms);
  const next = UNITS[at + 1];
  const rest = next === undefined || whole >= 2 ? 0 : Math.floor((ms % unit.ms) / next.ms);
  const parts = [`${whole} ${unit[language]}`, ...(rest === 0 ? [] : [`${rest} ${next![language]}`])];
  return parts.join(" ");
}

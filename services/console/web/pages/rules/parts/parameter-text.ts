/** Parameters as people read them. Pure. */

import type { ParameterUnit } from "../../../../../../schemas/console/parameter-units.js";
import type { ParameterValue } from "../../../../../../schemas/http/rules-console.js";
import type { Language } from "../../../words/words.js";

const FEN_PER_YUAN = 100;

export const UNIT_WORDS: Readonly<Record<Language, Readonly<Record<ParameterUnit, string>>>> = {
  zh: {
    fen: "元",
    percent: "%",
    minutes: "分钟",
    hours: "小时",
    days: "天",
    kilometres: "公里",
    "kilometres-an-hour": "公里/小时",
    "hour-of-day": "时",
    times: "倍",
    share: "",
    rules: "",
    count: "",
  },
  en: {
    fen: "yuan",
    percent: "%",
    minutes: "min",
    hours: "h",
    days: "d",
    kilometres: "km",
    "kilometres-an-hour": "km/h",
    "hour-of-day": "h",
    times: "×",
    share: "",
    rules: "",
    count: "",
  },
};

export function parameterText(value: ParameterValue, unit: ParameterUnit, language: Language): string {
  if (Array.isArray(value)) return value.join(language === "zh" ? "、" : ", ");
  if (typeof value !== "number") return String(value);
  switch (unit) {
    case "fen":
      return `¥${(value / FEN_PER_YUAN).toLocaleString("zh-CN", { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
    case "percent":
      return `${value}%`;
    case "share":
      return percentText(value);
    case "hour-of-day":
      return `${String(value).padStart(2, "0")}:00`;
    default: {
      const words = UNIT_WORDS[language][unit];
      return words === "" ? String(value) : `${value} ${words}`;
    }
  }
}

/** @param share of 1; null: not known. */
export function percentText(share: number | null, digits = 1): string {
  return share === null ? "—" : `${(share * 100).toFixed(digits)}%`;
}

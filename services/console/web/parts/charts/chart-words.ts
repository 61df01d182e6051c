import type { Words } from "../../words/words.js";

const zh = {
  asTable: "以表格显示",
  asPng: "导出图片（PNG）",
  tableOf: "{label}：以表格显示",
  pngOf: "{label}：导出图片",
} as const;

export const chartWords: Words<keyof typeof zh> = {
  zh,
  en: {
    asTable: "As a table",
    asPng: "Save as PNG",
    tableOf: "{label}: as a table",
    pngOf: "{label}: save as PNG",
  },
};

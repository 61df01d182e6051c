/** Texts that come from the office in both languages. */

import { useLanguage } from "../../words/words.js";
import { recordWords } from "./entry-words.js";

export interface Bilingual {
  readonly "zh-CN": string;
  readonly en: string;
}

export function useBilingual(): (text: Bilingual) => string {
  const language = useLanguage();
  return (text) => (language === "zh" ? text["zh-CN"] : text.en);
}

/** A code of a record in words; itself where it has none. */
export function useRecordWord(): (code: string) => string {
  const language = useLanguage();
  return (code) => (Object.hasOwn(recordWords[language], code) ? recordWords[language][code]! : code);
}

/**
 * Words of the pages: Chinese first, English second. Each page brings its own table; a missing word does not compile.
 */

import { createContext, useContext } from "react";

export const LANGUAGES = ["zh", "en"] as const;
export type Language = (typeof LANGUAGES)[number];
export const LANGUAGE_TAGS = { zh: "zh-CN", en: "en" } as const satisfies Record<Language, string>;

export type Words<Key extends string> = Readonly<Record<Language, Readonly<Record<Key, string>>>>;

export const LanguageContext = createContext<{
  readonly language: Language;
  readonly choose: (language: Language) => void;
}>({ language: "zh", choose: () => {} });

export function useLanguage(): Language {
  return useContext(LanguageContext).language;
}

/** @returns the words in the language of the reader. */
export function useWords<Key extends string>(words: Words<Key>): Readonly<Record<Key, string>> {
  return words[useLanguage()];
}

/** `{name}` in a text is replaced. */
export function filled(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replaceAll(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
}

/** What rules and patrols are called, as the page of rules calls them. */

import { useQuery } from "@tanstack/react-query";
import { RULES_CONSOLE_ROUTES } from "../../../../../schemas/http/rules-console-routes.js";
import { ask } from "../../app/ask.js";
import { useMay } from "../../app/session.js";
import { useLanguage } from "../../words/words.js";

/** The id itself until the names are there. */
export type RuleTitles = (rule: string) => string;

export function useRules(): { readonly ids: readonly string[]; readonly titles: RuleTitles } {
  const language = useLanguage();
  const { data } = useQuery({
    queryKey: ["rule-titles"],
    queryFn: ({ signal }) => ask(RULES_CONSOLE_ROUTES.catalogue, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
    enabled: useMay("rules.read"),
  });
  const known = new Map((data?.rules ?? []).map(({ id, title }) => [id, title[language]]));
  return { ids: [...known.keys()], titles: (rule) => known.get(rule) ?? rule };
}

/** Every rule in words, what it came to lately, and what people said of it. */

import { useQuery } from "@tanstack/react-query";
import { Alert, Flex, Grid, Input, Segmented } from "antd";
import { useMemo } from "react";
import type { ConsoleRule } from "../../../../../../schemas/http/rules-console.js";
import { RULES_CONSOLE_ROUTES as ROUTES } from "../../../../../../schemas/http/rules-console-routes.js";
import { ask } from "../../../app/ask.js";
import { PageHead } from "../../../parts/page-head.js";
import { EmptyState, QueryState } from "../../../parts/page-state.js";
import { useUrlQuery } from "../../../parts/url-state.js";
import { filled, useLanguage, useWords } from "../../../words/words.js";
import { verdictsByRule } from "../parts/precision.js";
import { useCatalogue, useLatestResult } from "../parts/rule-queries.js";
import { RulesNav } from "../parts/rules-nav.js";
import { rulesWords } from "../words.js";
import { FIGURE_DAYS } from "./figure-days.js";
import { PrecisionAge } from "./precision-age.js";
import { RuleCards, RuleTable, type ShownRule } from "./rule-table.js";

const KINDS = ["all", "rule", "patrol"] as const;

export default function RuleListPage() {
  const words = useWords(rulesWords);
  const [query, change] = useUrlQuery();
  const catalogue = useCatalogue();
  const isWide = Grid.useBreakpoint().md ?? true;
  const rows = useShownRules(catalogue.data?.rules ?? []);
  const kind = KINDS.find((one) => one === query.kind) ?? "all";
  const shown = rows.filter(({ rule }) => isAsked(rule, kind, query.q ?? ""));
  const { data } = catalogue;
  const note =
    data === undefined
      ? undefined
      : data.version === null
        ? words.shippedNote
        : `${words.running}：${filled(words.versionNote, { version: data.version })}`;
  return (
    <>
      <PageHead title={words.rules} note={note} />
      <RulesNav />
      <Flex gap={8} wrap align="center" style={{ marginBottom: 12 }}>
        <Segmented
          value={kind}
          onChange={(value) => change({ kind: value === "all" ? "" : value })}
          options={[
            { value: "all", label: words.all },
            { value: "rule", label: words.onlyRules },
            { value: "patrol", label: words.onlyPatrols },
          ]}
        />
        <Input.Search
          allowClear
          aria-label={words.searchRules}
          placeholder={words.searchRules}
          defaultValue={query.q}
          onSearch={(text) => change({ q: text.trim() })}
          style={{ width: 240 }}
        />
        <PrecisionAge />
      </Flex>
      {rows.some(({ rule }) => rule.isLowered) && (
        <Alert type="error" showIcon title={words.loweredNote} style={{ marginBottom: 12 }} />
      )}
      <QueryState query={catalogue}>
        {() => {
          if (shown.length === 0) return <EmptyState />;
          return isWide ? <RuleTable rows={shown} /> : <RuleCards rows={shown} />;
        }}
      </QueryState>
    </>
  );
}

function isAsked(rule: ConsoleRule, kind: (typeof KINDS)[number], typed: string): boolean {
  if (kind !== "all" && rule.kind !== kind) return false;
  const text = `${rule.id} ${rule.name} ${rule.title.zh} ${rule.title.en} ${rule.sees.zh} ${rule.sees.en}`;
  return text.toLowerCase().includes(typed.toLowerCase());
}

/** Rules with what came of them; null where that is not known. */
function useShownRules(rules: readonly ConsoleRule[]): readonly ShownRule[] {
  const language = useLanguage();
  const { job } = useLatestResult("precision");
  const figures = useQuery({
    queryKey: ["rules", "figures", FIGURE_DAYS],
    queryFn: ({ signal }) => ask(ROUTES.figures, { query: { days: FIGURE_DAYS }, signal }),
  });
  return useMemo(() => {
    const rows = job?.result?.kind === "precision" ? job.result.precision.rules : [];
    const verdicts = verdictsByRule(rows);
    const hits = figures.data?.rules ?? null;
    return rules.map((rule) => ({
      rule,
      language,
      hits:
        hits === null || rule.kind === "patrol"
          ? null
          : hits
              .filter((one) => one.rule === rule.id && one.mode === "live")
              .reduce((sum, { swipes }) => sum + swipes, 0),
      precision: verdicts.get(rule.id)?.precision ?? null,
      falseBlockRate: verdicts.get(rule.id)?.falseBlockRate ?? null,
    }));
  }, [rules, figures.data, job, language]);
}

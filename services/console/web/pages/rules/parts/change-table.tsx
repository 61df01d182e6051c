/** What a version or a draft changes, in words. */

import type { ConsoleRule } from "../../../../../../schemas/http/rules-console.js";
import { useRegionName } from "../../../app/regions.js";
import { WideTable } from "../../../parts/wide-table.js";
import { useLanguage, useWords } from "../../../words/words.js";
import { rulesWords } from "../words.js";
import { type Change, changeWords } from "./change-words.js";

interface Props {
  readonly changes: readonly Change[];
  /** With titles and parameters; those of either version. */
  readonly rules: readonly ConsoleRule[];
}

export function ChangeTable({ changes, rules }: Props) {
  const words = useWords(rulesWords);
  const language = useLanguage();
  const regionName = useRegionName();
  const rows = changes.map((change) => ({ path: change.path, ...changeWords(change, rules, language) }));
  const title = (id: string | null) => {
    const rule = rules.find((one) => one.id === id);
    return rule === undefined ? (id ?? "—") : `${rule.id} ${rule.title[language]}`;
  };
  return (
    <WideTable
      size="small"
      rowKey="path"
      dataSource={rows}
      width={520}
      pagination={{ pageSize: 20, hideOnSinglePage: true, showSizeChanger: false }}
      columns={[
        { title: words.rule, render: (_, { rule }) => title(rule) },
        {
          title: words.change,
          render: (_, { setting, region, path }) => (
            <span title={path}>
              {region === null ? "" : `${regionName(region)} · `}
              {setting}
            </span>
          ),
        },
        {
          title: words.beforeAfter,
          render: (_, { before, after }) => (
            <>
              <del>{before ?? words.none}</del> → <ins>{after ?? words.none}</ins>
            </>
          ),
        },
      ]}
    />
  );
}

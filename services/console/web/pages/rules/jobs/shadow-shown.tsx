/** The draft in shadow against what runs. */

import { Card, Flex, Typography } from "antd";
import type { ShadowResult } from "../../../../../../schemas/http/rules-jobs.js";
import { EmptyState } from "../../../parts/page-state.js";
import { RuleTag } from "../../../parts/tags.js";
import { instantText } from "../../../parts/values.js";
import { WideTable } from "../../../parts/wide-table.js";
import { filled, useLanguage, useWords } from "../../../words/words.js";
import { rulesWords } from "../words.js";

const COUNTS = ["liveHits", "draftHits", "bothHit", "otherAction", "liveStops", "draftStops"] as const;

export function ShadowShown({ shadow }: { readonly shadow: ShadowResult }) {
  const words = useWords(rulesWords);
  const language = useLanguage();
  const { shadowVersion, runningVersion, from, to, rows } = shadow;
  if (shadowVersion === null) return <EmptyState>{words.shadowNone}</EmptyState>;
  return (
    <Flex vertical gap={8}>
      <Typography.Text type="secondary">
        {filled(words.shadowOf, {
          version: shadowVersion,
          running: runningVersion ?? "—",
          from: instantText(from, language, false),
          to: instantText(to, language, false),
        })}
        {" · "}
        {words.sameRuleNote}
      </Typography.Text>
      <Card size="small">
        {rows.length === 0 ? (
          <EmptyState>{words.noShadowHits}</EmptyState>
        ) : (
          <WideTable
            size="small"
            rowKey="rule"
            pagination={false}
            dataSource={rows}
            width={600}
            columns={[
              { title: words.rule, render: (_, { rule }) => <RuleTag rule={rule} /> },
              ...COUNTS.map((name) => ({ title: words[name], align: "right" as const, dataIndex: name })),
            ]}
          />
        )}
      </Card>
    </Flex>
  );
}

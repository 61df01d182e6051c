/** Rules as a table, or as cards where the screen is narrow. */

import { Card, Flex, type TableColumnsType, Tag, Typography } from "antd";
import { Link } from "react-router-dom";
import type { ConsoleRule } from "../../../../../../schemas/http/rules-console.js";
import { SeverityTag } from "../../../parts/tags.js";
import { WideTable } from "../../../parts/wide-table.js";
import { filled, type Language, useWords } from "../../../words/words.js";
import { parameterText, percentText } from "../parts/parameter-text.js";
import { FoundActions, LoweredTag, ModeTag, RuleTitle } from "../parts/rule-tags.js";
import { rulesWords } from "../words.js";
import { FIGURE_DAYS } from "./figure-days.js";

export interface ShownRule {
  readonly rule: ConsoleRule;
  readonly language: Language;
  /** null: not known. */
  readonly hits: number | null;
  readonly precision: number | null;
  readonly falseBlockRate: number | null;
}

export function RuleTable({ rows }: { readonly rows: readonly ShownRule[] }) {
  const words = useWords(rulesWords);
  const columns: TableColumnsType<ShownRule> = [
    { title: words.rule, key: "rule", render: (_, row) => <RuleWords {...row} /> },
    { title: words.mode, key: "mode", width: 90, render: (_, { rule }) => <ModeTag mode={rule.mode} /> },
    {
      title: words.severity,
      key: "severity",
      width: 80,
      render: (_, { rule }) => <SeverityTag severity={rule.severity} />,
    },
    { title: words.finds, key: "finds", width: 150, render: (_, { rule }) => <FoundActions rule={rule} /> },
    {
      title: filled(words.hits, { days: FIGURE_DAYS }),
      key: "hits",
      width: 100,
      align: "right",
      render: (_, { hits }) => <span className="number">{hits?.toLocaleString("zh-CN") ?? "—"}</span>,
    },
    {
      title: words.precision,
      key: "precision",
      width: 90,
      align: "right",
      render: (_, { precision }) => <span className="number">{percentText(precision)}</span>,
    },
    {
      title: words.falseBlocks,
      key: "falseBlocks",
      width: 90,
      align: "right",
      render: (_, { falseBlockRate }) => <span className="number">{percentText(falseBlockRate, 2)}</span>,
    },
    {
      title: words.regional,
      key: "regional",
      width: 100,
      render: (_, { rule }) => <Regional rule={rule} />,
    },
  ];
  return (
    <WideTable
      size="small"
      rowKey={({ rule }) => rule.id}
      columns={columns}
      dataSource={[...rows]}
      pagination={false}
      width={1000}
    />
  );
}

export function RuleCards({ rows }: { readonly rows: readonly ShownRule[] }) {
  const words = useWords(rulesWords);
  return (
    <Flex vertical gap={8}>
      {rows.map((row) => (
        <Card key={row.rule.id} size="small">
          <RuleWords {...row} />
          <Flex gap={6} wrap style={{ marginTop: 8 }}>
            <ModeTag mode={row.rule.mode} />
            <SeverityTag severity={row.rule.severity} />
            <FoundActions rule={row.rule} />
          </Flex>
          <Flex gap={12} wrap style={{ marginTop: 8 }}>
            <span>
              {filled(words.hits, { days: FIGURE_DAYS })} {row.hits ?? "—"}
            </span>
            <span>
              {words.precision} {percentText(row.precision)}
            </span>
            <span>
              {words.falseBlocks} {percentText(row.falseBlockRate, 2)}
            </span>
          </Flex>
        </Card>
      ))}
    </Flex>
  );
}

function RuleWords({ rule, language }: ShownRule) {
  const words = useWords(rulesWords);
  const numbers = rule.parameters.map(
    ({ title, value, unit }) => `${title[language]} ${parameterText(value, unit, language)}`,
  );
  return (
    <div style={{ maxWidth: 560 }}>
      <Flex gap={6} wrap align="center">
        <Link to={`/rules/${rule.id}`}>
          <RuleTitle rule={rule} />
        </Link>
        {rule.kind === "patrol" && <Tag>{words.patrol}</Tag>}
        {rule.isLowered && <LoweredTag />}
      </Flex>
      <div>{rule.sees[language]}</div>
      {numbers.length > 0 && (
        <Typography.Text type="secondary" style={{ fontSize: 12 }}>
          {numbers.join(" · ")}
        </Typography.Text>
      )}
    </div>
  );
}

function Regional({ rule }: { readonly rule: ConsoleRule }) {
  const words = useWords(rulesWords);
  if (rule.overrides.length === 0) return <>{words.none}</>;
  return (
    <Link to={`/rules/${rule.id}#overrides`}>
      {filled(words.regionsCount, { count: rule.overrides.length })}
    </Link>
  );
}

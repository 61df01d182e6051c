/** What people said of what a rule found, by region of insurance. */

import { Card } from "antd";
import type { RulePrecision } from "../../../../../../schemas/precision.js";
import { Money, RegionName } from "../../../parts/values.js";
import { WideTable } from "../../../parts/wide-table.js";
import { useWords } from "../../../words/words.js";
import { percentText } from "../parts/parameter-text.js";
import { useLatestResult } from "../parts/rule-queries.js";
import { rulesWords } from "../words.js";
import { PrecisionAge } from "./precision-age.js";

export function RulePrecisionTable({ rule }: { readonly rule: string }) {
  const words = useWords(rulesWords);
  const { job } = useLatestResult("precision");
  const rows = job?.result?.kind === "precision" ? job.result.precision.rules : [];
  return (
    <Card size="small" title={words.regionalPrecision}>
      <PrecisionAge />
      {rows.length > 0 && <PrecisionRows rows={rows.filter((row) => row.rule === rule)} />}
    </Card>
  );
}

/** @param withRule of several rules. */
export function PrecisionRows({
  rows,
  withRule = false,
}: {
  readonly rows: readonly RulePrecision[];
  readonly withRule?: boolean;
}) {
  const words = useWords(rulesWords);
  const number = (value: number) => <span className="number">{value.toLocaleString("zh-CN")}</span>;
  return (
    <WideTable
      size="small"
      style={{ marginTop: 8 }}
      rowKey={({ rule, region }) => `${rule} ${region}`}
      dataSource={[...rows]}
      width={760}
      pagination={{ pageSize: 20, hideOnSinglePage: true, showSizeChanger: false }}
      columns={[
        ...(withRule ? [{ title: words.rule, dataIndex: "rule" }] : []),
        { title: words.region, render: (_, { region }) => <RegionName code={region} /> },
        { title: words.findings, align: "right", render: (_, row) => number(row.findings) },
        { title: words.people, align: "right", render: (_, row) => number(row.people) },
        { title: words.confirmed, align: "right", render: (_, row) => number(row.peopleConfirmed) },
        { title: words.honest, align: "right", render: (_, row) => number(row.peopleHonest) },
        { title: words.precision, align: "right", render: (_, row) => percentText(row.precision) },
        { title: words.falseBlocks, align: "right", render: (_, row) => percentText(row.falseBlockRate, 2) },
        { title: words.prevented, align: "right", render: (_, row) => <Money fen={row.preventedFen} /> },
        {
          title: words.honestStopped,
          align: "right",
          render: (_, row) => <Money fen={row.honestStoppedFen} />,
        },
      ]}
    />
  );
}

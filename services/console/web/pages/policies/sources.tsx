/** What the sources say beside what is in force: contradictions, what was not taken, release and replacement. */

import { Card, Flex } from "antd";
import type { PoliciesAnswer } from "../../../../../schemas/http/policies-console.js";
import { Money } from "../../parts/values.js";
import { WideTable } from "../../parts/wide-table.js";
import { type Language, useLanguage, useWords } from "../../words/words.js";
import { PlaceName } from "./in-force.js";
import { confidenceWords, durationText, needsText, policyWords } from "./policy-words.js";

type Facts = PoliciesAnswer["facts"];

export function Sources({ facts }: { readonly facts: Facts }) {
  const words = useWords(policyWords);
  const confidences = useWords(confidenceWords);
  const language = useLanguage();
  const place = {
    title: words.region,
    render: (_: unknown, { region }: { region: string }) => <PlaceName region={region} />,
  };
  const source = {
    title: words.source,
    render: (_: unknown, row: { source: string; confidence: keyof typeof confidences }) =>
      `${row.source}（${confidences[row.confidence]}）`,
  };
  return (
    <Flex vertical gap={16}>
      <Card size="small" title={words.contradictions}>
        <WideTable
          size="small"
          rowKey="topic"
          pagination={false}
          width={640}
          dataSource={facts.contradictions}
          columns={[
            { title: words.topic, dataIndex: "topic" },
            {
              title: words.says,
              render: (_, { values }) =>
                values.map((value) => (
                  <div key={`${value.says} ${value.source}`}>
                    {value.says}（{value.source}）
                  </div>
                )),
            },
            { title: words.handling, dataIndex: "handling" },
          ]}
        />
      </Card>
      <Card size="small" title={words.statements}>
        <WideTable
          size="small"
          rowKey="id"
          pagination={false}
          width={640}
          dataSource={facts.statements}
          columns={[
            place,
            { title: words.says, render: (_, { note, contact }) => note ?? contact ?? "—" },
            { title: words.because, dataIndex: "notInForceBecause" },
            source,
          ]}
        />
      </Card>
      <Card size="small" title={words.releases}>
        <WideTable
          size="small"
          rowKey="id"
          pagination={false}
          width={640}
          dataSource={facts.releases}
          columns={[
            place,
            {
              title: words.says,
              render: (_, { possible, when }) => `${possible ? words.possible : words.impossible}：${when}`,
            },
            { title: words.needs, render: (_, { requires }) => needsText(requires, language) },
            source,
          ]}
        />
      </Card>
      <Card size="small" title={words.replacements}>
        <WideTable
          size="small"
          rowKey="id"
          pagination={false}
          width={640}
          dataSource={facts.replacements}
          columns={[
            place,
            { title: words.says, dataIndex: "way" },
            { title: words.takes, render: (_, { takes }) => takesText(takes, language) },
            { title: words.fee, render: (_, { feeFen }) => <Money fen={feeFen?.[1] ?? null} /> },
            { title: words.needs, render: (_, { requires }) => needsText(requires, language) },
            source,
          ]}
        />
      </Card>
    </Flex>
  );
}

function takesText(takes: Facts["replacements"][number]["takes"], language: Language): string {
  if (takes === null) return "—";
  const [min, max, unit] = takes;
  return min === max ? durationText(max, unit, language) : `${min}–${durationText(max, unit, language)}`;
}

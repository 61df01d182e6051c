/** What delays and lapses of loss policies let through, by city. */

import { Card, Flex, Table, Typography } from "antd";
import type { Gap, GapsResult } from "../../../../../../schemas/backtest.js";
import { EmptyState } from "../../../parts/page-state.js";
import { Money, RegionName } from "../../../parts/values.js";
import { WideTable } from "../../../parts/wide-table.js";
import { useWords } from "../../../words/words.js";
import { channelWords } from "../../policies/policy-words.js";
import { rulesWords } from "../words.js";

export function GapsShown({ gaps }: { readonly gaps: GapsResult }) {
  const words = useWords(rulesWords);
  const channels = useWords(channelWords);
  return (
    <Flex vertical gap={8}>
      <Typography.Text type="secondary">
        {words.gapsNote} {words.settlesAfterReport}：{gaps.settlesAfterReport}
      </Typography.Text>
      <Card size="small">
        {gaps.rows.length === 0 ? (
          <EmptyState>{words.gapsNone}</EmptyState>
        ) : (
          <WideTable
            size="small"
            rowKey={({ city, channel, policyId }) => `${city} ${channel} ${policyId}`}
            dataSource={gaps.rows}
            width={560}
            pagination={{ pageSize: 20, hideOnSinglePage: true, showSizeChanger: false }}
            columns={[
              { title: words.city, render: (_, { city }) => <RegionName code={city} /> },
              { title: words.channel, render: (_, { channel }) => channels[channel] },
              { title: words.policy, render: (_, { policyId }) => policyId ?? "—" },
              { title: words.delayGap, align: "right", render: (_, { delay }) => <GapText gap={delay} /> },
              { title: words.lapseGap, align: "right", render: (_, { lapse }) => <GapText gap={lapse} /> },
            ]}
            summary={() => (
              <Table.Summary.Row>
                <Table.Summary.Cell index={0} colSpan={3}>
                  {words.gapsTotal}
                </Table.Summary.Cell>
                <Table.Summary.Cell index={3} align="right">
                  <GapText gap={gaps.total.delay} />
                </Table.Summary.Cell>
                <Table.Summary.Cell index={4} align="right">
                  <GapText gap={gaps.total.lapse} />
                </Table.Summary.Cell>
              </Table.Summary.Row>
            )}
          />
        )}
      </Card>
    </Flex>
  );
}

function GapText({ gap: { letThrough, letThroughFen } }: { readonly gap: Gap }) {
  return (
    <span className="number">
      {letThrough} · <Money fen={letThroughFen} />
    </span>
  );
}

/** Each claimed swipe against the reports of loss: who bears it, why, by which source; and the sums. */

import { Descriptions, Flex, Table, Tag } from "antd";
import type { ClaimedSwipe } from "../../../../../schemas/appeal.js";
import type { AppealDetail } from "../../../../../schemas/http/appeals.js";
import { InstantText, Money } from "../../parts/values.js";
import { filled, useWords } from "../../words/words.js";
import { Wide } from "../case/wide.js";
import { appealWords, bearerWords, positionWords } from "./appeal-words.js";

export function ClaimedSwipes({ found }: { readonly found: AppealDetail }) {
  const words = useWords(appealWords);
  const bearers = useWords(bearerWords);
  const positions = useWords(positionWords);
  const sourceOf = new Map(found.sources.map(({ decisionId, source }) => [decisionId, source]));
  return (
    <>
      <Wide label={words.swipes}>
        <Table<ClaimedSwipe>
          size="small"
          rowKey="decisionId"
          dataSource={found.swipes}
          pagination={false}
          columns={[
            { title: words.time, render: (_, { occurredAt }) => <InstantText at={occurredAt} /> },
            { title: words.amount, align: "right", render: (_, { totalFen }) => <Money fen={totalFen} /> },
            {
              title: words.accountPaid,
              align: "right",
              render: (_, { accountFen }) => <Money fen={accountFen} />,
            },
            { title: words.position, render: (_, { position }) => positions[position] },
            {
              title: words.bearer,
              render: (_, { bearer, because, decisionId }) => (
                <div style={{ maxWidth: 320, whiteSpace: "normal" }}>
                  <Tag>{bearers[bearer]}</Tag>
                  <div>{because}</div>
                  <small>
                    {words.source}：{sourceOf.get(decisionId) ?? "—"}
                  </small>
                </div>
              ),
            },
            {
              title: words.outcome,
              render: (_, { outcome }) => (outcome === null ? "—" : words[outcome]),
            },
          ]}
        />
      </Wide>
      <Sums sums={found.sums} />
    </>
  );
}

const SHOWN = ["claimed", "afterEffect", "beforeEffect", "undetermined", "notClaimed"] as const;

function Sums({ sums }: { readonly sums: AppealDetail["sums"] }) {
  const words = useWords(appealWords);
  return (
    <Descriptions
      size="small"
      style={{ marginTop: 12 }}
      title={words.sums}
      column={{ xs: 1, sm: 2, lg: 3 }}
      items={SHOWN.map((name) => ({
        key: name,
        label: words[name],
        children: (
          <Flex gap={8}>
            <Money fen={sums[name].totalFen} />
            {filled(words.count, { count: sums[name].count })}
          </Flex>
        ),
      }))}
    />
  );
}

/** Swipes of a place, with what they were answered. */

import { Space } from "antd";
import type { DecisionRow } from "../../../../../schemas/http/figures.js";
import { swipeKindWords } from "../../words/domain.js";
import { useWords } from "../../words/words.js";
import { RowList } from "../row-list.js";
import { ActionTag, RuleTag } from "../tags.js";
import { InstantText, Money, RegionName, Token } from "../values.js";
import { PersonLink, TerminalLink } from "./subject-links.js";
import { subjectWords } from "./subject-words.js";

export function SwipeRows({ rows }: { readonly rows: readonly DecisionRow[] }) {
  const words = useWords(subjectWords);
  const kinds = useWords(swipeKindWords);
  return (
    <RowList
      label={words.swipes}
      rows={rows}
      keyOf={({ decisionId }) => decisionId}
      empty={words.noSwipes}
      columns={[
        { key: "time", title: words.time, of: ({ at }) => <InstantText at={at} /> },
        { key: "person", title: words.person, of: ({ personKey }) => <PersonLink personKey={personKey} /> },
        { key: "tail", title: words.cardTail, of: ({ cardTail }) => cardTail || "—" },
        { key: "kind", title: words.kind, of: ({ kind }) => kinds[kind] },
        {
          key: "amount",
          title: words.amount,
          isNumber: true,
          of: ({ totalFen }) => <Money fen={totalFen} />,
        },
        { key: "decision", title: words.decision, of: (row) => <Answered row={row} /> },
        {
          key: "rules",
          title: words.rules,
          of: ({ rules }) =>
            rules.length === 0 ? "—" : rules.map((rule) => <RuleTag key={rule} rule={rule} />),
        },
        {
          key: "terminal",
          title: words.terminal,
          of: ({ institutionId, terminalId }) =>
            terminalId === "" ? "—" : <TerminalLink institutionId={institutionId} terminalId={terminalId} />,
        },
        { key: "operator", title: words.operator, of: ({ operatorId }) => operatorId || "—" },
        {
          key: "insured",
          title: words.region,
          of: ({ insuredRegion }) => <RegionName code={insuredRegion} />,
        },
        { key: "event", title: words.event, of: ({ eventId }) => <Token value={eventId} /> },
      ]}
    />
  );
}

export function Answered({ row }: { readonly row: Pick<DecisionRow, "action" | "effectiveAction"> }) {
  const words = useWords(subjectWords);
  return (
    <Space size={4} wrap>
      <ActionTag action={row.action} />
      {row.effectiveAction !== row.action && (
        <>
          {words.revised} <ActionTag action={row.effectiveAction} />
        </>
      )}
    </Space>
  );
}

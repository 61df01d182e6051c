/** By when somebody has to do something, the next first. */

import { Flex, Tag } from "antd";
import { DEADLINE_KINDS } from "../../../../../schemas/appeal-deadlines.js";
import type { AppealDetail } from "../../../../../schemas/http/appeals.js";
import { EmptyState } from "../../parts/page-state.js";
import { InstantText } from "../../parts/values.js";
import { useWords } from "../../words/words.js";
import { appealWords, deadlineWords } from "./appeal-words.js";

export function Deadlines({ deadlines }: Pick<AppealDetail, "deadlines">) {
  const words = useWords(appealWords);
  const kinds = useWords(deadlineWords);
  if (deadlines.length === 0) return <EmptyState />;
  const sorted = [...deadlines].sort((a, b) => Date.parse(a.dueAt) - Date.parse(b.dueAt));
  return sorted.map(({ kind, whose, dueAt, isMissed, isUncertain }) => {
    const known = DEADLINE_KINDS.find((one) => one === kind);
    return (
      <Flex key={`${kind} ${dueAt}`} gap={8} wrap style={{ padding: "4px 0" }}>
        <strong>{known === undefined ? kind : kinds[known]}</strong>
        <span>{words[whose]}</span>
        <InstantText at={dueAt} withSeconds={false} />
        {isMissed && (
          <Tag color="#b3202c" variant="solid">
            {words.missed}
          </Tag>
        )}
        {isUncertain && <span>{words.uncertain}</span>}
      </Flex>
    );
  });
}

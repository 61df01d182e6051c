/** Somebody else was first: what changed, by whom; what the reader typed stays where it is. */

import { Alert, Button, Flex } from "antd";
import { InstantText } from "../../parts/values.js";
import { filled, useWords } from "../../words/words.js";
import { useRecordWord } from "./bilingual.js";
import type { CaseChanges } from "./case-query.js";
import { workWords } from "./work-words.js";

export function ConflictNotice({ changes }: { readonly changes: CaseChanges }) {
  const words = useWords(workWords);
  const word = useRecordWord();
  const { conflict, take, isBusy } = changes;
  if (conflict === null) return null;
  const { seen, now, again } = conflict;
  const since = now.history.filter(({ version }) => version > seen.version);
  return (
    <Alert
      type="warning"
      showIcon
      role="alert"
      title={words.conflictTitle}
      style={{ marginBlock: 12 }}
      description={
        <>
          <ul style={{ paddingInlineStart: 20 }}>
            {since.map(({ version, at, actor, action, reason }) => (
              <li key={version}>
                <strong>{actor}</strong> {word(action)} · <InstantText at={at} />
                {reason !== null && (
                  <>
                    ：<bdi>{reason}</bdi>
                  </>
                )}
              </li>
            ))}
            {since.length === 0 && <li>{words.conflictNothing}</li>}
            {seen.alerts !== now.alerts && (
              <li>{filled(words.alertsNow, { before: seen.alerts, now: now.alerts })}</li>
            )}
          </ul>
          <Flex gap={8} wrap>
            <Button type="primary" onClick={() => take(now)}>
              {words.load}
            </Button>
            <Button loading={isBusy} onClick={() => void again()}>
              {words.again}
            </Button>
          </Flex>
        </>
      }
    />
  );
}

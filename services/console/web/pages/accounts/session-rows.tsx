import { Button, Flex, Tag } from "antd";
import type { SessionSummary } from "../../../../../schemas/http/console-access.js";
import { InstantText } from "../../parts/values.js";
import { useWords } from "../../words/words.js";
import { accountWords, methodWords } from "./account-words.js";

/** Open sessions, each with a way to end it. */
export function SessionRows({
  sessions,
  onEnd,
  isBusy,
}: {
  readonly sessions: readonly SessionSummary[];
  readonly onEnd: (sessionId: string) => void;
  readonly isBusy: boolean;
}) {
  const words = useWords(accountWords);
  const methods = useWords(methodWords);
  return (
    <Flex vertical gap={12}>
      {sessions.map(({ sessionId, device, method, startedAt, usedAt, isCurrent }) => (
        <Flex key={sessionId} gap={12} wrap align="center" justify="space-between">
          <div style={{ minWidth: 0, overflowWrap: "anywhere" }}>
            <div>
              <Tag>{methods[method]}</Tag>
              {isCurrent && <Tag color="blue">{words.current}</Tag>}
              <bdi>{device || "—"}</bdi>
            </div>
            <small>
              {words.startedAt} <InstantText at={startedAt} withSeconds={false} /> · {words.usedAt}{" "}
              <InstantText at={usedAt} withSeconds={false} />
            </small>
          </div>
          {!isCurrent && (
            <Button disabled={isBusy} onClick={() => onEnd(sessionId)}>
              {words.end}
            </Button>
          )}
        </Flex>
      ))}
    </Flex>
  );
}

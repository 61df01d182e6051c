/** Records that were refused: where from and why; who may, drives them again. */

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Card, Flex, Popconfirm, Tag, Typography } from "antd";
import { SYSTEM_ROUTES } from "../../../../../schemas/http/system-routes.js";
import { ask, Refused } from "../../app/ask.js";
import { useMay } from "../../app/session.js";
import { useKeysetList } from "../../parts/keyset-list.js";
import { MoreButton } from "../../parts/more-button.js";
import { ErrorState, QueryState } from "../../parts/page-state.js";
import { RowList } from "../../parts/row-list.js";
import { InstantText } from "../../parts/values.js";
import { filled, useWords } from "../../words/words.js";
import { systemWords } from "./system-words.js";

const KEY = ["dead-letters"] as const;

export function DeadLetters() {
  const words = useWords(systemWords);
  const mayRedrive = useMay("system.redrive");
  const list = useKeysetList({
    queryKey: KEY,
    load: async (after, signal) => {
      const page = await ask(SYSTEM_ROUTES.deadLetters, { query: { from: after }, signal });
      return { items: page.letters, after: page.from === null ? null : String(page.from) };
    },
  });
  const letters = list.pages.flatMap(({ items }) => items);
  if (list.error instanceof Refused && list.error.code === "GATEWAY_AWAY")
    return <Alert type="warning" showIcon title={words.lettersAway} />;
  return (
    <Card>
      <Typography.Paragraph type="secondary">{words.letters}</Typography.Paragraph>
      {mayRedrive && <Redrive />}
      <QueryState query={list}>
        {() => (
          <>
            <RowList
              label={words.tabLetters}
              rows={letters}
              keyOf={({ offset }) => String(offset)}
              empty={words.noLetters}
              columns={[
                { key: "offset", title: words.place, isNumber: true, of: ({ offset }) => offset },
                {
                  key: "at",
                  title: words.receivedAt,
                  of: ({ receivedAt }) => <InstantText at={receivedAt} />,
                },
                {
                  key: "source",
                  title: words.source,
                  of: ({ source, position }) => `${source} #${position}`,
                },
                { key: "expects", title: words.expects, of: ({ expects }) => expects },
                {
                  key: "reason",
                  title: words.reason,
                  of: ({ code, reason }) => (
                    <>
                      <span className="code">{code}</span> {reason}
                    </>
                  ),
                },
                {
                  key: "field",
                  title: words.field,
                  of: ({ field }) => <span className="code">{field || "—"}</span>,
                },
                { key: "bytes", title: words.bytes, isNumber: true, of: ({ bytes }) => bytes },
                {
                  key: "state",
                  title: words.verdict,
                  of: ({ isRedriven }) => <Tag>{isRedriven ? words.redriven : words.waitingLetter}</Tag>,
                },
              ]}
            />
            <MoreButton list={list} />
          </>
        )}
      </QueryState>
    </Card>
  );
}

function Redrive() {
  const words = useWords(systemWords);
  const queries = useQueryClient();
  const redrive = useMutation({
    mutationFn: () => ask(SYSTEM_ROUTES.redrive, {}),
    onSuccess: () => queries.invalidateQueries({ queryKey: KEY }),
  });
  return (
    <Flex vertical gap={8} style={{ marginBottom: 12 }} aria-live="polite">
      <Popconfirm
        title={words.redriveAsk}
        description={words.redriveNote}
        okText={words.confirm}
        cancelText={words.cancel}
        onConfirm={() => redrive.mutate()}
      >
        <Button loading={redrive.isPending} style={{ alignSelf: "start" }}>
          {words.redrive}
        </Button>
      </Popconfirm>
      {redrive.error !== null && <ErrorState error={redrive.error} />}
      {redrive.data !== undefined && (
        <Alert
          type={redrive.data.stillRefused.length === 0 ? "success" : "warning"}
          showIcon
          title={filled(words.redriveDone, {
            redriven: redrive.data.redriven,
            still: redrive.data.stillRefused.length,
            skipped: redrive.data.skipped,
          })}
        />
      )}
    </Flex>
  );
}

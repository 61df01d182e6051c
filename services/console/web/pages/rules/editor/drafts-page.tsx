/** A person's own drafts. */

import { useQuery } from "@tanstack/react-query";
import { Button, Card, Flex, Popconfirm, Typography } from "antd";
import { Link, useNavigate } from "react-router-dom";
import { RULES_CONSOLE_ROUTES as ROUTES } from "../../../../../../schemas/http/rules-console-routes.js";
import { ask } from "../../../app/ask.js";
import { PageHead } from "../../../parts/page-head.js";
import { EmptyState, QueryState } from "../../../parts/page-state.js";
import { InstantText } from "../../../parts/values.js";
import { filled, useWords } from "../../../words/words.js";
import { useChange } from "../parts/rule-queries.js";
import { ToneTag } from "../parts/rule-tags.js";
import { RulesNav } from "../parts/rules-nav.js";
import { rulesWords } from "../words.js";

export default function DraftsPage() {
  const words = useWords(rulesWords);
  const navigate = useNavigate();
  const drafts = useQuery({
    queryKey: ["rules", "drafts"],
    queryFn: ({ signal }) => ask(ROUTES.drafts, { signal }),
  });
  const start = useChange(
    () => ask(ROUTES.startDraft, { body: { baseVersion: null } }),
    ({ draftId }) => navigate(`/rules/drafts/${draftId}`),
  );
  const drop = useChange((draft: string) => ask(ROUTES.dropDraft, { path: { draft } }));
  return (
    <>
      <PageHead
        title={words.drafts}
        note={words.draftsNote}
        actions={
          <Button type="primary" loading={start.isPending} onClick={() => start.mutate(undefined)}>
            {words.newDraft}
          </Button>
        }
      />
      <RulesNav />
      <QueryState
        query={drafts}
        isEmpty={(answer) => answer.drafts.length === 0}
        empty={<EmptyState>{words.noDrafts}</EmptyState>}
      >
        {(answer) => (
          <Flex vertical gap={8}>
            {answer.drafts.map((draft) => (
              <Card key={draft.draftId} size="small">
                <Flex justify="space-between" wrap gap={8}>
                  <div>
                    <Link to={`/rules/drafts/${draft.draftId}`}>
                      {filled(words.draftOf, { version: draft.baseVersion })}
                    </Link>{" "}
                    {!draft.isBaseRunning && <ToneTag tone="warning">{words.draftOld}</ToneTag>}
                    <div>{draft.comment}</div>
                    <Typography.Text type="secondary">
                      {words.updatedAt} <InstantText at={draft.updatedAt} />
                    </Typography.Text>
                  </div>
                  <Popconfirm title={words.dropAsk} onConfirm={() => drop.mutate(draft.draftId)}>
                    <Button danger size="small">
                      {words.drop}
                    </Button>
                  </Popconfirm>
                </Flex>
              </Card>
            ))}
          </Flex>
        )}
      </QueryState>
    </>
  );
}

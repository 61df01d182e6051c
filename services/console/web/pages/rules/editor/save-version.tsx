/** The comment of a draft, and the draft as a version for another's eyes. */

import { App, Button, Card, Flex, Input } from "antd";
import { useState } from "react";
import { useNavigate } from "react-router-dom";
import { COMMENT_LENGTH_MAX } from "../../../../../../schemas/http/rules.js";
import type { DraftDetail } from "../../../../../../schemas/http/rules-console.js";
import { RULES_CONSOLE_ROUTES as ROUTES } from "../../../../../../schemas/http/rules-console-routes.js";
import { ask } from "../../../app/ask.js";
import { filled, useWords } from "../../../words/words.js";
import { useChange } from "../parts/rule-queries.js";
import { rulesWords } from "../words.js";
import type { DraftSaving } from "./draft-saving.js";

export function SaveVersion({
  draft,
  saving,
}: {
  readonly draft: DraftDetail;
  readonly saving: DraftSaving;
}) {
  const words = useWords(rulesWords);
  const navigate = useNavigate();
  const { message } = App.useApp();
  const [comment, setComment] = useState(draft.comment);
  const save = useChange(
    () =>
      ask(ROUTES.saveDraft, { path: { draft: draft.draftId }, body: { revision: draft.revision, comment } }),
    ({ version }) => {
      void message.success(filled(words.savedVersion, { version }));
      navigate(`/rules/versions/${version}`);
    },
  );
  const isReady = saving.state === "saved" && draft.mistakes.length === 0 && draft.changes.length > 0;
  return (
    <Card size="small" title={words.saveVersion}>
      <Flex vertical gap={8}>
        <Input.TextArea
          aria-label={words.comment}
          placeholder={words.comment}
          maxLength={COMMENT_LENGTH_MAX}
          showCount
          rows={3}
          value={comment}
          onChange={({ target }) => {
            setComment(target.value);
            saving.comment(target.value);
          }}
        />
        <div>
          <Button
            type="primary"
            disabled={!isReady || comment.trim() === ""}
            loading={save.isPending}
            onClick={() => save.mutate(undefined)}
          >
            {words.saveVersion}
          </Button>
        </div>
      </Flex>
    </Card>
  );
}

/** What people and the guard said of a version. */

import { Button, Card, Flex, Input, Tag, Typography } from "antd";
import { useState } from "react";
import { COMMENT_LENGTH_MAX, type VersionDetail } from "../../../../../../schemas/http/rules.js";
import { RULES_ROUTES } from "../../../../../../schemas/http/rules-routes.js";
import { ask } from "../../../app/ask.js";
import { useMay } from "../../../app/session.js";
import { InstantText } from "../../../parts/values.js";
import { filled, useWords } from "../../../words/words.js";
import { useChange } from "../parts/rule-queries.js";
import { ToneTag } from "../parts/rule-tags.js";
import { rulesWords } from "../words.js";

export function VersionSaid({ detail }: { readonly detail: VersionDetail }) {
  const words = useWords(rulesWords);
  const { approvals, checks, comments } = detail;
  return (
    <>
      <Card size="small" title={words.approvals}>
        {approvals.length === 0 && words.noApprovals}
        {approvals.map(({ person, approvedAt, counts }) => (
          <div key={person}>
            {person} · <InstantText at={approvedAt} />{" "}
            {!counts && <ToneTag tone="warning">{words.approvalGone}</ToneTag>}
          </div>
        ))}
      </Card>
      <Card size="small" title={words.checks}>
        {checks.length === 0 && words.noChecks}
        {checks.map((check) => (
          <div key={check.checkedAt} style={{ marginBottom: 8 }}>
            <ToneTag tone={check.result === "ok" ? "success" : "error"}>
              {check.result === "ok" ? words.checkOk : words.checkObjection}
            </ToneTag>
            <InstantText at={check.checkedAt} />
            {check.confirmedBy !== null && (
              <Tag style={{ marginLeft: 8 }}>{filled(words.confirmedBy, { person: check.confirmedBy })}</Tag>
            )}
            <div>{check.text}</div>
          </div>
        ))}
      </Card>
      <Card size="small" title={words.comments}>
        {comments.map(({ author, text, writtenAt }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: comments are only ever added, at the end.
          <div key={index} style={{ marginBottom: 8 }}>
            <Typography.Text type="secondary">
              {author} · <InstantText at={writtenAt} />
            </Typography.Text>
            <div style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>{text}</div>
          </div>
        ))}
        <NewComment version={detail.version} />
      </Card>
    </>
  );
}

function NewComment({ version }: { readonly version: number }) {
  const words = useWords(rulesWords);
  const mayDraft = useMay("rules.draft");
  const [text, setText] = useState("");
  const add = useChange(
    () => ask(RULES_ROUTES.comment, { path: { version }, body: { text } }),
    () => setText(""),
  );
  if (!mayDraft) return null;
  return (
    <Flex vertical gap={8}>
      <Input.TextArea
        aria-label={words.addComment}
        placeholder={words.addComment}
        maxLength={COMMENT_LENGTH_MAX}
        rows={3}
        value={text}
        onChange={({ target }) => setText(target.value)}
      />
      <div>
        <Button disabled={text.trim() === ""} loading={add.isPending} onClick={() => add.mutate(undefined)}>
          {words.addComment}
        </Button>
      </div>
    </Flex>
  );
}

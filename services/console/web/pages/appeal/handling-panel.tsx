/** What the office may do about an appeal in its state; the office itself decides whether it is allowed. */

import { Alert, Button, Card, Flex } from "antd";
import type { ReactNode } from "react";
import type { AppealDetail } from "../../../../../schemas/http/appeals.js";
import { APPEALS_ROUTES as ROUTES } from "../../../../../schemas/http/appeals-routes.js";
import { ask } from "../../app/ask.js";
import { useMay } from "../../app/session.js";
import { useWords } from "../../words/words.js";
import { RefusedAlert } from "../case/refused-alert.js";
import { type AppealChanges, useAppealChanges } from "./appeal-query.js";
import { appealWords } from "./appeal-words.js";
import { DecisionForm } from "./decision-form.js";
import { ProposedDecision } from "./proposed-decision.js";
import { TextForm } from "./text-form.js";

export interface HandlingPart {
  readonly found: AppealDetail;
  readonly changes: AppealChanges;
}

export function HandlingPanel({ found }: { readonly found: AppealDetail }) {
  const words = useWords(appealWords);
  const mayWork = useMay("appeals.work");
  const changes = useAppealChanges(found);
  return (
    <Card size="small" title={words.handling}>
      {changes.isConflict ? (
        <Alert
          type="warning"
          showIcon
          title={words.conflict}
          action={
            <Button size="small" onClick={() => void changes.load()}>
              {words.load}
            </Button>
          }
        />
      ) : (
        <RefusedAlert problem={changes.problem} onClose={changes.forget} />
      )}
      {mayWork ? <Steps found={found} changes={changes} /> : <Alert type="info" title={words.mayNot} />}
    </Card>
  );
}

/** By state: docs/appeals.md has the course. */
function Steps({ found, changes }: HandlingPart): ReactNode {
  const words = useWords(appealWords);
  const part = { found, changes };
  const path = { id: found.appealId };
  const more = <ReturnForm {...part} />;
  switch (found.state) {
    case "submitted":
      return (
        <Flex vertical gap={12}>
          <Button
            type="primary"
            loading={changes.isBusy}
            onClick={() => void changes.run((version) => ask(ROUTES.accept, { path, body: { version } }))}
          >
            {words.accept}
          </Button>
          {more}
        </Flex>
      );
    case "returned-for-more":
      return (
        <>
          <p>{words.waitsForHolder}</p>
          <TextForm
            {...part}
            field="appeal-review"
            label={words.resumeReason}
            action={words.resume}
            change={(version, reason) => ask(ROUTES.resume, { path, body: { version, reason } })}
          />
        </>
      );
    case "first-review":
    case "second-review":
      return (
        <>
          <TextForm
            {...part}
            isPrimary
            field="appeal-review"
            label={words.opinion}
            action={found.state === "first-review" ? words.review1 : words.review2}
            change={(version, opinion) => ask(ROUTES.review, { path, body: { version, opinion } })}
          />
          {more}
        </>
      );
    case "investigation":
      return (
        <>
          <TextForm
            {...part}
            field="appeal-findings"
            label={words.findings}
            action={words.investigate}
            change={(version, findings) => ask(ROUTES.investigate, { path, body: { version, findings } })}
          />
          {found.proposal === null ? (
            <DecisionForm {...part} action={words.decide} route={ROUTES.decide} />
          ) : (
            <ProposedDecision {...part} proposal={found.proposal} />
          )}
          {more}
        </>
      );
    case "reconsideration":
      return <DecisionForm {...part} action={words.reconsider} route={ROUTES.reconsider} />;
    case "draft":
    case "decided":
    case "withdrawn":
    case "closed":
      return words.nothingToDo;
  }
}

function ReturnForm(part: HandlingPart) {
  const words = useWords(appealWords);
  const path = { id: part.found.appealId };
  return (
    <TextForm
      {...part}
      field="appeal-return"
      label={words.what}
      action={words.returnIt}
      change={(version, what) => ask(ROUTES.return, { path, body: { version, what } })}
    />
  );
}

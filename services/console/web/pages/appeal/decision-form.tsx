/** A decision: for each claimed swipe whether it is upheld, and the reasons that the holder reads. */

import { Button, Checkbox, Flex, Radio, Typography } from "antd";
import { useState } from "react";
import type { ClaimedSwipe } from "../../../../../schemas/appeal.js";
import type { APPEALS_ROUTES } from "../../../../../schemas/http/appeals-routes.js";
import { ask } from "../../app/ask.js";
import { useSession } from "../../app/session.js";
import { InstantText, Money } from "../../parts/values.js";
import { useWords } from "../../words/words.js";
import { DraftField } from "../case/draft-field.js";
import { useDraft } from "../case/drafts.js";
import { appealWords } from "./appeal-words.js";
import type { HandlingPart } from "./handling-panel.js";
import { TEXT_LENGTH_MAX } from "./text-form.js";

type Outcome = "upheld" | "rejected";

export function DecisionForm({
  found,
  changes,
  action,
  route,
}: HandlingPart & {
  readonly action: string;
  readonly route: (typeof APPEALS_ROUTES)["decide"] | (typeof APPEALS_ROUTES)["reconsider"];
}) {
  const words = useWords(appealWords);
  const { name } = useSession();
  const [outcomes, setOutcomes] = useState<Readonly<Record<string, Outcome>>>({});
  const [own, setOwn] = useState<readonly string[]>([]);
  const draft = useDraft(found.caseId, "appeal-decision");
  const reasons = draft.text.trim();
  const isWhole = found.swipes.every(({ decisionId }) => outcomes[decisionId] !== undefined);
  const hasReviewed = found.history.some(
    ({ type, by }) => (type === "first-reviewed" || type === "second-reviewed") && by.includes(name),
  );
  const choose = (decisionId: string, outcome: Outcome) => {
    setOutcomes({ ...outcomes, [decisionId]: outcome });
    if (outcome === "upheld") setOwn(own.filter((one) => one !== decisionId));
  };
  const send = async () => {
    const isDone = await changes.run((version) =>
      ask(route, {
        path: { id: found.appealId },
        body: { version, outcomes: { ...outcomes }, own: [...own], reasons },
      }),
    );
    if (isDone) draft.clear();
  };
  return (
    <Flex vertical gap={8} style={{ marginBottom: 12 }}>
      {found.swipes.map((swipe) => (
        <OneOutcome
          key={swipe.decisionId}
          swipe={swipe}
          outcome={outcomes[swipe.decisionId]}
          isOwn={own.includes(swipe.decisionId)}
          onChoose={(outcome) => choose(swipe.decisionId, outcome)}
          onOwn={(isOwn) =>
            setOwn(isOwn ? [...own, swipe.decisionId] : own.filter((one) => one !== swipe.decisionId))
          }
        />
      ))}
      <DraftField draft={draft} label={words.reasons} lengthMax={TEXT_LENGTH_MAX} />
      {hasReviewed && <Typography.Text type="secondary">{words.proposes}</Typography.Text>}
      <Button
        type="primary"
        disabled={!isWhole || reasons === ""}
        loading={changes.isBusy}
        onClick={() => void send()}
      >
        {action}
      </Button>
    </Flex>
  );
}

function OneOutcome({
  swipe: { occurredAt, totalFen },
  outcome,
  isOwn,
  onChoose,
  onOwn,
}: {
  readonly swipe: ClaimedSwipe;
  readonly outcome: Outcome | undefined;
  readonly isOwn: boolean;
  readonly onChoose: (outcome: Outcome) => void;
  readonly onOwn: (isOwn: boolean) => void;
}) {
  const words = useWords(appealWords);
  return (
    <fieldset style={{ border: "1px solid #e3e7ec", borderRadius: 6, margin: 0 }}>
      <legend style={{ fontSize: 13 }}>
        <InstantText at={occurredAt} withSeconds={false} /> · <Money fen={totalFen} />
      </legend>
      <Radio.Group
        value={outcome ?? null}
        onChange={({ target }) => onChoose(target.value)}
        options={[
          { value: "upheld", label: words.upheld },
          { value: "rejected", label: words.rejected },
        ]}
      />
      {outcome === "rejected" && (
        <Checkbox checked={isOwn} onChange={({ target }) => onOwn(target.checked)}>
          {words.own}
        </Checkbox>
      )}
    </fieldset>
  );
}

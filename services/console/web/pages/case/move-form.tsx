import { Button, Flex, Radio, Typography } from "antd";
import { useState } from "react";
import type { CaseState } from "../../../../../schemas/case-transitions.js";
import { CASES_ROUTES } from "../../../../../schemas/http/cases-routes.js";
import { ask } from "../../app/ask.js";
import { useSession } from "../../app/session.js";
import { caseStateWords } from "../../words/domain.js";
import { useWords } from "../../words/words.js";
import type { WorkPart } from "./assign-form.js";
import { DraftField } from "./draft-field.js";
import { useDraft } from "./drafts.js";
import { workWords } from "./work-words.js";

const REASON_LENGTH_MAX = 1_000;

/** Where the case may go from here, by the table of transitions that the office keeps to. */
export function MoveForm({ found, changes }: WorkPart) {
  const words = useWords(workWords);
  const states = useWords(caseStateWords);
  const { name } = useSession();
  const { caseId, next, assignee, state } = found;
  const [to, setTo] = useState<CaseState | null>(null);
  const draft = useDraft(caseId, "reason");
  const chosen = next.find((one) => one.to === to);
  // Whoever reopens a closed case has it then.
  const isMine = assignee === name || state === "closed";
  const reason = draft.text.trim();
  const send = async () => {
    if (chosen === undefined) return;
    const body = { to: chosen.to, ...(reason !== "" && { reason }) };
    const isDone = await changes.run((version) =>
      ask(CASES_ROUTES.move, { path: { id: caseId }, body: { ...body, version } }),
    );
    if (!isDone) return;
    draft.clear();
    setTo(null);
  };
  return (
    <Flex vertical gap={8}>
      {!isMine && <Typography.Text type="secondary">{words.notAssigned}</Typography.Text>}
      <Radio.Group aria-label={words.moveTo} value={to} onChange={({ target }) => setTo(target.value)}>
        <Flex vertical>
          {next.map((one) => (
            <Radio key={one.to} value={one.to}>
              {states[one.to]}
              {one.secondPerson && <Typography.Text type="secondary"> · {words.needsSecond}</Typography.Text>}
              {one.requires.map((need) => (
                <Typography.Text key={need} type="secondary">
                  {" "}
                  · {words.requires}：{words[need]}
                </Typography.Text>
              ))}
            </Radio>
          ))}
        </Flex>
      </Radio.Group>
      <DraftField
        draft={draft}
        label={chosen?.reason === "needed" ? `${words.reason}（${words.reasonNeeded}）` : words.reason}
        lengthMax={REASON_LENGTH_MAX}
      />
      <Button
        type="primary"
        disabled={chosen === undefined || !isMine || (chosen.reason === "needed" && reason === "")}
        loading={changes.isBusy}
        onClick={() => void send()}
      >
        {chosen?.secondPerson === true ? words.propose : words.moveTo}
      </Button>
    </Flex>
  );
}

import { Button, Card, Descriptions, Flex } from "antd";
import type { CallOutcome } from "../../../../../schemas/case-command.js";
import { CASES_ROUTES } from "../../../../../schemas/http/cases-routes.js";
import { ask } from "../../app/ask.js";
import { InstantText } from "../../parts/values.js";
import { useWords } from "../../words/words.js";
import type { WorkPart } from "./assign-form.js";
import { DraftField } from "./draft-field.js";
import { useDraft } from "./drafts.js";
import { workWords } from "./work-words.js";

const NOTE_LENGTH_MAX = 4_000;

/** The person is to be phoned: since when and why, and what came of it. */
export function CallPart({
  found,
  changes,
  since,
  mayWork,
}: WorkPart & { readonly since: string; readonly mayWork: boolean }) {
  const words = useWords(workWords);
  return (
    <Card size="small" title={words.call} style={{ borderColor: "#a8480b" }}>
      {words.callWhy}
      <Descriptions
        size="small"
        column={1}
        items={[
          { key: "since", label: words.callSince, children: <InstantText at={since} withSeconds={false} /> },
        ]}
      />
      {mayWork && <CallForm found={found} changes={changes} />}
    </Card>
  );
}

function CallForm({ found: { caseId }, changes }: WorkPart) {
  const words = useWords(workWords);
  const draft = useDraft(caseId, "call");
  const note = draft.text.trim();
  const finish = async (outcome: CallOutcome) => {
    const body = { outcome, ...(note !== "" && { note }) };
    const isDone = await changes.run((version) =>
      ask(CASES_ROUTES.phoned, { path: { id: caseId }, body: { ...body, version } }),
    );
    if (isDone) draft.clear();
  };
  return (
    <>
      <DraftField draft={draft} label={words.callNote} lengthMax={NOTE_LENGTH_MAX} rows={2} />
      <Flex gap={8} wrap>
        <Button type="primary" loading={changes.isBusy} onClick={() => void finish("reached")}>
          {words.reached}
        </Button>
        <Button loading={changes.isBusy} onClick={() => void finish("not-reached")}>
          {words.notReached}
        </Button>
      </Flex>
    </>
  );
}

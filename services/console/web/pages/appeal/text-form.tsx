/** A text that goes with a step; kept while it is typed, forgotten when the step is made. */

import { Button } from "antd";
import type { AppealDetail } from "../../../../../schemas/http/appeals.js";
import type { DraftField as DraftFieldName } from "../../../../../schemas/http/case-page.js";
import { DraftField } from "../case/draft-field.js";
import { useDraft } from "../case/drafts.js";
import type { HandlingPart } from "./handling-panel.js";

/** A page of a paper. */
export const TEXT_LENGTH_MAX = 2_000;

export function TextForm({
  found,
  changes,
  field,
  label,
  action,
  change,
  isPrimary = false,
}: HandlingPart & {
  readonly field: DraftFieldName;
  readonly label: string;
  readonly action: string;
  readonly change: (version: number, text: string) => Promise<AppealDetail>;
  readonly isPrimary?: boolean;
}) {
  const draft = useDraft(found.caseId, field);
  const text = draft.text.trim();
  const send = async () => {
    if (await changes.run((version) => change(version, text))) draft.clear();
  };
  return (
    <div style={{ marginBottom: 12 }}>
      <DraftField draft={draft} label={label} lengthMax={TEXT_LENGTH_MAX} rows={2} />
      <Button
        type={isPrimary ? "primary" : "default"}
        disabled={text === ""}
        loading={changes.isBusy}
        onClick={() => void send()}
      >
        {action}
      </Button>
    </div>
  );
}

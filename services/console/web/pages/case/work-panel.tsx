/** What is done about a case: who has it, where it goes, what another has to agree to, who is to be phoned, notes. */

import { Alert, Card, Flex } from "antd";
import { useMay } from "../../app/session.js";
import { useWords } from "../../words/words.js";
import { AssignForm, type WorkPart } from "./assign-form.js";
import { CallPart } from "./call-part.js";
import { ConflictNotice } from "./conflict-notice.js";
import { MoveForm } from "./move-form.js";
import { NotesPart } from "./notes-part.js";
import { ProposalPart } from "./proposal-part.js";
import { RefusedAlert } from "./refused-alert.js";
import { workWords } from "./work-words.js";

export function WorkPanel({ found, changes }: WorkPart) {
  const words = useWords(workWords);
  const mayWork = useMay("cases.work");
  const part = { found, changes };
  return (
    <Flex vertical gap={12}>
      <ConflictNotice changes={changes} />
      <RefusedAlert problem={changes.problem} onClose={changes.forget} />
      {!mayWork && <Alert type="info" title={words.noWork} />}
      {found.openCall !== null && <CallPart {...part} since={found.openCall.since} mayWork={mayWork} />}
      <ProposalPart {...part} />
      {mayWork && (
        <>
          <Card size="small" title={words.give}>
            <AssignForm {...part} />
          </Card>
          {found.next.length > 0 && (
            <Card size="small" title={words.moveTo}>
              <MoveForm {...part} />
            </Card>
          )}
        </>
      )}
      <Card size="small" title={words.note}>
        <NotesPart {...part} mayWrite={mayWork} />
      </Card>
    </Flex>
  );
}

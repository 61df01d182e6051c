import { useQuery } from "@tanstack/react-query";
import { Button, Flex, Input, Select } from "antd";
import { useState } from "react";
import { CASE_PAGE_ROUTES } from "../../../../../schemas/http/case-page-routes.js";
import type { CaseDetail } from "../../../../../schemas/http/cases.js";
import { CASES_ROUTES } from "../../../../../schemas/http/cases-routes.js";
import { ask } from "../../app/ask.js";
import { useSession } from "../../app/session.js";
import { useWords } from "../../words/words.js";
import type { CaseChanges } from "./case-query.js";
import { workWords } from "./work-words.js";

const REASON_LENGTH_MAX = 1_000;

export interface WorkPart {
  readonly found: CaseDetail;
  readonly changes: CaseChanges;
}

/** Takes it, or gives it to somebody; from another only with a reason. */
export function AssignForm({ found, changes }: WorkPart) {
  const words = useWords(workWords);
  const { name } = useSession();
  const { caseId, assignee } = found;
  const [person, setPerson] = useState<string | null>(null);
  const [reason, setReason] = useState("");
  const colleagues = useQuery({
    queryKey: ["colleagues", caseId],
    queryFn: ({ signal }) => ask(CASE_PAGE_ROUTES.colleagues, { path: { id: caseId }, signal }),
  });
  const needsReason = assignee !== null && assignee !== name;
  const give = async (to: string) => {
    const given = reason.trim();
    const body = { assignee: to, ...(given !== "" && { reason: given }) };
    const isDone = await changes.run((version) =>
      ask(CASES_ROUTES.assign, { path: { id: caseId }, body: { ...body, version } }),
    );
    if (isDone) setReason("");
  };
  const isBlocked = needsReason && reason.trim() === "";
  return (
    <Flex vertical gap={8}>
      {needsReason && (
        <Input
          aria-label={words.reason}
          placeholder={words.reasonNeeded}
          value={reason}
          maxLength={REASON_LENGTH_MAX}
          onChange={({ target }) => setReason(target.value)}
        />
      )}
      <Flex gap={8} wrap>
        {assignee !== name && (
          <Button
            type="primary"
            disabled={isBlocked}
            loading={changes.isBusy}
            onClick={() => void give(name)}
          >
            {words.take}
          </Button>
        )}
        <Select
          aria-label={words.choosePerson}
          placeholder={words.choosePerson}
          style={{ minWidth: 140 }}
          value={person}
          showSearch
          onChange={setPerson}
          options={(colleagues.data?.names ?? [])
            .filter((other) => other !== assignee)
            .map((other) => ({ value: other, label: other }))}
        />
        <Button
          disabled={person === null || isBlocked}
          loading={changes.isBusy}
          onClick={() => person !== null && void give(person)}
        >
          {words.giveTo}
        </Button>
      </Flex>
    </Flex>
  );
}

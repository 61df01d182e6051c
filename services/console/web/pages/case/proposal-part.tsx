import { Button, Card, Descriptions, Flex, Input } from "antd";
import { useState } from "react";
import { CASES_ROUTES } from "../../../../../schemas/http/cases-routes.js";
import { ask } from "../../app/ask.js";
import { useMay, useSession } from "../../app/session.js";
import { CaseStateTag } from "../../parts/tags.js";
import { InstantText } from "../../parts/values.js";
import { useWords } from "../../words/words.js";
import type { WorkPart } from "./assign-form.js";
import { workWords } from "./work-words.js";

const REASON_LENGTH_MAX = 1_000;

/** What one proposed and another has to agree to. */
export function ProposalPart({ found, changes }: WorkPart) {
  const words = useWords(workWords);
  const mayDecide = useMay("cases.decide");
  const { name } = useSession();
  const [reason, setReason] = useState("");
  const open = found.proposals.find(({ status }) => status === "open");
  if (open === undefined) return null;
  const isOwn = open.proposedBy === name;
  const path = { id: found.caseId, proposal: open.proposalId };
  const given = reason.trim();
  const approve = () =>
    changes.run((version) =>
      ask(CASES_ROUTES.approve, { path, body: { version, ...(given !== "" && { reason: given }) } }),
    );
  const reject = () =>
    changes.run((version) => ask(CASES_ROUTES.reject, { path, body: { version, reason: given } }));
  const decided = async (isDone: Promise<boolean>) => {
    if (await isDone) setReason("");
  };
  return (
    <Card size="small" title={words.proposal} style={{ borderColor: "#a8480b" }}>
      <Descriptions
        size="small"
        column={1}
        items={[
          {
            key: "to",
            label: words.moveTo,
            children: (
              <>
                <CaseStateTag state={open.from} /> → <CaseStateTag state={open.to} />
              </>
            ),
          },
          { key: "by", label: words.proposedBy, children: open.proposedBy },
          {
            key: "reason",
            label: words.reason,
            children: <bdi style={{ overflowWrap: "anywhere" }}>{open.reason}</bdi>,
          },
          {
            key: "expires",
            label: words.expires,
            children: <InstantText at={open.expiresAt} withSeconds={false} />,
          },
        ]}
      />
      {mayDecide && (
        <Flex vertical gap={8}>
          {isOwn && words.ownProposal}
          <Input.TextArea
            aria-label={words.reason}
            placeholder={words.reason}
            value={reason}
            maxLength={REASON_LENGTH_MAX}
            rows={2}
            onChange={({ target }) => setReason(target.value)}
          />
          <Flex gap={8}>
            {!isOwn && (
              <Button type="primary" loading={changes.isBusy} onClick={() => void decided(approve())}>
                {words.approve}
              </Button>
            )}
            <Button disabled={given === ""} loading={changes.isBusy} onClick={() => void decided(reject())}>
              {isOwn ? words.withdraw : words.reject}
            </Button>
          </Flex>
        </Flex>
      )}
    </Card>
  );
}

/** A decision that a reviewer proposed: another person confirms it, or does not follow it. */

import { Button, Flex } from "antd";
import type { AppealDetail } from "../../../../../schemas/http/appeals.js";
import { APPEALS_ROUTES } from "../../../../../schemas/http/appeals-routes.js";
import { ask } from "../../app/ask.js";
import { useSession } from "../../app/session.js";
import { InstantText, Money } from "../../parts/values.js";
import { useWords } from "../../words/words.js";
import { appealWords } from "./appeal-words.js";
import type { HandlingPart } from "./handling-panel.js";
import { TextForm } from "./text-form.js";

export function ProposedDecision({
  found,
  changes,
  proposal,
}: HandlingPart & { readonly proposal: NonNullable<AppealDetail["proposal"]> }) {
  const words = useWords(appealWords);
  const { name } = useSession();
  const path = { id: found.appealId };
  const { by, outcomes, reasons } = proposal;
  return (
    <section
      aria-label={words.proposal}
      style={{ border: "1px solid #a8480b", borderRadius: 6, padding: 12, marginBottom: 12 }}
    >
      <strong>{words.proposal}</strong>
      <div>
        {words.proposedBy} {by}
      </div>
      <ul style={{ paddingInlineStart: 20 }}>
        {found.swipes.map(({ decisionId, occurredAt, totalFen }) => (
          <li key={decisionId}>
            <InstantText at={occurredAt} withSeconds={false} /> · <Money fen={totalFen} /> ·{" "}
            <strong>{outcomes[decisionId] === "upheld" ? words.upheld : words.rejected}</strong>
          </li>
        ))}
      </ul>
      <p style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
        <bdi>{reasons}</bdi>
      </p>
      <Flex vertical gap={8}>
        {by !== name && (
          <Button
            type="primary"
            loading={changes.isBusy}
            onClick={() =>
              void changes.run((version) => ask(APPEALS_ROUTES.confirm, { path, body: { version } }))
            }
          >
            {words.confirm}
          </Button>
        )}
        <TextForm
          found={found}
          changes={changes}
          field="appeal-decision"
          label={words.dropReason}
          action={words.drop}
          change={(version, reason) => ask(APPEALS_ROUTES.drop, { path, body: { version, reason } })}
        />
      </Flex>
    </section>
  );
}

/** A swipe with its decision; why, and what its revisions say, behind a press where nothing hit. */

import { Button, Flex, Space, Tag, Typography } from "antd";
import { useState } from "react";
import { Link } from "react-router-dom";
import type { ExplainedSwipe } from "../../../../../schemas/http/case-page.js";
import { ActionTag } from "../../parts/tags.js";
import { InstantText, Money, RegionName, Token } from "../../parts/values.js";
import { credentialWords, institutionKindWords, swipeKindWords } from "../../words/domain.js";
import { useWords } from "../../words/words.js";
import { useRecordWord } from "./bilingual.js";
import { entryWords } from "./entry-words.js";
import { ExplainedReasons } from "./explained-reasons.js";
import { Name } from "./name.js";
import { RawData } from "./raw-data.js";

export function SwipeEntry({ swipe }: { readonly swipe: ExplainedSwipe }) {
  const words = useWords(entryWords);
  const { decision } = swipe;
  const hasReasons = swipe.explained.length > 0 || swipe.revisionsExplained.length > 0;
  const [isOpen, setOpen] = useState(hasReasons);
  return (
    <>
      <SwipeLine swipe={swipe} />
      {decision === null && <Typography.Text type="secondary">{words.notJudged}</Typography.Text>}
      {decision !== null && hasReasons && (
        <Button
          type="link"
          size="small"
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
          style={{ paddingInline: 0 }}
        >
          {words.decision}：{decision.rules.join("、")}
          {isOpen ? " ▾" : " ▸"}
        </Button>
      )}
      {isOpen && decision !== null && (
        <>
          <ExplainedReasons reasons={swipe.explained} />
          {decision.revisions.map((revision, index) => (
            <div key={revision.revisionId}>
              <Space wrap size={4}>
                <strong>{words.revision}</strong>
                <ActionTag action={revision.action} />
                <InstantText at={revision.at} />
                <span>
                  {words.causedBy} <span className="code">{revision.causedBy}</span>
                </span>
              </Space>
              <ExplainedReasons reasons={swipe.revisionsExplained[index] ?? []} />
            </div>
          ))}
          <RawData value={swipe} />
        </>
      )}
    </>
  );
}

function SwipeLine({ swipe }: { readonly swipe: ExplainedSwipe }) {
  const words = useWords(entryWords);
  const kinds = useWords(swipeKindWords);
  const places = useWords(institutionKindWords);
  const credentials: Readonly<Record<string, string>> = useWords(credentialWords);
  const word = useRecordWord();
  const { decision, institutionId } = swipe;
  return (
    <Flex wrap gap={8} align="baseline">
      <strong>{kinds[swipe.kind]}</strong>
      <Money fen={swipe.totalFen} />
      <Link to={`/institutions/${encodeURIComponent(institutionId)}`}>
        <Name>{swipe.institutionName || institutionId}</Name>
      </Link>
      <span>
        {places[swipe.institutionKind]} · <RegionName code={swipe.careRegion} />
      </span>
      <span>
        {credentials[swipe.credential] ?? swipe.credential}{" "}
        {swipe.cardTail !== "" && `${words.cardTail} ${swipe.cardTail}`}
      </span>
      {swipe.pin !== "" && swipe.pin !== "not-required" && (
        <span>
          {words.pinResult} {word(swipe.pin)}
        </span>
      )}
      {swipe.agentKey !== "" && <Tag>{words.agent}</Tag>}
      {decision !== null && <ActionTag action={decision.action} />}
      {decision !== null && decision.effectiveAction !== decision.action && (
        <span>
          {words.revisedTo} <ActionTag action={decision.effectiveAction} />
        </span>
      )}
      {decision?.disputed === true && <Tag>{words.disputed}</Tag>}
      {decision?.degraded === true && <Tag>{words.degraded}</Tag>}
      <Token value={swipe.eventId} shown={24} />
    </Flex>
  );
}

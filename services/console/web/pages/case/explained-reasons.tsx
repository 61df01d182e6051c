/** Why a decision is as it is: each reason's values against their thresholds, and what would have changed it. */

import { Flex, Tag, Typography } from "antd";
import type { ExplainedReason } from "../../../../../schemas/http/case-page.js";
import { ActionTag, RuleTag, SeverityTag } from "../../parts/tags.js";
import { filled, useWords } from "../../words/words.js";
import { type Bilingual, useBilingual } from "./bilingual.js";
import { entryWords } from "./entry-words.js";

const RELATIONS = { "at-least": "≥", above: ">", "at-most": "≤", below: "<" } as const;

export function ExplainedReasons({ reasons }: { readonly reasons: readonly ExplainedReason[] }) {
  const words = useWords(entryWords);
  if (reasons.length === 0) return <Typography.Text type="secondary">{words.noRule}</Typography.Text>;
  return reasons.map((reason) => (
    <OneReason key={`${reason.rule} ${reason.code} ${reason.mode} ${reason.isDraft}`} reason={reason} />
  ));
}

function OneReason({ reason }: { readonly reason: ExplainedReason }) {
  const words = useWords(entryWords);
  const inLanguage = useBilingual();
  const { rule, mode, isDraft, strengthenedBy, evidence } = reason;
  return (
    <section
      aria-label={rule}
      style={{ borderInlineStart: "3px solid #d5dbe3", paddingInlineStart: 12, marginBlock: 8 }}
    >
      <Flex gap={4} wrap align="center">
        <RuleTag rule={rule} />
        <ActionTag action={reason.action} />
        <SeverityTag severity={reason.severity} />
        {mode !== "live" && <Tag>{isDraft ? words.draft : words.shadow}</Tag>}
      </Flex>
      <Typography.Paragraph style={{ marginBlock: 4 }}>{inLanguage(reason.text)}</Typography.Paragraph>
      <Conditions conditions={reason.conditions} />
      {strengthenedBy.length > 0 && (
        <Typography.Paragraph style={{ marginBlock: 4 }}>
          {filled(words.strengthened, { rules: strengthenedBy.join("、") })}
        </Typography.Paragraph>
      )}
      <WhatElse otherwise={reason.otherwise} />
      {evidence.length > 0 && (
        <div>
          <Typography.Text type="secondary">{words.evidence}</Typography.Text>{" "}
          {evidence.map((eventId) => (
            <Tag key={eventId} className="code" style={{ whiteSpace: "normal" }}>
              {eventId}
            </Tag>
          ))}
        </div>
      )}
    </section>
  );
}

export function Conditions({ conditions }: { readonly conditions: ExplainedReason["conditions"] }) {
  const words = useWords(entryWords);
  const inLanguage = useBilingual();
  return (
    <table style={{ borderCollapse: "collapse", fontSize: 13 }}>
      <thead>
        <tr>
          {[words.condition, words.observed, words.threshold].map((head) => (
            <th key={head} scope="col" style={CELL}>
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {conditions.map(({ what, observed, relation, threshold }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a list that never changes its order.
          <tr key={index}>
            <th scope="row" style={{ ...CELL, fontWeight: 400 }}>
              {inLanguage(what)}
            </th>
            <td style={{ ...CELL, fontWeight: 600 }}>{inLanguage(observed)}</td>
            <td style={CELL}>
              {relation !== null && threshold !== null
                ? `${RELATIONS[relation]} ${inLanguage(threshold)}`
                : "—"}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const CELL = { padding: "2px 12px 2px 0", textAlign: "start", verticalAlign: "top" } as const;

export function WhatElse({
  otherwise: { needs, steps, note },
}: {
  readonly otherwise: ExplainedReason["otherwise"];
}) {
  const words = useWords(entryWords);
  const inLanguage = useBilingual();
  const said = (text: Bilingual) => <li key={text.en}>{inLanguage(text)}</li>;
  return (
    <div style={{ marginBlock: 4 }}>
      {steps.length > 0 && (
        <>
          <Typography.Text type="secondary">
            {words.wouldChange}
            {steps.length > 1 && `（${needs === "any" ? words.any : words.allNeeded}）`}
          </Typography.Text>
          <ul style={{ margin: "2px 0", paddingInlineStart: 20 }}>{steps.map(said)}</ul>
        </>
      )}
      {note !== null && <Typography.Text type="secondary">{inLanguage(note)}</Typography.Text>}
    </div>
  );
}

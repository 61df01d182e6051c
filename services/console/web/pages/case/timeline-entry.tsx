/** One entry of the timeline: when, what kind, what. */

import { Flex, Tag, Typography } from "antd";
import type { ReactNode } from "react";
import { Link } from "react-router-dom";
import type { CaseTimelineEntry, TimelineKind } from "../../../../../schemas/http/case-page.js";
import { RuleTag, SeverityTag } from "../../parts/tags.js";
import { InstantText, RegionName } from "../../parts/values.js";
import { useWords } from "../../words/words.js";
import { useBilingual, useRecordWord } from "./bilingual.js";
import { entryWords, kindWords } from "./entry-words.js";
import { Conditions, WhatElse } from "./explained-reasons.js";
import { RawData } from "./raw-data.js";
import { SwipeEntry } from "./swipe-entry.js";

const COLOURS: Readonly<Record<TimelineKind, string>> = {
  swipe: "#1d4f91",
  pin: "#6b3fa0",
  status: "#a8480b",
  fact: "#5a6472",
  finding: "#b3202c",
  sms: "#2f7d4f",
  answer: "#2f7d4f",
  note: "#8a6100",
  work: "#5a6472",
  appeal: "#a8480b",
  custody: "#5a6472",
};

export function OneEntry({ entry }: { readonly entry: CaseTimelineEntry }) {
  const kinds = useWords(kindWords);
  const kind = kindOf(entry);
  return (
    <li style={{ borderTop: "1px solid #e3e7ec", padding: "10px 0" }}>
      <Flex gap={8} wrap align="baseline">
        <Tag
          variant="outlined"
          style={{ color: COLOURS[kind], borderColor: COLOURS[kind], background: "transparent" }}
        >
          {kinds[kind]}
        </Tag>
        <InstantText at={entry.at} />
      </Flex>
      {/* Texts that people typed may be written from right to left: each keeps its direction to itself. */}
      <div dir="auto" style={{ overflowWrap: "anywhere", marginTop: 4 }}>
        <Content entry={entry} />
      </div>
    </li>
  );
}

function kindOf(entry: CaseTimelineEntry): TimelineKind {
  switch (entry.type) {
    case "swipe":
      return entry.kind === "pin-check" ? "pin" : "swipe";
    case "card-status":
      return "status";
    case "person-fact":
    case "feedback":
    case "other":
      return "fact";
    default:
      return entry.type;
  }
}

function Content({ entry }: { readonly entry: CaseTimelineEntry }): ReactNode {
  switch (entry.type) {
    case "swipe":
      return <SwipeEntry swipe={entry} />;
    case "card-status":
      return <StatusText entry={entry} />;
    case "person-fact":
      return <FactText entry={entry} />;
    case "finding":
      return <FindingText entry={entry} />;
    case "note":
      return <NoteText entry={entry} />;
    default:
      return <OfficeText entry={entry} />;
  }
}

type Entry<Type extends CaseTimelineEntry["type"]> = Extract<CaseTimelineEntry, { type: Type }>;

function StatusText({ entry }: { readonly entry: Entry<"card-status"> }) {
  const words = useWords(entryWords);
  const word = useRecordWord();
  const { transition } = entry;
  return (
    <>
      {word(entry.action)}（{words.cardTail} {entry.cardTail || "—"}
      {entry.channel === "" ? "" : `，${word(entry.channel)}`}，<RegionName code={entry.region} />）
      {transition !== null && (
        <>
          {" "}
          {words.transition}：{word(transition.from)} → {word(transition.to)}
          {transition.applied ? "" : `（${words.notApplied} ${transition.code}）`}
          {transition.effectiveAt !== null && (
            <>
              {" "}
              {words.effectiveAt} <InstantText at={transition.effectiveAt} />
            </>
          )}
        </>
      )}
      <RawData value={entry} />
    </>
  );
}

function FactText({ entry }: { readonly entry: Entry<"person-fact"> }) {
  const words = useWords(entryWords);
  const word = useRecordWord();
  return (
    <>
      {word(entry.fact)} {entry.region !== "" && <RegionName code={entry.region} />}{" "}
      {entry.from !== null && <InstantText at={entry.from} withSeconds={false} />}
      {entry.to !== null && (
        <>
          {" "}
          {words.until} <InstantText at={entry.to} withSeconds={false} />
        </>
      )}
      <RawData value={entry} />
    </>
  );
}

function FindingText({ entry }: { readonly entry: Entry<"finding"> }) {
  const words = useWords(entryWords);
  const inLanguage = useBilingual();
  return (
    <>
      <Flex gap={4} wrap>
        <RuleTag rule={entry.patrol} />
        <SeverityTag severity={entry.severity} />
      </Flex>
      <Typography.Paragraph style={{ marginBlock: 4 }}>{inLanguage(entry.text)}</Typography.Paragraph>
      <Conditions conditions={entry.conditions} />
      <WhatElse otherwise={entry.otherwise} />
      <div>
        {words.next}：{inLanguage(entry.next)}
      </div>
      <div>
        {words.swipesFound}：{entry.evidenceCount}
      </div>
      <RawData value={entry.facts} />
    </>
  );
}

function NoteText({ entry: { author, text, struck } }: { readonly entry: Entry<"note"> }) {
  const words = useWords(entryWords);
  return (
    <>
      <strong>{author}</strong>
      <div style={{ whiteSpace: "pre-wrap", textDecoration: struck === null ? "none" : "line-through" }}>
        {text}
      </div>
      {struck !== null && (
        <Typography.Text type="secondary">
          {words.struck} · {struck.by} · {struck.reason}
        </Typography.Text>
      )}
    </>
  );
}

type OfficeEntry = Entry<"work" | "sms" | "answer" | "custody" | "appeal" | "feedback" | "other">;

function OfficeText({ entry }: { readonly entry: OfficeEntry }) {
  const words = useWords(entryWords);
  const word = useRecordWord();
  switch (entry.type) {
    case "work":
      return (
        <>
          <strong>{entry.actor}</strong> {word(entry.action)} {workDetail(entry.detail, word)}
          {entry.reason !== null && (
            <div>
              {entry.action === "phoned" ? words.callNote : words.reason}：{entry.reason}
            </div>
          )}
        </>
      );
    case "sms":
      return (
        <>
          {entry.text}{" "}
          <Typography.Text type="secondary">
            {words.smsStatus}：{word(entry.status)}
          </Typography.Text>
        </>
      );
    case "answer":
      return (
        <>
          {words[entry.answer]} <Typography.Text className="code">{entry.decisionId}</Typography.Text>
        </>
      );
    case "custody":
      return (
        <>
          <strong>{entry.actor}</strong> {word(entry.action)} {entry.reason}{" "}
          <span className="code">{entry.subject}</span>
        </>
      );
    case "appeal":
      return (
        <>
          {word(entry.event)}{" "}
          <Link to={`/appeals/${encodeURIComponent(entry.appealId)}`}>{words.openAppeal}</Link>
        </>
      );
    case "feedback":
      return (
        <>
          {word("feedback")} {entry.rule} {word(entry.verdict)}
        </>
      );
    case "other":
      return entry.recordType;
  }
}

/** What changed; numbers of proposals and notes are in the work. */
function workDetail(detail: Entry<"work">["detail"], word: (code: string) => string): string {
  const { from, to, assignee, outcome } = detail;
  if (typeof from === "string" && typeof to === "string") return `${word(from)} → ${word(to)}`;
  if (typeof outcome === "string") return `· ${word(outcome)}`;
  return typeof assignee === "string" ? `→ ${assignee}` : "";
}

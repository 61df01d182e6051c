/** A part of the overview that its store may not give: what it said last, with since when. */

import { Alert } from "antd";
import type { ReactNode } from "react";
import type { Held } from "../../../../../schemas/http/overview.js";
import { instantText } from "../../parts/values.js";
import { filled, useLanguage, useWords } from "../../words/words.js";
import { todayWords } from "./today-words.js";

interface HeldProps<Value> {
  readonly part: Held<Value>;
  /** Whose store it is. */
  readonly store: string;
  readonly children: (value: Value) => ReactNode;
}

export function HeldPart<Value>({ part, store, children }: HeldProps<Value>) {
  if (part.state === "here") return <>{children(part.value)}</>;
  return (
    <>
      <AwayNote part={part} store={store} />
      {part.last !== null && children(part.last.value)}
    </>
  );
}

function AwayNote({
  part,
  store,
}: {
  readonly part: Extract<Held<unknown>, { state: "away" }>;
  readonly store: string;
}) {
  const words = useWords(todayWords);
  const language = useLanguage();
  const since = instantText(part.since, language);
  const text =
    part.last === null
      ? filled(words.partAway, { since })
      : filled(words.partAwayLast, { since, at: instantText(part.last.asOf, language) });
  return (
    <Alert
      type="warning"
      showIcon
      title={`${store}${language === "en" ? " " : ""}${text}`}
      description={words.judgedAnyway}
      style={{ marginBottom: 12 }}
    />
  );
}

/** What is known of it, now or from before. */
export function lastKnown<Value>(part: Held<Value>): Value | null {
  return part.state === "here" ? part.value : (part.last?.value ?? null);
}

/** A case's clock: what is left, or how late it is. Late is said, not only coloured. */

import type { QueueItem } from "../../../../../schemas/http/queue.js";
import { instantText } from "../../parts/values.js";
import { filled, useLanguage, useWords } from "../../words/words.js";
import { dueClock } from "./due-clock.js";
import { useSpanText } from "./queue-item-words.js";
import { queueWords } from "./words.js";

const PATTERNS = {
  take: { left: "takeIn", late: "takeLate" },
  decide: { left: "decideIn", late: "decideLate" },
} as const;

export function DueText({ item, nowMs }: { readonly item: QueueItem; readonly nowMs: number }) {
  const words = useWords(queueWords);
  const language = useLanguage();
  const spanText = useSpanText();
  const due = dueClock(item, nowMs);
  if (due === null) return <span className="queue-quiet">{words.noClock}</span>;
  const pattern = PATTERNS[due.kind][due.isLate ? "late" : "left"];
  const at = item.takeBy ?? item.decideBy ?? "";
  return (
    <time dateTime={at} title={instantText(at, language)} className={due.isLate ? "queue-late" : undefined}>
      {filled(words[pattern], { time: spanText(due.left) })}
    </time>
  );
}

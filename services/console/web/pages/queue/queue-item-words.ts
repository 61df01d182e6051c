/** How a case is called where there is little room. */

import { useRegionName } from "../../app/regions.js";
import { filled, useWords } from "../../words/words.js";
import type { Span } from "./due-clock.js";
import { queueWords } from "./words.js";

/** Of a token or a hash, what tells it apart on a page. */
const SUBJECT_SHOWN = 12;

/** The code that the holder knows; else what it is about. */
export function itemName({
  code,
  subject,
}: {
  readonly code: string | null;
  readonly subject: string;
}): string {
  if (code !== null) return code;
  return subject.length > SUBJECT_SHOWN + 2 ? `${subject.slice(0, SUBJECT_SHOWN)}…` : subject;
}

export function useSpanText(): (span: Span) => string {
  const words = useWords(queueWords);
  return ({ n, unit }) => filled(words[unit], { n });
}

/** Every place once, by its name. */
export function useRegionNames(): (codes: readonly string[]) => string {
  const name = useRegionName();
  return (codes) => [...new Set(codes.map(name))].join("、");
}

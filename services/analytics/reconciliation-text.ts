import { assertNever } from "./assert-never.js";
import type { FiguresCheck } from "./figures-check.js";
import type { Finding, FindingKind, Reconciliation, TopicReconciliation } from "./reconciliation.js";

/** What `kadun reconcile` prints. */
export function reconciliationText(result: Reconciliation): string {
  const lines = ["partition  what       logged       rows  hash of the log   hash of the rows  lag"];
  for (const { partition, journal, outcomes, unjudged } of result.partitions) {
    lines.push(topicLine(partition, "journal", journal), topicLine(partition, "outcomes", outcomes));
    if (unjudged > 0)
      lines.push(`${cell(partition, 9)}  ${unjudged} records behind the last outcome: not judged yet`);
  }
  for (const finding of result.findings) lines.push(findingLine(finding));
  const unnamed = result.findingsCount - result.findings.length;
  if (unnamed > 0) lines.push(`and ${result.findingsCountIsMinimum ? "at least " : ""}${unnamed} more`);
  lines.push(resultLine(result), ...figuresLines(result.figures));
  return lines.join("\n");
}

function figuresLines(figures: FiguresCheck): readonly string[] {
  switch (figures.state) {
    case "equal":
      return [];
    case "moving":
      return ["figures grew while they were compared: ask again for them"];
    case "different":
      return figures.differences.map(
        ({ level, day, counted, expected }) =>
          `figures differ from the rows: ${level}${day === "" ? "" : ` of ${day}`} counts ${counted}, the rows are ${expected}`,
      );
    default:
      return assertNever(figures);
  }
}

function resultLine({ isEqual, findingsCount }: Reconciliation): string {
  if (isEqual) return "journal, outcomes and rows agree";
  return findingsCount === 0
    ? "journal, outcomes and rows agree, figures do not"
    : `${findingsCount} differences`;
}

function topicLine(partition: number, what: string, topic: TopicReconciliation): string {
  const hashes = `${topic.loggedHash}  ${topic.rowsHash}`;
  return `${cell(partition, 9)}  ${what.padEnd(8)} ${cell(topic.logged, 9)}  ${cell(topic.rows, 9)}  ${hashes}  ${topic.lag}`;
}

const WORDS: Readonly<Record<FindingKind, string>> = {
  "row-missing": "row missing",
  "row-extra": "row that the log does not have",
  "row-doubled": "row more than once",
  "row-different": "row differs from the log",
  "outcome-missing": "outcome missing",
  "outcome-extra": "outcome without its cause",
  "outcome-different": "outcome about another event",
};

function findingLine({ kind, topic, partition, offset, journalOffset, sequence, eventId }: Finding): string {
  const place = offset === null ? "" : ` offset ${offset},`;
  return `${WORDS[kind]}: ${topic} partition ${partition},${place} journal offset ${journalOffset}, sequence ${sequence}, event ${eventId ?? "-"}`;
}

function cell(value: number, width: number): string {
  return String(value).padStart(width);
}

/**
 * Looks through a journal partition for what must be known before its first record is judged: who moved, feedback,
 * bundles. Decodes those records only.
 */

import type { EventLog, LoggedRecord } from "../../platform/event-log/event-log.js";
import type { JournalRecord } from "../../schemas/journal.js";
import { decodeJournalBody } from "../../schemas/log-body.js";
import { pagesOf, type Stretch } from "./journal-pages.js";
import type { HistoryFacts } from "./plan.js";
import { journalTimeMs } from "./time-window.js";

const WANTED: readonly JournalRecord["type"][] = [
  "person-link",
  "person-state",
  "carried",
  "feedback",
  "activation",
];
/** The last swipe lies among so many records, unless nobody swiped for a long time: then any record's time will do. */
const TAIL_RECORDS = 2_000;

/** A body begins with version, checksum and `{"type":"`. */
const TYPE_OFFSET = 5 + '{"type":"'.length;

export async function scanPartition(
  log: EventLog,
  stretch: Stretch,
  onRecords: (count: number) => void,
  signal: AbortSignal,
): Promise<HistoryFacts> {
  const facts: HistoryFacts = { links: [], feedback: [], bundles: [], engines: [], lastMs: null, lines: 0 };
  let swipeMs: number | null = null;
  let appendedAtMaxMs = 0;
  for await (const page of pagesOf(log, stretch, signal)) {
    for (const logged of page) {
      appendedAtMaxMs = Math.max(appendedAtMaxMs, logged.appendedAtMs);
      const isTail = logged.offset >= stretch.end - TAIL_RECORDS;
      if (!isTail && !isWanted(logged)) continue;
      const record = decodeJournalBody(logged.value);
      note(facts, record);
      if (record.type === "swipe") swipeMs = Math.max(swipeMs ?? 0, journalTimeMs(record, appendedAtMaxMs));
    }
    onRecords(page.length);
  }
  facts.lastMs = swipeMs ?? (appendedAtMaxMs === 0 ? null : appendedAtMaxMs);
  return facts;
}

function isWanted({ value }: LoggedRecord): boolean {
  return WANTED.some((type) => hasType(value, type));
}

function hasType(body: Uint8Array, type: string): boolean {
  for (let i = 0; i < type.length; i++) if (body[TYPE_OFFSET + i] !== type.charCodeAt(i)) return false;
  return body[TYPE_OFFSET + type.length] === QUOTE;
}

const QUOTE = '"'.charCodeAt(0);

/** Notes what has to be known of a record. */
export function note(facts: HistoryFacts, record: JournalRecord): void {
  switch (record.type) {
    case "person-link":
      facts.links.push([record.personKey, record.toPersonKey]);
      return;
    case "person-state":
      facts.links.push([record.formerPersonKey, record.personKey], [record.fromPersonKey, record.personKey]);
      return;
    case "carried":
      facts.links.push([record.fromPersonKey, record.personKey]);
      note(facts, record.record);
      return;
    case "feedback":
      facts.feedback.push([record.personKey, record.rule, record.verdict]);
      return;
    case "activation":
      facts.bundles.push(record.bundleHash);
      facts.engines.push(record.engineVersion);
      return;
    case "swipe":
    case "card-status":
    case "person-fact":
    case "answer-given":
    case "heartbeat":
    case "bootstrap":
  }
}

/** Appeals for tests: given events, when a command, then events or a refusal. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../../cli/package-root.js";
import type { AppealDocument } from "../../../schemas/appeal.js";
import { appealDeadlinesFile } from "../../../schemas/appeal-deadlines.js";
import { calendarFile } from "../../../schemas/bundle/calendar.js";
import { compileCalendar } from "../../../schemas/working-calendar.js";
import { type AppealEvent, appealOf, type PlacedEvent } from "../../../services/alerts/appeals/appeal.js";
import {
  type AppealCommand,
  type AppealFacts,
  decideAppeal,
} from "../../../services/alerts/appeals/decide-appeal.js";
import { PERSON } from "../outcome-records.js";

export const FIRST = "张一";
export const SECOND = "李二";
export const THIRD = "王三";
export const FOURTH = "赵四";
export const SWIPES = ["swipe-a", "swipe-b"] as const;
export const SWIPE_AT = "2026-09-20T10:09:00.000+08:00";
export const MORNING = "T10:00:00.000+08:00";

function rules(name: string): unknown {
  return JSON.parse(readFileSync(join(packageRoot, "rulesets", name), "utf8"));
}
export const policy = appealDeadlinesFile.parse(rules("appeal-deadlines.json"));
export const calendar = compileCalendar(calendarFile.parse(rules("calendar.json")));

export function document(documentId: string, fields: Partial<AppealDocument> = {}): AppealDocument {
  return {
    documentId,
    kind: "police-receipt",
    name: "回执.jpg",
    mediaType: "image/jpeg",
    bytes: 1000,
    sha256: "ab".repeat(32),
    addedAt: "2026-09-29T10:00:00.000+08:00",
    ...fields,
  };
}

/** The usual course; `course("returned")` is all up to and with it. */
const COURSE: readonly AppealEvent[] = [
  { type: "opened", personKey: PERSON, caseId: `${PERSON}-1` },
  { type: "draft-saved", swipes: SWIPES, hasAgent: false, hasStatement: true, bankAccountTail: "1234" },
  { type: "document-added", document: document("d-1") },
  { type: "submitted", requestId: "r-submit", earliestSwipeAt: SWIPE_AT },
  { type: "accepted", by: FIRST },
  { type: "first-reviewed", by: FIRST, opinion: "材料齐全" },
  { type: "second-reviewed", by: SECOND, opinion: "同意调查" },
  { type: "investigated", by: SECOND, findings: "监控显示非本人" },
  {
    type: "decided",
    by: [THIRD],
    outcomes: { "swipe-a": "upheld", "swipe-b": "rejected" },
    own: [],
    reasons: "甲笔查明非本人使用",
  },
  { type: "reconsideration-asked", requestId: "r-again" },
];

export function courseTo(type: AppealEvent["type"]): readonly AppealEvent[] {
  const last = COURSE.findIndex((event) => event.type === type);
  if (last < 0) throw new Error(`no '${type}' in the usual course`);
  return COURSE.slice(0, last + 1);
}

/** Each at the time given, or an hour after the one before. */
export function placed(
  events: readonly (AppealEvent | readonly [string, AppealEvent])[],
): readonly PlacedEvent[] {
  let ms = Date.parse("2026-09-28T09:00:00.000+08:00");
  return events.map((given, index) => {
    const [at, event] = "type" in given ? [null, given] : given;
    ms = at === null ? ms + 3_600_000 : Date.parse(at);
    return {
      version: index + 1,
      at: new Date(ms + 8 * 3_600_000).toISOString().replace("Z", "+08:00"),
      event,
    };
  });
}

export const FACTS: AppealFacts = {
  swipes: new Map(SWIPES.map((decisionId) => [decisionId, SWIPE_AT])),
  isReconsiderationOver: false,
};

/** @returns the events' types with who did them, or the refusal's code. */
export function whenAfter(
  events: readonly AppealEvent[],
  command: AppealCommand,
  facts: AppealFacts = FACTS,
): readonly AppealEvent[] | string {
  const decided = decideAppeal(command, appealOf(placed(events)), facts);
  return "refusal" in decided ? decided.refusal : decided;
}

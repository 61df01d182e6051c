// Seeded journals of valid raw records, made to sit on the boundaries of the rules: late and out-of-order records,
// repeated and reused ids, few cities, shops and cards. The same seed and options give the same journal.
import { type Draft, type DraftPerson, iso, tick } from "./scenario-draft.js";
import { type Random, seededRandom } from "./scenario-random.js";
import { emitFact, emitFeedback, emitHeartbeat, emitStatus } from "./scenario-statuses.js";
import {
  challengeStory,
  fullRecordStory,
  lapseStory,
  limitsStory,
  outOfOrderStory,
  pinStory,
  resaleStory,
  type Story,
  stayStory,
  travellingStory,
} from "./scenario-stories.js";
import { emitSwipe } from "./scenario-swipes.js";
import { HOUR, MINUTE, parseInstant } from "./time.js";
import type { RawRecord } from "./types.js";

export interface ScenarioOptions {
  /** Number of records; default 20 to 150 by seed. */
  length?: number;
  /** 1 to 3; default by seed. */
  persons?: number;
  /** Starts with more than 64 settles of the first person; default every 8th seed. */
  manySettles?: boolean;
  /** Also records whose effect the text leaves open; default false. */
  murky?: boolean;
  /** Heartbeats occur; default every 4th seed. */
  heartbeats?: boolean;
}

const STARTS = [
  "2026-03-01T08:00:00.000+08:00",
  "2026-09-28T09:00:00.000+08:00",
  "2026-12-20T10:00:00.000+08:00",
];
const INSURED = [
  "330100",
  "110000",
  "320100",
  "510100",
  "500000",
  "220300",
  "210100",
  "350500",
  "419001",
  "33",
];
const OTHER_REGIONS = [
  "330106",
  "330600",
  "341800",
  "340100",
  "110101",
  "120000",
  "320100",
  "510100",
  "419001",
  "4190",
  "33",
  "990000",
  "50",
  "659001",
];
const SETTLES_OF_A_FULL_RECORD = 70;

function newDraftPerson(random: Random, index: number): DraftPerson {
  const personId = `PERSON-${index + 1}`;
  const insuredRegion = random.pick(INSURED);
  return {
    personId,
    insuredRegion,
    cards: [`${personId}-1`],
    temporaryCard: `${personId}-T`,
    reportsByNumber: random.chance(0.7),
    swipes: [],
    regions: [
      insuredRegion,
      random.pick(OTHER_REGIONS),
      random.pick(OTHER_REGIONS),
      random.pick(OTHER_REGIONS),
    ],
  };
}

function isRepeatable(record: RawRecord, murky: boolean): boolean {
  if (record.type === "heartbeat" || record.type === "feedback") return false;
  return murky || record.type !== "swipe" || record.kind !== "query";
}

/** Sends an earlier record again: the same, or with other content under the same id. */
function emitRepeat(draft: Draft): void {
  const { random, now, murky } = draft;
  const recent = draft.records.slice(-12).filter((record) => isRepeatable(record, murky));
  if (recent.length === 0) return;
  const record = random.pick(recent);
  const isLaterArrival = parseInstant(record.occurredAt) <= now;
  const again = isLaterArrival ? { ...record, receivedAt: iso(now) } : { ...record };
  if (!random.chance(0.3)) draft.records.push(again);
  else if (again.type === "swipe") draft.records.push({ ...again, totalFen: again.totalFen + 1 });
  else if (again.type === "card-status") draft.records.push({ ...again, region: "460200" });
  else if (again.type === "person-fact") draft.records.push({ ...again, from: iso(now - MINUTE) });
}

function emitManySettles(draft: Draft, person: DraftPerson): void {
  for (let count = 0; count < SETTLES_OF_A_FULL_RECORD; count += 1) {
    draft.now += draft.random.pick([MINUTE, 20 * MINUTE, HOUR, 5 * HOUR]);
    emitSwipe(draft, person, { kind: "settle", occurredAt: iso(draft.now) });
  }
}

const STORIES: Story[] = [
  lapseStory,
  pinStory,
  challengeStory,
  outOfOrderStory,
  travellingStory,
  resaleStory,
  stayStory,
  limitsStory,
];

function emitStory(draft: Draft, person: DraftPerson): void {
  const isFull = person.swipes.length > SETTLES_OF_A_FULL_RECORD - 6 && draft.random.chance(0.8);
  const story = isFull ? fullRecordStory : draft.random.pick(STORIES);
  story(draft, person);
}

function emitNext(draft: Draft, withHeartbeats: boolean): void {
  const { random } = draft;
  tick(draft);
  const person = random.pick(draft.persons);
  if (withHeartbeats && random.chance(0.35)) emitHeartbeat(draft, person);
  const kind = random.weighted({ swipe: 72, status: 15, story: 8, fact: 4, feedback: 2, repeat: 5 });
  if (kind === "swipe") emitSwipe(draft, person);
  else if (kind === "status") emitStatus(draft, person);
  else if (kind === "story") emitStory(draft, person);
  else if (kind === "fact") emitFact(draft, person);
  else if (kind === "feedback") emitFeedback(draft, person);
  else emitRepeat(draft);
}

export function scenario(seed: number, options: ScenarioOptions = {}): RawRecord[] {
  const random = seededRandom(seed);
  const personCount = options.persons ?? random.integer(1, 3);
  const draft: Draft = {
    random,
    murky: options.murky ?? false,
    now: parseInstant(random.pick(STARTS)),
    records: [],
    persons: Array.from({ length: personCount }, (_, index) => newDraftPerson(random, index)),
    anchors: [],
    nextId: 0,
  };
  const length = options.length ?? random.integer(20, 150);
  const first = draft.persons[0];
  if ((options.manySettles ?? seed % 8 === 0) && first !== undefined) emitManySettles(draft, first);
  const withHeartbeats = options.heartbeats ?? seed % 4 === 1;
  const end = draft.records.length + length;
  while (draft.records.length < end) emitNext(draft, withHeartbeats);
  return draft.records.slice(0, end);
}

/** R08: wrong PINs on one card: a lock after the city's limit, a challenge when they come from two institutions. */

import * as z from "zod";
import { automaticUnlockMs, lastPinUnlockMs, pinLockAt } from "../card/lives.js";
import type { Judging } from "../judging.js";
import { PINS_PER_CARD_MAX, Section } from "../person/layout.js";
import { regionCode } from "../place/region.js";
import { Pin } from "../swipe.js";
import { defineRule, type Hit, PIN_KINDS, Rank } from "./rule.js";
import { instantFact } from "./wording.js";

const params = z.strictObject({
  windowHours: z.number().int().min(1).max(168),
  institutionsMin: z.number().int().min(2).max(8),
  wrongMin: z.number().int().min(2).max(8),
  institutionWindowMinutes: z.number().int().min(1).max(1440),
});
type Params = z.infer<typeof params>;

export const rule = defineRule<Params>({
  id: "R08",
  name: "PIN_FAILURES",
  judges: PIN_KINDS,
  judgesLinked: false,
  isUnconditional: false,
  reads: ["pins", "card-state"],
  params,
  finds: [Rank.CHALLENGE, Rank.REJECT],
  overriddenBy: "insuredRegion",
  about: {
    sees: "Wrong PINs on one card: up to the region's limit, which locks the PIN, or at several institutions within a short time; and any use of the PIN while it is locked. Read errors of a terminal are no wrong PINs.",
    basis:
      "Lock limits of 3, 5 or 6 by region; the PIN guessed at several shops in the Hangzhou case (source article S3).",
  },
  explain: {
    "zh-CN": (facts) =>
      facts.clause === "locked"
        ? "该卡密码已锁定，解锁前不能凭密码使用。请带身份证到经办机构解锁。"
        : facts.clause === "limit"
          ? `${facts.windowHours}小时内连续输错密码${facts.wrongCount}次（上限${facts.limit}次），密码已锁定。请带身份证到经办机构解锁；不是您本人操作，请拨12393挂失。`
          : `${facts.windowMinutes}分钟内在${facts.institutionCount}家机构输错密码${facts.wrongCount}次。请不要再试，可改用医保电子凭证；不是您本人操作，请拨12393挂失。`,
    en: (facts) =>
      facts.clause === "locked"
        ? "The card's PIN is locked."
        : facts.clause === "limit"
          ? `${facts.wrongCount} wrong PINs within ${facts.windowHours} h (limit ${facts.limit}): the PIN is locked.`
          : `${facts.wrongCount} wrong PINs at ${facts.institutionCount} institutions within ${facts.windowMinutes} min.`,
  },
  evaluate(judging, given) {
    const { swipe } = judging;
    if (swipe.pin === Pin.NONE || !swipe.hasCard) return null;
    const hasEvents = judging.person.record.size(Section.EVENTS) !== 0;
    if (hasEvents && swipe.pin !== Pin.NOT_REQUIRED) {
      const locked = lockedHit(judging);
      if (locked !== null) return locked;
    }
    return swipe.pin === Pin.WRONG ? countedHit(judging, given) : null;
  },
});

function lockedHit(judging: Judging): Hit | null {
  const lock = pinLockAt(judging.events(), judging.identity(), judging.t);
  if (lock === null) return null;
  const isAutomatic = lock.byCount && settingsOf(judging).pinUnlock === "AUTO_24H";
  if (isAutomatic && judging.t >= unlocksAtMs(judging, lock.fromMs)) return null;
  return {
    action: Rank.REJECT,
    code: "A6",
    facts: { clause: "locked", lockedSince: instantFact(lock.fromMs) },
    evidence: [],
  };
}

function countedHit(judging: Judging, given: Params): Hit | null {
  const limit = settingsOf(judging).pinLockLimit;
  const wrongCount = findWrongs(judging, given.windowHours * 3_600_000);
  if (wrongCount >= limit)
    return {
      action: Rank.REJECT,
      code: "A6",
      facts: {
        clause: "limit",
        wrongCount,
        limit,
        windowHours: given.windowHours,
        wrongAt: wrongInstants(0, wrongCount),
      },
      evidence: [],
      locksPin: true,
    };
  const recent = firstRecent(judging, given.institutionWindowMinutes * 60_000);
  const recentCount = wrongCount - recent;
  const institutionCount = countInstitutions(judging, recent, wrongCount);
  if (recentCount < given.wrongMin || institutionCount < given.institutionsMin) return null;
  return {
    action: Rank.CHALLENGE,
    code: "A6",
    facts: {
      clause: "institutions",
      wrongCount: recentCount,
      institutionCount,
      windowMinutes: given.institutionWindowMinutes,
      wrongAt: wrongInstants(recent, wrongCount),
    },
    evidence: [],
  };
}

/** Wrong PINs of one card, the kept ones and the swipe's own, oldest first. Written and read within one question. */
const WRONG_AT_MS = new Float64Array(PINS_PER_CARD_MAX + 1);
const WRONG_INSTITUTIONS = new Float64Array(PINS_PER_CARD_MAX + 1);

/** Finds those of the card in the window and since its last ok or unlock, the swipe's own last. @returns how many. */
function findWrongs(judging: Judging, windowMs: number): number {
  const { pins } = judging.person;
  const card = judging.card();
  const unlockedAtMs = lastUnlockMs(judging);
  let count = 0;
  for (let index = 0; index < pins.count(); index++) {
    const t = pins.t(index);
    if (pins.card(index) !== card || t > judging.t) continue;
    if (!pins.isWrong(index)) count = 0;
    else if (judging.t - t <= windowMs && t >= unlockedAtMs) {
      WRONG_AT_MS[count] = t;
      WRONG_INSTITUTIONS[count++] = pins.institution(index);
    }
  }
  WRONG_AT_MS[count] = judging.t;
  WRONG_INSTITUTIONS[count] = judging.swipe.institution >>> 0;
  return count + 1;
}

function lastUnlockMs(judging: Judging): number {
  const events = judging.events();
  return events.length === 0
    ? Number.NEGATIVE_INFINITY
    : lastPinUnlockMs(events, judging.identity(), judging.t);
}

/** The index of the first one in the window: the swipe's own is in every window. */
function firstRecent(judging: Judging, windowMs: number): number {
  let first = 0;
  while (judging.t - WRONG_AT_MS[first]! > windowMs) first++;
  return first;
}

function countInstitutions({ institutions }: Judging, from: number, end: number): number {
  institutions.begin();
  for (let index = from; index < end; index++) institutions.add(WRONG_INSTITUTIONS[index]!);
  return institutions.count;
}

function wrongInstants(from: number, end: number): string[] {
  return Array.from(WRONG_AT_MS.subarray(from, end), (t) => String(instantFact(t)));
}

/** 24 hours after the last wrong PIN; one that comes when the lock is over does not bring it back. */
function unlocksAtMs(judging: Judging, lockedFromMs: number): number {
  const { pins } = judging.person;
  let endMs = automaticUnlockMs(lockedFromMs);
  for (let index = 0; index < pins.count(); index++) {
    const t = pins.t(index);
    const isLater = pins.card(index) === judging.card() && pins.isWrong(index) && t >= lockedFromMs;
    if (isLater && t <= judging.t && t < endMs) endMs = automaticUnlockMs(t);
  }
  return endMs;
}

function settingsOf(judging: Judging) {
  return judging.bundle.policies.regionSettings(regionCode(judging.swipe.insuredRegion));
}

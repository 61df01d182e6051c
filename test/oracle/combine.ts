// Rules 0.11: from hits and floors to one action. Run at the first judgement and again at each late hit.
import type { Floor, Hit, Judgement, KeptSwipe, Person, Swipe } from "./person.js";
import { DAY, MINUTE } from "./time.js";
import type { Action } from "./types.js";

const STRENGTH: Action[] = ["approve", "review", "challenge", "reject"];
const NEVER_CAPPED = ["R01", "R02", "R03", "R04", "R06", "R07"];
const PASS_LENGTH = 30 * MINUTE;
const CLEARED_LENGTH = 90 * DAY;

export function strongest(actions: readonly Action[]): Action {
  return STRENGTH[Math.max(0, ...actions.map((action) => STRENGTH.indexOf(action)))] ?? "approve";
}

/** The card a pass holds on. */
export function cardIdOf(swipe: Swipe): string {
  return swipe.raw.cardNumber ?? `no number, ${swipe.raw.credential}`;
}

function withAlso(hits: Hit[]): Hit[] {
  const has = (...rules: string[]) => hits.some(({ rule }) => rules.includes(rule));
  return hits.map((hit) => {
    if (hit.rule === "R12" && has("R03", "R08", "R09")) return { ...hit, action: "reject" };
    if (hit.rule === "R13" && has("R09", "R15", "R17")) return { ...hit, action: "challenge" };
    return hit;
  });
}

function withPasses(person: Person, swipe: Swipe, hits: Hit[]): Hit[] {
  const passed = new Set(passesAt(person, swipe).flatMap(({ rules }) => rules));
  return hits.map((hit) =>
    hit.action === "challenge" && passed.has(hit.rule) ? { ...hit, action: "review" } : hit,
  );
}

function passesAt(person: Person, swipe: Swipe) {
  return person.passes.filter(
    ({ cardId, at }) => cardId === cardIdOf(swipe) && at <= swipe.t && swipe.t - at <= PASS_LENGTH,
  );
}

function withFailure(hits: Hit[], failedRules: readonly string[]): Hit[] {
  const own = hits.filter(({ rule }) => !failedRules.includes(rule));
  return [...own, ...failedRules.map((rule): Hit => ({ rule, action: "reject" }))];
}

function isCleared(person: Person, swipe: Swipe, rule: string): boolean {
  // An honest one holds for its 90 days, or until a later confirmed one; of one moment the later record speaks.
  const upToNow = (person.feedback.get(rule) ?? []).filter(({ at }) => at <= swipe.t);
  const last = upToNow.sort((a, b) => a.at - b.at).at(-1);
  return last?.verdict === "honest" && swipe.t - last.at <= CLEARED_LENGTH;
}

function withCaps(person: Person, swipe: Swipe, hits: Hit[]): Hit[] {
  return hits.map((hit) => {
    const isCapped =
      !NEVER_CAPPED.includes(hit.rule) && (swipe.isEmergency || isCleared(person, swipe, hit.rule));
    const isTooStrong = STRENGTH.indexOf(hit.action) > STRENGTH.indexOf("review");
    return isCapped && isTooStrong ? { ...hit, action: "review" } : hit;
  });
}

export function combine(
  person: Person,
  swipe: Swipe,
  found: { hits: readonly Hit[]; floors: readonly Floor[]; failedRules: readonly string[] },
): Judgement {
  let hits = withAlso([...found.hits]);
  hits = withPasses(person, swipe, hits);
  hits = withFailure(hits, found.failedRules);
  hits = withCaps(person, swipe, hits);
  hits.sort((a, b) => (a.rule < b.rule ? -1 : 1));
  const isPassed = passesAt(person, swipe).length > 0;
  const floors = found.floors.map(
    (floor): Floor => (floor.code === "FEED_STALE" && isPassed ? { ...floor, action: "review" } : floor),
  );
  return {
    action: strongest([...hits, ...floors].map(({ action }) => action)),
    hits,
    floors,
    disputed: hits.some(({ rule }) => rule === "R02"),
  };
}

/** The rules of a swipe whose hits were challenges, or null where nothing of it was challenged. */
export function challengedRulesOf(challenged: KeptSwipe | undefined): string[] | null {
  if (challenged === undefined) return null;
  const { hits, floors } = challenged.judgement;
  const rules = hits.filter(({ action }) => action === "challenge").map(({ rule }) => rule);
  const isFloorChallenged = floors.some(({ action }) => action === "challenge");
  return rules.length > 0 || isFloorChallenged ? rules : null;
}

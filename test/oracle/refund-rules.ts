// R20: refunds, and trace codes settled twice.
import { findSwipe, type Hit, isCounted, type KeptSwipe, type Person, type Swipe } from "./person.js";
import { DAY, MINUTE } from "./time.js";

const TRACE_CODES_OF_SWIPE_MAX = 8;

/** The settle a refund names, or undefined: an authorize, a cancel, a check or a forgotten one is unknown. */
export function refundedSettle(person: Person, swipe: Swipe): KeptSwipe | undefined {
  const original = findSwipe(person, swipe.raw.originalEventId ?? "");
  return original?.swipe.raw.kind === "settle" ? original : undefined;
}

export function refundHit(person: Person, swipe: Swipe): Hit[] {
  const original = refundedSettle(person, swipe);
  const recent = person.refunds.filter(({ t }) => t <= swipe.t && swipe.t - t <= 7 * DAY).length + 1;
  const isQuick = original !== undefined && swipe.t - original.swipe.t <= 15 * MINUTE;
  return original === undefined || isQuick || recent >= 2 ? [{ rule: "R20", action: "review" }] : [];
}

export function traceCodesOf(swipe: Swipe): string[] {
  const codes = (swipe.raw.items ?? []).flatMap((item) => item.traceCodes ?? []);
  return codes.slice(0, TRACE_CODES_OF_SWIPE_MAX);
}

export function traceCodeHit(person: Person, swipe: Swipe): Hit[] {
  const codes = traceCodesOf(swipe);
  const isReused = person.traceCodes.some(
    ({ code, owner }) => codes.includes(code) && isCounted(owner) && owner.swipe.t <= swipe.t,
  );
  return isReused ? [{ rule: "R20", action: "review" }] : [];
}

/**
 * What a terminal is told when the true decision is late: a fixed table, the same as degraded judging
 * (docs/rules.md 0.15). It knows the message only, no card states. The true decision follows in the decisions log.
 */

import type { AdviceFile } from "../../schemas/bundle/advice.js";
import type { ResponseCodesFile } from "../../schemas/bundle/response-codes.js";
import type { Action, Credential, InstitutionKind } from "../../schemas/fields.js";
import type { Answer } from "../../schemas/http/authorization.js";
import type { CanonicalSwipe } from "../../schemas/journal.js";

/** The words of the bundle in force; the table works without them. */
export interface StandInWords {
  readonly responseCodes: Pick<ResponseCodesFile, "byAction"> & Partial<Pick<ResponseCodesFile, "meanings">>;
  readonly advice: AdviceFile;
}

/** A card in the hand can be a lost one; the other credentials need the holder's telephone or face. */
const IS_PHYSICAL = {
  card: true,
  "temporary-card": true,
  "e-credential": false,
  "identity-document": false,
  "interim-certificate": false,
} as const satisfies Readonly<Record<Credential, boolean>>;

/** A pharmacy can wait for the holder's ID; whoever is treated cannot. */
const ACTION_FOR_PHYSICAL = {
  pharmacy: "challenge",
  hospital: "approve",
} as const satisfies Readonly<Record<InstitutionKind, Action>>;

/** Code of the advice for a card that cannot be checked now. */
const ADVICE_KEY = "FEED_STALE";

export function standInAction(
  swipe: Pick<CanonicalSwipe, "credential" | "institutionKind" | "emergency">,
): Action {
  if (swipe.emergency === true || !IS_PHYSICAL[swipe.credential]) return "approve";
  return ACTION_FOR_PHYSICAL[swipe.institutionKind];
}

/** @param journaled false where the swipe is not known to be stored. */
export function standInAnswer(
  swipe: CanonicalSwipe,
  words: StandInWords,
  told: { readonly journaled: boolean; readonly degradedReason: string },
): Answer {
  const action = standInAction(swipe);
  return {
    eventId: swipe.eventId,
    decisionId: null,
    action,
    responseCode: words.responseCodes.byAction[action],
    advice: action === "approve" ? null : (words.advice[ADVICE_KEY] ?? null),
    reasons: [],
    disputed: false,
    degraded: true,
    degradedReason: told.degradedReason,
    duplicate: false,
    standIn: true,
    journaled: told.journaled,
  };
}

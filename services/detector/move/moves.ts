/**
 * A person under a new number (docs/decisions/0009): the link under the former key, the state that comes under the new
 * one, and what neither of them may take in twice.
 *
 * 1. A link makes the former key's record a signpost: it keeps what it knows, judges nothing more, and everything that
 *    still comes under it is sent on.
 * 2. What the carrier brings comes in the order of the sender's journal; an offset that was taken in before is a repeat.
 * 3. A link to a key that has moved here is refused. Links that make a ring while they are under way send each state
 *    round until it comes home. Records overtake nothing on a link, so between two times in which one state comes
 *    through a key, on the same links, that key's own state comes home once, if it goes round at all: it may have
 *    become part of another. A state that came home a second time on the same path thus knows who goes round; the
 *    smallest of these undoes its own link, and all others end there.
 * 4. The last link of a ring is of a key whose state goes round, so that every ring is opened. A state that comes home
 *    after STATE_HOPS_MAX hops undoes its link in any case: nothing is lost, but more than one may do so.
 */

import { hash } from "node:crypto";
import {
  type CanonicalPersonLink,
  type CanonicalPersonState,
  STATE_HOPS_MAX,
} from "../../../schemas/journal.js";
import type { Outcome, PersonMergedOutcome } from "../../../schemas/outcomes.js";
import type { Judging } from "../judging.js";
import { reviseKept } from "../late-hits.js";
import { duplicateOutcome, forwardedOutcomes, revisionOutcome } from "../outcome.js";
import { Person } from "../person/person.js";
import { standaloneRecord } from "../person/record-codec.js";
import { knownRecord, rememberRecord } from "../repeats.js";
import { idHashOf, idTagOf } from "../swipe.js";
import { makeRoomForLink } from "./former-numbers.js";
import { mergePerson } from "./merge-person.js";
import { movingState } from "./moving-state.js";

/** LINK_CYCLE: the new number had moved to this one before. CARRIED_BEFORE: brought here twice. */
export type MoveRefusal = "LINK_CYCLE" | "CARRIED_BEFORE";

interface Refused {
  readonly refused: "EVENT_ID_REUSED" | MoveRefusal;
}

/** The link of a person to a new key. */
export function takeLink(person: Person, record: CanonicalPersonLink): readonly Outcome[] | Refused {
  const movedTo = person.links.movedTo();
  const { personKey, toPersonKey } = record;
  // Who has moved remembers nothing new: where it moved the link is remembered.
  if (movedTo !== null && !isRemembered(person, record))
    return movedTo === toPersonKey ? [duplicateOutcome(record, null)] : forwardedOutcomes(record, movedTo);
  const earlier = knownRecord(person, record);
  if (earlier === "reused") return { refused: "EVENT_ID_REUSED" };
  if (earlier === "repeat" || toPersonKey === personKey) return [duplicateOutcome(record, null)];
  if (person.links.isMerged(toPersonKey)) return { refused: "LINK_CYCLE" };
  // A link that moves nobody leaves nothing: it may come to the signpost or here, as gateways have heard of the move.
  rememberRecord(person, record);
  return [moved(person, record)];
}

function isRemembered(person: Person, { eventId }: CanonicalPersonLink): boolean {
  return person.seen.find(idHashOf(eventId)) >= 0;
}

function moved(person: Person, { eventId, personKey, toPersonKey }: CanonicalPersonLink): Outcome {
  const state = movingState(person);
  const formerPersonKeys = person.links.mergedKeys();
  makeRoomForLink(person);
  person.links.setMoved(toPersonKey, idTagOf(eventId));
  return {
    type: "person-moved",
    eventId,
    personKey,
    toPersonKey,
    formerPersonKeys,
    state: Buffer.from(state).toString("base64"),
    stateSha256: hash("sha256", state, "hex"),
  };
}

/** The state of a former key. @param judging a scratch of its own swipe, for revisions. */
export function takeState(
  person: Person,
  record: CanonicalPersonState,
  judging: Judging,
): readonly Outcome[] | Refused {
  if (!isNewFromSender(person, record)) return { refused: "CARRIED_BEFORE" };
  const movedTo = person.links.movedTo();
  if (record.formerPersonKey === record.personKey) {
    if (movedTo !== null && !opensRing(record)) {
      person.links.countReturn();
      return sentOn(person, record, movedTo);
    }
    if (movedTo !== null) person.links.clearMoved();
    return { refused: "LINK_CYCLE" };
  }
  if (movedTo !== null) return sentOn(person, record, movedTo);
  return merged(person, record, judging);
}

function opensRing({ isSamePath, smallestKey, personKey, hops }: CanonicalPersonState): boolean {
  return (isSamePath && smallestKey === personKey) || hops >= STATE_HOPS_MAX;
}

function sentOn(person: Person, record: CanonicalPersonState, toPersonKey: string): readonly Outcome[] {
  const { eventId, personKey } = record;
  return [{ type: "forwarded", eventId, personKey, toPersonKey, hop: person.links.hop() }];
}

/** Was nothing of the sender at or behind this offset taken in? From now on it was. */
export function isNewFromSender(
  person: Person,
  { fromPersonKey, fromOffset }: { readonly fromPersonKey: string; readonly fromOffset: number },
): boolean {
  const { links } = person;
  if (links.lastOffsetOf(fromPersonKey) >= fromOffset) return false;
  if (!links.knowsSender(fromPersonKey)) makeRoomForLink(person);
  links.setLastOffset(fromPersonKey, fromOffset);
  return true;
}

function merged(person: Person, record: CanonicalPersonState, judging: Judging): readonly Outcome[] {
  const { eventId, personKey, formerPersonKey } = record;
  const former = new Person(standaloneRecord(Buffer.from(record.state, "base64")));
  const { dropped, rejudgeFrom } = mergePerson(person, former, judging.bundle.regions);
  const outcome: PersonMergedOutcome = {
    type: "person-merged",
    eventId,
    personKey,
    formerPersonKey,
    dropped,
    bundleHash: judging.bundle.hash,
  };
  const revisions = reviseKept(judging, rejudgeFrom);
  return [outcome, ...revisions.map((revision) => revisionOutcome(record, revision, judging.bundle))];
}

/**
 * The auditor's own small model of the journal: which kind of outcome each record must have. It knows which records
 * are new, repeated or reused (by person, eventId and content hash), who has moved, and what was carried before.
 *
 * 1. Records are asked about in the order of their partition, the state of a person after the link that sent it off.
 * 2. Which of a ring's keys undoes its link the model takes from the outcome; that one person is left is checked.
 */

import type { ReadBody } from "./logged-bodies.js";

export interface Expected {
  readonly first: string | null;
  /** Revisions may follow. */
  readonly mayRevise?: true;
}

interface Known {
  /** By eventId, the content hash. */
  readonly contents: ReadonlyMap<string, string>;
  readonly merged: ReadonlySet<string>;
}

interface Key {
  readonly contents: Map<string, string>;
  /** Keys that are part of this one. */
  readonly merged: Set<string>;
  /** By sender, up to which offset of its journal partition something was taken in. */
  readonly lastOffsets: Map<string, number>;
  movedTo: string | null;
}

const DUPLICATE: Expected = { first: "duplicate" };
const REFUSED: Expected = { first: "refused" };
const FORWARDED: Expected = { first: "forwarded" };

export class ExpectedOutcomes {
  /** Keys that undid their own link: it was part of a ring. */
  readonly ringsOpened = new Set<string>();
  private readonly keys = new Map<string, Key>();
  /** By partition, the activation it goes by. */
  private readonly activations = new Map<number, number>();
  /** What a key knew as it moved, by the link. */
  private readonly moves = new Map<string, Known>();

  /** Can this record be asked about already? */
  isReady(record: ReadBody): boolean {
    return record.type !== "person-state" || this.moves.has(moveOf(record));
  }

  /** @param found type of the first outcome that the record has. */
  of(record: ReadBody, partition: number, found: string | undefined): Expected {
    if (record.type === "activation") return this.activation(partition, record.sequence ?? -1);
    if (record.personKey === null || record.type === "answer-given") return { first: null };
    const key = this.key(record.personKey);
    switch (record.type) {
      case "person-link":
        return this.link(key, record);
      case "person-state":
        return this.isNewFromSender(key, record) ? this.state(key, record, found) : REFUSED;
      case "carried":
        if (!this.isNewFromSender(key, record)) return REFUSED;
        return this.of({ ...record.record!, personKey: record.personKey }, partition, found);
      default:
        return key.movedTo === null ? ownRecord(key, record) : FORWARDED;
    }
  }

  movedTo(personKey: string): string | null {
    return this.key(personKey).movedTo;
  }

  /** One that was sent again while nobody knew of the first may come behind the next. */
  private activation(partition: number, sequence: number): Expected {
    if (sequence < (this.activations.get(partition) ?? -1)) return REFUSED;
    this.activations.set(partition, sequence);
    return { first: "activated" };
  }

  private link(key: Key, record: ReadBody): Expected {
    const { eventId, contentHash, personKey, toPersonKey } = record;
    const content = key.contents.get(eventId ?? "");
    if (content !== undefined) return content === contentHash ? DUPLICATE : REFUSED;
    if (key.movedTo !== null) return key.movedTo === toPersonKey ? DUPLICATE : FORWARDED;
    if (toPersonKey === personKey) return DUPLICATE;
    if (key.merged.has(toPersonKey ?? "")) return REFUSED;
    key.contents.set(eventId ?? "", contentHash ?? "");
    key.movedTo = toPersonKey;
    const known = { contents: new Map(key.contents), merged: new Set([...key.merged, personKey!]) };
    this.moves.set(`${personKey} ${eventId}`, known);
    return { first: "person-moved" };
  }

  private state(key: Key, record: ReadBody, found: string | undefined): Expected {
    if (record.formerPersonKey === record.personKey) {
      if (key.movedTo === null) return REFUSED;
      if (found !== "refused") return FORWARDED;
      key.movedTo = null;
      this.ringsOpened.add(record.personKey ?? "");
      return REFUSED;
    }
    if (key.movedTo !== null) return FORWARDED;
    const { contents, merged } = this.moves.get(moveOf(record))!;
    for (const [eventId, content] of contents)
      if (!key.contents.has(eventId)) key.contents.set(eventId, content);
    for (const former of merged) if (former !== record.personKey) key.merged.add(former);
    return { first: "person-merged", mayRevise: true };
  }

  private isNewFromSender(key: Key, { fromPersonKey, fromOffset }: ReadBody): boolean {
    if ((key.lastOffsets.get(fromPersonKey ?? "") ?? -1) >= (fromOffset ?? -1)) return false;
    key.lastOffsets.set(fromPersonKey ?? "", fromOffset ?? -1);
    return true;
  }

  private key(personKey: string): Key {
    let key = this.keys.get(personKey);
    if (key === undefined) {
      key = { contents: new Map(), merged: new Set(), lastOffsets: new Map(), movedTo: null };
      this.keys.set(personKey, key);
    }
    return key;
  }
}

function ownRecord(key: Key, { type, eventId, contentHash }: ReadBody): Expected {
  const content = key.contents.get(eventId ?? "");
  if (content !== undefined) return content === contentHash ? DUPLICATE : REFUSED;
  key.contents.set(eventId ?? "", contentHash ?? "");
  if (type === "swipe") return { first: "decision" };
  if (type === "card-status") return { first: "transition", mayRevise: true };
  return { first: null };
}

/** A link is named by the key it sends off and its eventId. */
export function moveOf({ formerPersonKey, eventId }: ReadBody): string {
  return `${formerPersonKey} ${eventId}`;
}

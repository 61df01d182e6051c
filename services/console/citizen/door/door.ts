/**
 * The door of the cardholder's pages: case code and ID ending, then a one-time code by SMS, then a session.
 *
 * Owns: entries (one per visit) and what is counted of them.
 * Does not own: sending SMS (the desk), cookies, pages, waiting until the answer may leave (the routes).
 *
 * 1. What was typed fits a case or not: the same is stored, counted and answered. Only the SMS tells, to its owner.
 * 2. Limits hang on what was typed and on where it came from, never on whether there is such a case.
 * 3. A one-time code is in the database as a keyed hash only, opens once, five minutes long, and five wrong ones end it.
 *    Whoever presses the button twice sends it twice: for that moment the same visit is let in again.
 * 4. A try is counted before it is compared: tries at once are no more tries.
 */

import { randomBytes, randomInt } from "node:crypto";
import { type Kysely, sql } from "kysely";
import type { Logger } from "../../../../platform/logger/logger.js";
import type { CitizenDesk } from "../citizen-desk.js";
import type { CitizenTables } from "../citizen-tables.js";
import { type DoorHash, isSame } from "./door-hash.js";
import { CODE_DIGITS, CODE_VALID_MS, DOOR_LIMITS, ENTRY_VALID_MS, TRIES_MAX } from "./door-limits.js";
import type { Session, Sessions } from "./sessions.js";
import type { Tallies } from "./tallies.js";

export type KnockResult = { readonly kind: "begun" } | { readonly kind: "locked"; readonly untilMs: number };

export type AgainResult =
  | { readonly kind: "sent" }
  | { readonly kind: "wait"; readonly untilMs: number }
  | { readonly kind: "over" };

export type OpenResult =
  | { readonly kind: "open"; readonly session: Session }
  | { readonly kind: "wrong" }
  /** Too old, too many tries, or never begun: begin again. */
  | { readonly kind: "over" }
  | { readonly kind: "locked"; readonly untilMs: number };

export interface EntryStanding {
  /** From when on another code may be asked for; null: now. */
  readonly againAtMs: number | null;
  readonly triesLeft: number;
}

export interface DoorParts {
  readonly desk: Pick<CitizenDesk, "caseByCode" | "contactOf" | "sendLoginCode">;
  readonly database: Kysely<CitizenTables>;
  readonly tallies: Tallies;
  readonly sessions: Sessions;
  readonly hash: DoorHash;
  readonly logger: Logger;
}

/** From the first press of the button to the second. */
const PRESSED_TWICE_MS = 15_000;
/** Everybody's. */
const ALL = "all";

const SEND_LIMITS = [DOOR_LIMITS.sendMinute, DOOR_LIMITS.sendHour, DOOR_LIMITS.sendDay] as const;

export class Door {
  constructor(private readonly parts: DoorParts) {}

  /** @param knock `code` and `idNumberLast4` as caseCodeOf and idNumberLast4Of give them. */
  async knock(
    knock: { visit: string; code: string; idNumberLast4: string; address: string },
    nowMs: number,
  ): Promise<KnockResult> {
    const { hash } = this.parts;
    const codeHash = hash.of("code", knock.code);
    const untilMs = await this.lockedUntil(codeHash, hash.address(knock.address), nowMs);
    if (untilMs !== null) return { kind: "locked", untilMs };
    const who = await this.whoIs(knock.code, knock.idNumberLast4);
    const unknown = who === null ? await this.countUnknown(nowMs) : null;
    if (unknown?.count === DOOR_LIMITS.unknownHour.max + 1)
      this.parts.logger.warn("citizen.door-pressed", { count: unknown.count });
    const entry = { visitHash: hash.of("visit", knock.visit), codeHash, who };
    const sendable = await this.mayBeSent(codeHash, nowMs);
    // A wait is for the next page to tell: whoever comes back a minute later meets the entry that is begun.
    await this.storeUnlessSame(entry, nowMs);
    const anew = { tries: 0, used_at_ms: null, started_at_ms: nowMs };
    if (sendable === null) await this.send(entry.visitHash, who, nowMs, anew);
    return { kind: "begun" };
  }

  /** Another one-time code for the entry of this visit; the one before it does not open any more. */
  async again(visit: string, nowMs: number): Promise<AgainResult> {
    const visitHash = this.parts.hash.of("visit", visit);
    const entry = await this.entry(visitHash, nowMs);
    const isOver = entry === undefined || entry.tries >= TRIES_MAX || entry.used_at_ms !== null;
    if (isOver) return { kind: "over" };
    const untilMs = await this.mayBeSent(entry.code_hash, nowMs);
    if (untilMs !== null) return { kind: "wait", untilMs };
    const who =
      entry.person_key === null ? null : { personKey: entry.person_key, caseId: entry.case_id ?? "" };
    await this.send(visitHash, who, nowMs);
    return { kind: "sent" };
  }

  /** Of the entry of this visit; null where nothing was begun. */
  async standing(visit: string, nowMs: number): Promise<EntryStanding | null> {
    const entry = await this.entry(this.parts.hash.of("visit", visit), nowMs);
    if (entry === undefined) return null;
    const againAtMs = await this.notSentUntil(entry.code_hash, nowMs);
    return { againAtMs, triesLeft: TRIES_MAX - entry.tries };
  }

  async open(visit: string, oneTimeCode: string, nowMs: number): Promise<OpenResult> {
    const { hash, sessions, database, tallies } = this.parts;
    const visitHash = hash.of("visit", visit);
    const entry = await this.entry(visitHash, nowMs);
    if (entry === undefined) return { kind: "over" };
    // Counted before it is looked at: of many at once none slips through.
    const wrong = await tallies.count(DOOR_LIMITS.wrongDay, entry.code_hash, nowMs);
    if (wrong.isOver) return { kind: "locked", untilMs: wrong.endsAtMs };
    const tries = await this.countTry(visitHash);
    if (tries === null || entry.sent_at_ms <= nowMs - CODE_VALID_MS) return { kind: "over" };
    const isRight = isSame(hash.of("one-time", `${visitHash}\n${oneTimeCode}`), entry.one_time_hash);
    if (!isRight || entry.person_key === null || entry.case_id === null)
      return tries < TRIES_MAX ? { kind: "wrong" } : { kind: "over" };
    await tallies.giveBack(DOOR_LIMITS.wrongDay, entry.code_hash, nowMs);
    if (entry.used_at_ms !== null && entry.used_at_ms <= nowMs - PRESSED_TWICE_MS) return { kind: "over" };
    await database
      .updateTable("citizen_entries")
      .set({ used_at_ms: entry.used_at_ms ?? nowMs })
      .where("visit_hash", "=", visitHash)
      .execute();
    const who = { caseId: entry.case_id, personKey: entry.person_key };
    return { kind: "open", session: await sessions.begin(who, nowMs) };
  }

  async forgetBefore(nowMs: number): Promise<void> {
    await this.parts.database
      .deleteFrom("citizen_entries")
      .where("started_at_ms", "<", nowMs - ENTRY_VALID_MS)
      .execute();
  }

  private async lockedUntil(codeHash: string, addressHash: string, nowMs: number): Promise<number | null> {
    const { tallies } = this.parts;
    const { isOver: isPressed } = await tallies.standing(DOOR_LIMITS.unknownHour, ALL, nowMs);
    const counted = [
      await tallies.count(DOOR_LIMITS.addressQuarter, addressHash, nowMs),
      await tallies.count(DOOR_LIMITS.addressDay, addressHash, nowMs),
      await tallies.count(DOOR_LIMITS.codeHour, codeHash, nowMs),
      await tallies.count(DOOR_LIMITS.codeDay, codeHash, nowMs),
      ...(isPressed ? [await tallies.count(DOOR_LIMITS.addressPressed, addressHash, nowMs)] : []),
      await tallies.standing(DOOR_LIMITS.wrongDay, codeHash, nowMs),
    ];
    const ends = counted.filter(({ isOver }) => isOver).map(({ endsAtMs }) => endsAtMs);
    return ends.length === 0 ? null : Math.max(...ends);
  }

  /** Both questions are asked whatever the first one's answer is. */
  private async whoIs(code: string, idNumberLast4: string) {
    const found = await this.parts.desk.caseByCode(code);
    const contact = await this.parts.desk.contactOf(found?.personKey ?? randomBytes(16).toString("hex"));
    const isHolder = isSame((contact?.idNumberLast4 ?? "----").toUpperCase(), idNumberLast4);
    return found !== null && contact !== null && isHolder
      ? { caseId: found.caseId, personKey: found.personKey }
      : null;
  }

  private countUnknown(nowMs: number) {
    return this.parts.tallies.count(DOOR_LIMITS.unknownHour, ALL, nowMs);
  }

  /** @returns null where it may, or from when on. Counts it where it may. */
  private async mayBeSent(codeHash: string, nowMs: number): Promise<number | null> {
    const untilMs = await this.notSentUntil(codeHash, nowMs);
    if (untilMs !== null) return untilMs;
    for (const limit of SEND_LIMITS) await this.parts.tallies.count(limit, codeHash, nowMs);
    return null;
  }

  /** Hangs on what was typed alone, whether there is such a case or not. */
  private async notSentUntil(codeHash: string, nowMs: number): Promise<number | null> {
    const standing = [];
    for (const limit of SEND_LIMITS) standing.push(await this.parts.tallies.standing(limit, codeHash, nowMs));
    const ends = standing.filter(({ isOver }) => isOver).map(({ endsAtMs }) => endsAtMs);
    return ends.length > 0 ? Math.max(...ends) : null;
  }

  /** An entry of this visit for the same case goes on with the code that was sent. */
  private async storeUnlessSame({ visitHash, codeHash, who }: NewEntry, nowMs: number): Promise<void> {
    const row = {
      visit_hash: visitHash,
      code_hash: codeHash,
      case_id: who?.caseId ?? null,
      person_key: who?.personKey ?? null,
      // Of nothing that can be typed.
      one_time_hash: this.parts.hash.of("one-time", randomBytes(32).toString("hex")),
      sent_at_ms: nowMs,
      tries: 0,
      used_at_ms: null,
      started_at_ms: nowMs,
    };
    await this.parts.database
      .insertInto("citizen_entries")
      .values(row)
      .onConflict((conflict) =>
        conflict
          .column("visit_hash")
          .doUpdateSet(row)
          .where(sql<boolean>`
          citizen_entries.code_hash <> excluded.code_hash
          or citizen_entries.person_key is distinct from excluded.person_key
          or citizen_entries.started_at_ms <= ${nowMs - ENTRY_VALID_MS}`),
      )
      .execute();
  }

  /**
   * The code of before opens until the next one is on its way: the ledger of SMS has limits of its own, over all cases of a
   * person. The entry shows nothing of that, or it would tell which cases there are.
   */
  private async send(
    visitHash: string,
    who: NewEntry["who"],
    nowMs: number,
    anew: Partial<Pick<CitizenTables["citizen_entries"], "tries" | "used_at_ms" | "started_at_ms">> = {},
  ): Promise<void> {
    const { database, hash } = this.parts;
    const code = String(randomInt(10 ** CODE_DIGITS)).padStart(CODE_DIGITS, "0");
    const isOut = who === null || (await this.sendSms(who.personKey, code));
    const opens = { one_time_hash: hash.of("one-time", `${visitHash}\n${code}`), ...anew };
    await database
      .updateTable("citizen_entries")
      .set({ sent_at_ms: nowMs, ...(isOut ? opens : {}) })
      .where("visit_hash", "=", visitHash)
      .execute();
  }

  private async sendSms(personKey: string, code: string): Promise<boolean> {
    const { desk, logger } = this.parts;
    const smsId = `login-${randomBytes(16).toString("hex")}`;
    const sent = await desk.sendLoginCode({ smsId, personKey, code });
    // Several cases of one number: the page's "not arrived" tells what to do.
    if (sent.kind === "too-often") logger.warn("citizen.login-code-held", {});
    return sent.kind === "queued";
  }

  private entry(visitHash: string, nowMs: number) {
    return this.parts.database
      .selectFrom("citizen_entries")
      .selectAll()
      .where("visit_hash", "=", visitHash)
      .where("started_at_ms", ">", nowMs - ENTRY_VALID_MS)
      .executeTakeFirst();
  }

  /** @returns which try this is; null where there are no more. */
  private async countTry(visitHash: string): Promise<number | null> {
    const { rows } = await sql<{ tries: number }>`
      update citizen_entries set tries = tries + 1
      where visit_hash = ${visitHash} and tries < ${TRIES_MAX} returning tries`.execute(this.parts.database);
    return rows[0]?.tries ?? null;
  }
}

interface NewEntry {
  readonly visitHash: string;
  readonly codeHash: string;
  readonly who: { readonly caseId: string; readonly personKey: string } | null;
}

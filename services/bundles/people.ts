/**
 * People who may change rules: named keys.
 *
 * Owns: the table of people.
 * Does not own: what a person may do (may.ts); who may add people (whoever runs the machine).
 *
 * 1. A key is shown once, when it is made; kept is its SHA-256. Keys have 256 random bits, so no slow hash is needed.
 * 2. A name belongs to one person for ever: added again after it was revoked, it is the same person with another key.
 *    Otherwise somebody could approve his own draft under his own name of before.
 */

import { hash, randomBytes } from "node:crypto";
import type { Clock } from "../../platform/clock/clock.js";
import type { PersonSummary } from "../../schemas/http/rules-people.js";
import { formatInstant } from "../../schemas/instant.js";
import { folded, nameProblem } from "../../schemas/person-name.js";
import { RulesRefusal } from "./refusal.js";
import { oneAtATime, type Reads } from "./tables.js";

const KEY_PREFIX = "kdp";
const SECRET_BYTES = 32;
const KEY_LENGTH_MAX = 128;
const BEARER = /^Bearer +(\S+)$/i;

export interface PeopleOptions {
  readonly tables: Reads;
  readonly clock: Clock;
  /** Another key than the ones there are; tests make them. */
  readonly newKey?: () => string;
}

export class People {
  constructor(private readonly options: PeopleOptions) {}

  /** @returns the key, which nobody can read again. @throws RulesRefusal NAME_INVALID, PERSON_EXISTS. */
  async add(name: string): Promise<string> {
    const problem = nameProblem(name);
    if (problem !== null) throw new RulesRefusal("NAME_INVALID", problem);
    const { tables, clock, newKey = randomKey } = this.options;
    const key = newKey();
    const added = { key_sha256: hash("sha256", key), added_at: formatInstant(clock.now()), revoked_at: null };
    await oneAtATime(tables, async (trx) => {
      const before = await trx
        .selectFrom("people")
        .selectAll()
        .where("name_folded", "=", folded(name))
        .executeTakeFirst();
      if (before === undefined) {
        await trx
          .insertInto("people")
          .values({ name, name_folded: folded(name), ...added })
          .execute();
        return;
      }
      if (before.revoked_at === null)
        throw new RulesRefusal(
          "PERSON_EXISTS",
          `'${before.name}' has a key; 'kadun people revoke ${before.name}' ends it, and adding the name again makes a new one`,
        );
      await trx.updateTable("people").set(added).where("name", "=", before.name).execute();
    });
    return key;
  }

  /** Again is nothing. @throws RulesRefusal PERSON_UNKNOWN. */
  async revoke(name: string): Promise<void> {
    const { tables, clock } = this.options;
    await oneAtATime(tables, async (trx) => {
      const person = await trx
        .selectFrom("people")
        .select(["name", "revoked_at"])
        .where("name_folded", "=", folded(name))
        .executeTakeFirst();
      if (person === undefined)
        throw new RulesRefusal("PERSON_UNKNOWN", "nobody has this name; 'kadun people list' shows everybody");
      if (person.revoked_at !== null) return;
      const revoked_at = formatInstant(clock.now());
      await trx.updateTable("people").set({ revoked_at }).where("name", "=", person.name).execute();
    });
  }

  async list(): Promise<readonly PersonSummary[]> {
    const rows = await this.options.tables
      .selectFrom("people")
      .select(["name", "added_at", "revoked_at"])
      .orderBy("name_folded")
      .execute();
    return rows.map(({ name, added_at, revoked_at }) => ({
      name,
      addedAt: formatInstant(added_at.getTime()),
      revokedAt: revoked_at && formatInstant(revoked_at.getTime()),
    }));
  }

  /**
   * Whose key is it?
   * @param authorization the header `Authorization`. @throws RulesRefusal KEY_MISSING, KEY_INVALID, KEY_REVOKED.
   */
  async admit(authorization: string | undefined): Promise<string> {
    if (authorization === undefined) throw new RulesRefusal("KEY_MISSING", KEY_HINT);
    const key = authorization.length > KEY_LENGTH_MAX ? undefined : BEARER.exec(authorization)?.[1];
    if (key === undefined) throw new RulesRefusal("KEY_INVALID", KEY_HINT);
    // Found by its hash: whoever measures how long it takes learns of hashes, not of keys.
    const person = await this.options.tables
      .selectFrom("people")
      .select(["name", "revoked_at"])
      .where("key_sha256", "=", hash("sha256", key))
      .executeTakeFirst();
    if (person === undefined) throw new RulesRefusal("KEY_INVALID", KEY_HINT);
    if (person.revoked_at !== null)
      throw new RulesRefusal(
        "KEY_REVOKED",
        `'${person.name}' was revoked; 'kadun people add ${person.name}' makes a new key`,
      );
    return person.name;
  }
}

const KEY_HINT =
  "give the key that 'kadun people add NAME' printed: 'authorization: Bearer KEY', KADUN_PERSON_KEY or --person-key-file";

function randomKey(): string {
  return `${KEY_PREFIX}_${randomBytes(SECRET_BYTES).toString("base64url")}`;
}

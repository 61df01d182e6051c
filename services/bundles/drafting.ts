/** New versions, and what is said about them. A version is never changed: another thought is another version. */

import { storableText } from "../../platform/database/database.js";
import type { VersionOrigin } from "../../schemas/http/rules.js";
import { formatInstant } from "../../schemas/instant.js";
import { mayWithdraw } from "./may.js";
import { RulesRefusal } from "./refusal.js";
import { type RulesRoom, refuse, situationOf } from "./rules-room.js";
import { oneAtATime, type Trx } from "./tables.js";
import { readVersion } from "./version.js";

export interface Draft {
  readonly content: unknown;
  readonly comment: string;
}

/** @returns the number of the new version. @throws RulesRefusal BUNDLE_INVALID with every mistake. */
export async function draft(room: RulesRoom, author: string, { content, comment }: Draft): Promise<number> {
  const read = room.readBundle(content);
  if ("mistakes" in read)
    throw new RulesRefusal(
      "BUNDLE_INVALID",
      `${read.mistakes.length} mistake(s); correct them and draft it again`,
      read.mistakes,
    );
  const { bundleHash, content: whole } = read;
  const made = { bundleHash, author, comment, origin: "draft", madeOf: null } as const;
  return oneAtATime(room.tables, async (trx) => {
    await storeContent(trx, bundleHash, whole);
    return addVersion(trx, made, room.clock.now());
  });
}

export async function addComment(
  { tables, clock }: RulesRoom,
  person: string,
  { version, text }: { readonly version: number; readonly text: string },
): Promise<void> {
  await oneAtATime(tables, async (trx) => {
    await readVersion(trx, version);
    await writeComment(trx, { version, author: person, text }, clock.now());
  });
}

/** @throws RulesRefusal where it was activated, or withdrawn before. */
export async function withdraw({ tables, clock }: RulesRoom, person: string, version: number): Promise<void> {
  await oneAtATime(tables, async (trx) => {
    refuse(mayWithdraw(await situationOf(trx, version)));
    await trx
      .updateTable("bundle_versions")
      .set({ withdrawn_by: person, withdrawn_at: formatInstant(clock.now()) })
      .where("version", "=", version)
      .execute();
  });
}

/** Again is nothing: the same hash is the same content. */
export async function storeContent(trx: Trx, bundleHash: string, content: unknown): Promise<void> {
  await trx
    .insertInto("bundle_contents")
    .values({ bundle_hash: bundleHash, content: JSON.stringify(content) })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export interface NewVersion {
  readonly bundleHash: string;
  readonly author: string;
  readonly comment: string;
  readonly origin: VersionOrigin;
  readonly madeOf: number | null;
}

/** @returns its number, the next one. */
export async function addVersion(trx: Trx, made: NewVersion, nowMs: number): Promise<number> {
  const last = await trx
    .selectFrom("bundle_versions")
    .select("version")
    .orderBy("version", "desc")
    .limit(1)
    .executeTakeFirst();
  const version = (last?.version ?? 0) + 1;
  const { bundleHash, author, comment, origin, madeOf } = made;
  await trx
    .insertInto("bundle_versions")
    .values({
      version,
      bundle_hash: bundleHash,
      author,
      created_at: formatInstant(nowMs),
      made_of: madeOf,
      origin,
      withdrawn_by: null,
      withdrawn_at: null,
    })
    .execute();
  await writeComment(trx, { version, author, text: comment }, nowMs);
  return version;
}

async function writeComment(
  trx: Trx,
  { version, author, text }: { readonly version: number; readonly author: string; readonly text: string },
  nowMs: number,
): Promise<void> {
  const last = await trx
    .selectFrom("bundle_comments")
    .select("ordinal")
    .where("version", "=", version)
    .orderBy("ordinal", "desc")
    .limit(1)
    .executeTakeFirst();
  await trx
    .insertInto("bundle_comments")
    .values({
      version,
      ordinal: (last?.ordinal ?? 0) + 1,
      author,
      text: storableText(text),
      written_at: formatInstant(nowMs),
    })
    .execute();
}

/** What changes judging: activations, each with the next sequence, written down here before anything is sent. */

import type { ActivationKind } from "../../schemas/http/rules.js";
import { formatInstant } from "../../schemas/instant.js";
import { type Activation, readStanding, type Standing } from "./activation.js";
import { approve, checkVersion } from "./approving.js";
import { addVersion, storeContent } from "./drafting.js";
import { mayActivate, mayApprove, mayShadow, partial, targetOf } from "./may.js";
import { RulesRefusal } from "./refusal.js";
import { type RulesRoom, readMadeOf, refuse, situationOf } from "./rules-room.js";
import { oneAtATime, type Trx } from "./tables.js";
import { readRevoked, readVersion, readVersions } from "./version.js";

/** No person. */
export const BREAKER = "breaker";

interface Options {
  /** Although the activation before is not answered by every partition. */
  readonly replace: boolean;
}

/** Publishes a version. The guard is asked where it has to be: that may take minutes. @throws RulesRefusal. */
export async function activate(room: RulesRoom, version: number, options: Options): Promise<Activation> {
  const { tables } = room;
  // What stands against it anyway is said before the guard is troubled.
  const before = mayActivate(await situationOf(tables, version), null, options);
  const checkId = before === "guard" ? await checkVersion(room, version) : null;
  const activation = await oneAtATime(tables, async (trx) => {
    const situation = await situationOf(trx, version);
    const { standing, version: asked } = situation;
    const check = asked.checks.find((each) => each.checkId === checkId) ?? null;
    const may = mayActivate(situation, check, options);
    // The guard was not asked because something stood against it, or what runs has changed while it looked.
    if (may === "guard" || (check !== null && check.againstHash !== standing.current?.bundleHash))
      throw new RulesRefusal("PARTIAL", "another activation came in between; try again");
    if ("code" in may) throw new RulesRefusal(may.code, may.detail);
    return addActivation(trx, room, standing, {
      ...may,
      version,
      kind: asked.origin === "rollback" ? "rollback" : "publish",
      shadowVersion: await shadowBeside(trx, standing, asked.bundleHash),
    });
  });
  room.onActivation();
  return activation;
}

/** Puts a draft into shadow, or takes it out (null). @throws RulesRefusal. */
export async function shadow(
  room: RulesRoom,
  person: string,
  { version, replace }: Options & { readonly version: number | null },
): Promise<Activation> {
  const activation = await oneAtATime(room.tables, async (trx) => {
    const situation = version === null ? null : await situationOf(trx, version);
    const standing = situation?.standing ?? (await readStanding(trx));
    refuse(mayShadow(situation, standing, replace));
    return addActivation(trx, room, standing, {
      version: standing.current!.version,
      shadowVersion: version,
      kind: "shadow",
      publishedBy: [person],
    });
  });
  room.onActivation();
  return activation;
}

export interface Rollback {
  readonly version: number;
  /** null: a second person has to ask for the same. */
  readonly activation: Activation | null;
}

/** Back to what ran before: the first person asks for it, the second one's asking activates it. @throws RulesRefusal. */
export async function rollback(room: RulesRoom, person: string, options: Options): Promise<Rollback> {
  const { version, isAskedBySecond } = await oneAtATime(room.tables, async (trx) => {
    const standing = await readStanding(trx);
    const target = targetOf(standing, await readMadeOf(trx));
    if (typeof target !== "number") throw new RulesRefusal(target.code, target.detail);
    const revoked = await readRevoked(trx);
    const waiting = (await readVersions(trx)).find(
      ({ origin, madeOf, withdrawnBy, author, version: number }) =>
        origin === "rollback" &&
        madeOf === target &&
        withdrawnBy === null &&
        !revoked.has(author) &&
        number > standing.current!.version,
    );
    if (waiting === undefined) {
      refuse(partial(standing, options));
      return { version: await askForRollback(trx, room, person, target), isAskedBySecond: false };
    }
    if (waiting.author === person)
      throw new RulesRefusal(
        "OWN_DRAFT",
        `${person} has asked for it (version ${waiting.version}); a second person says 'kadun rules rollback'`,
      );
    return { version: waiting.version, isAskedBySecond: true };
  });
  if (!isAskedBySecond) return { version, activation: null };
  if (mayApprove(await situationOf(room.tables, version), person) === null)
    await approve(room, person, version);
  return { version, activation: await activate(room, version, options) };
}

async function askForRollback(
  trx: Trx,
  { clock }: RulesRoom,
  person: string,
  target: number,
): Promise<number> {
  const { bundleHash } = await readVersion(trx, target);
  const comment = `rollback to version ${target}`;
  return addVersion(
    trx,
    { bundleHash, author: person, comment, origin: "rollback", madeOf: target },
    clock.now(),
  );
}

export interface BreakerChange {
  readonly content: unknown;
  readonly comment: string;
  /** The activation under which a rule ran away. */
  readonly sequence: number;
}

/**
 * The breaker's own way: a new version made of the running one, activated at once, signed by the breaker alone.
 * @returns null where that activation is not the current one any more: people were faster. @throws RulesRefusal BUNDLE_INVALID.
 */
export async function activateForBreaker(
  room: RulesRoom,
  { content, comment, sequence }: BreakerChange,
): Promise<Activation | null> {
  const read = room.readBundle(content);
  if ("mistakes" in read)
    throw new RulesRefusal("BUNDLE_INVALID", "the breaker's own change is no bundle", read.mistakes);
  const activation = await oneAtATime(room.tables, async (trx) => {
    const standing = await readStanding(trx);
    if (standing.current?.sequence !== sequence) return null;
    await storeContent(trx, read.bundleHash, read.content);
    const madeOf = standing.current.version;
    const made = {
      bundleHash: read.bundleHash,
      author: BREAKER,
      comment,
      origin: "breaker",
      madeOf,
    } as const;
    const version = await addVersion(trx, made, room.clock.now());
    const shadowVersion = await shadowBeside(trx, standing, read.bundleHash);
    return addActivation(trx, room, standing, {
      version,
      shadowVersion,
      kind: "breaker",
      publishedBy: [BREAKER],
    });
  });
  if (activation !== null) room.onActivation();
  return activation;
}

/** The draft in shadow stays there, unless it is what is published now. */
async function shadowBeside(trx: Trx, { current }: Standing, bundleHash: string): Promise<number | null> {
  if (current === null || current.shadowVersion === null) return null;
  const { bundleHash: shadowHash } = await readVersion(trx, current.shadowVersion);
  return shadowHash === bundleHash ? null : current.shadowVersion;
}

export interface NewActivation {
  readonly version: number;
  readonly shadowVersion: number | null;
  readonly kind: ActivationKind;
  readonly publishedBy: readonly string[];
}

/** With the next sequence, open; what was open is replaced. For whoever holds the turn. */
export async function addActivation(
  trx: Trx,
  { clock, partitions }: Pick<RulesRoom, "clock" | "partitions">,
  { all }: Standing,
  { version, shadowVersion, kind, publishedBy }: NewActivation,
): Promise<Activation> {
  await trx
    .updateTable("bundle_activations")
    .set({ status: "replaced" })
    .where("status", "=", "open")
    .execute();
  await trx
    .insertInto("bundle_activations")
    .values({
      sequence: (all.at(-1)?.sequence ?? -1) + 1,
      version,
      shadow_version: shadowVersion,
      kind,
      published_by: JSON.stringify(publishedBy),
      engine_version: null,
      partitions,
      status: "open",
      reason: null,
      created_at: formatInstant(clock.now()),
      sent_at: null,
      completed_at: null,
    })
    .execute();
  return (await readStanding(trx)).open!;
}

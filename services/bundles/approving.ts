/** The second and the third pair of eyes, and what the guard has to say. */

import { formatInstant } from "../../schemas/instant.js";
import type { GuardedVersion, GuardOptions, GuardVerdict } from "./guard.js";
import { mayApprove, mayConfirm, type Situation } from "./may.js";
import { RulesRefusal } from "./refusal.js";
import { type RulesRoom, refuse, situationOf } from "./rules-room.js";
import { oneAtATime } from "./tables.js";
import { readContent, type StoredCheck } from "./version.js";

/** @throws RulesRefusal OWN_DRAFT, SAME_PERSON, VERSION_WITHDRAWN, VERSION_ACTIVATED. */
export async function approve({ tables, clock }: RulesRoom, person: string, version: number): Promise<void> {
  await oneAtATime(tables, async (trx) => {
    refuse(mayApprove(await situationOf(trx, version), person));
    await trx
      .insertInto("bundle_approvals")
      .values({ version, person, approved_at: formatInstant(clock.now()) })
      .execute();
  });
}

/** Confirms what the guard objected to the last time. @throws RulesRefusal. */
export async function confirm({ tables, clock }: RulesRoom, person: string, version: number): Promise<void> {
  await oneAtATime(tables, async (trx) => {
    const situation = await situationOf(trx, version);
    refuse(mayConfirm(situation, person));
    await trx
      .insertInto("bundle_confirmations")
      .values({
        check_id: situation.version.checks[0]!.checkId,
        person,
        confirmed_at: formatInstant(clock.now()),
      })
      .execute();
  });
}

async function freshCheck(
  { guard }: RulesRoom,
  { version, standing }: Situation,
): Promise<StoredCheck | null> {
  const [check] = version.checks;
  if (check === undefined || standing.current === null) return null;
  return (await guard.isFresh(check, standing.current.bundleHash)) ? check : null;
}

/**
 * The guard's word on a version: its last one where that still holds, else it is asked, which may take minutes.
 * @returns the number of the check. @throws RulesRefusal NOT_TAKEN_OVER.
 */
export async function checkVersion(
  room: RulesRoom,
  version: number,
  options: GuardOptions = {},
): Promise<number> {
  const situation = await situationOf(room.tables, version);
  const fresh = await freshCheck(room, situation);
  if (fresh !== null) return fresh.checkId;
  const asked = await guarded(room, situation);
  return storeCheck(room, asked, await room.guard.check(asked, options));
}

async function guarded({ tables }: RulesRoom, { version, standing }: Situation): Promise<GuardedVersion> {
  if (standing.current === null)
    throw new RulesRefusal(
      "NOT_TAKEN_OVER",
      "what runs is not known here yet, so nothing can be compared with it; 'kadun rules status' says why",
    );
  const { bundleHash: runningHash } = standing.current;
  return {
    version: version.version,
    bundleHash: version.bundleHash,
    content: await readContent(tables, version.bundleHash),
    runningHash,
    runningContent: await readContent(tables, runningHash),
  };
}

async function storeCheck(
  { tables, clock }: RulesRoom,
  { version, runningHash }: GuardedVersion,
  { result, text, numbers }: GuardVerdict,
): Promise<number> {
  return oneAtATime(tables, async (trx) => {
    const last = await trx
      .selectFrom("bundle_checks")
      .select("check_id")
      .orderBy("check_id", "desc")
      .limit(1)
      .executeTakeFirst();
    const check_id = (last?.check_id ?? 0) + 1;
    await trx
      .insertInto("bundle_checks")
      .values({
        check_id,
        version,
        against_hash: runningHash,
        result,
        text,
        numbers: JSON.stringify(numbers),
        checked_at: formatInstant(clock.now()),
      })
      .execute();
    return check_id;
  });
}

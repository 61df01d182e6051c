/** Versions of bundles as the tables hold them, with what was said and done about them. */

import type { VersionOrigin } from "../../schemas/http/rules.js";
import type { GuardCheck } from "./guard.js";
import { RulesRefusal } from "./refusal.js";
import type { Reads } from "./tables.js";

export interface StoredCheck extends GuardCheck {
  readonly checkId: number;
  readonly confirmedBy: string | null;
  readonly confirmedAtMs: number | null;
}

export interface Version {
  readonly version: number;
  readonly bundleHash: string;
  readonly author: string;
  readonly origin: VersionOrigin;
  readonly madeOf: number | null;
  readonly createdAtMs: number;
  readonly withdrawnBy: string | null;
  readonly comments: readonly {
    readonly author: string;
    readonly text: string;
    readonly writtenAtMs: number;
  }[];
  /** In the order they were given. */
  readonly approvals: readonly { readonly person: string; readonly approvedAtMs: number }[];
  /** The latest first. */
  readonly checks: readonly StoredCheck[];
}

/** @throws RulesRefusal VERSION_UNKNOWN. */
export async function readVersion(tables: Reads, version: number): Promise<Version> {
  const [found] = await readVersions(tables, [version]);
  if (found !== undefined) return found;
  throw new RulesRefusal(
    "VERSION_UNKNOWN",
    `there is no version ${version}; 'kadun rules versions' lists those there are`,
  );
}

/** The latest first. @param only null for all. */
export async function readVersions(
  tables: Reads,
  only: readonly number[] | null = null,
): Promise<readonly Version[]> {
  let query = tables.selectFrom("bundle_versions").selectAll().orderBy("version", "desc");
  if (only !== null) query = query.where("version", "in", [...only]);
  const rows = await query.execute();
  const numbers = rows.map(({ version }) => version);
  if (numbers.length === 0) return [];
  const comments = await tables
    .selectFrom("bundle_comments")
    .selectAll()
    .where("version", "in", numbers)
    .orderBy("ordinal")
    .execute();
  const approvals = await tables
    .selectFrom("bundle_approvals")
    .selectAll()
    .where("version", "in", numbers)
    .orderBy("approved_at")
    .orderBy("person")
    .execute();
  const checks = await tables
    .selectFrom("bundle_checks as c")
    .leftJoin("bundle_confirmations as f", "f.check_id", "c.check_id")
    .selectAll("c")
    .select(["f.person as confirmed_by", "f.confirmed_at"])
    .where("c.version", "in", numbers)
    .orderBy("c.check_id", "desc")
    .execute();
  return rows.map((row) => ({
    version: row.version,
    bundleHash: row.bundle_hash,
    author: row.author,
    origin: row.origin,
    madeOf: row.made_of,
    createdAtMs: row.created_at.getTime(),
    withdrawnBy: row.withdrawn_by,
    comments: comments
      .filter(({ version }) => version === row.version)
      .map(({ author, text, written_at }) => ({ author, text, writtenAtMs: written_at.getTime() })),
    approvals: approvals
      .filter(({ version }) => version === row.version)
      .map(({ person, approved_at }) => ({ person, approvedAtMs: approved_at.getTime() })),
    checks: checks
      .filter(({ version }) => version === row.version)
      .map((check) => ({
        checkId: check.check_id,
        result: check.result,
        text: check.text,
        numbers: check.numbers,
        againstHash: check.against_hash,
        checkedAtMs: check.checked_at.getTime(),
        confirmedBy: check.confirmed_by,
        confirmedAtMs: check.confirmed_at?.getTime() ?? null,
      })),
  }));
}

/** The bundle of a version, whole. */
export async function readContent(tables: Reads, bundleHash: string): Promise<unknown> {
  const { content } = await tables
    .selectFrom("bundle_contents")
    .select("content")
    .where("bundle_hash", "=", bundleHash)
    .executeTakeFirstOrThrow();
  return JSON.parse(content);
}

/** Names of revoked people: what they approved does not count any more. */
export async function readRevoked(tables: Reads): Promise<ReadonlySet<string>> {
  const rows = await tables.selectFrom("people").select("name").where("revoked_at", "is not", null).execute();
  return new Set(rows.map(({ name }) => name));
}

/** What patrols are to find among the city's swipes: a case of each of several patrols, and what is stored of it. */

import type { Kysely } from "kysely";
import { feedLineOf } from "../../bench/load/feed-line.js";
import type { PatrolId } from "../../schemas/patrols.js";
import type { AlertsTables } from "../../services/alerts/tables.js";
import { Tokeniser } from "../../services/ingest/tokens.js";
import { CASE_FILES, CaseNames, type PatrolCase, plantedRecords } from "../alerts/patrol/patrol-cases.js";
import type { CityFeedLine } from "./city-lines.js";

/** The first one is found long before the last one. */
const PATROLS: readonly PatrolId[] = ["R11", "R18", "R20X", "R23"];

export interface Planted {
  readonly lines: readonly CityFeedLine[];
  /** As `patrol kind subject window`. */
  readonly expected: readonly string[];
}

/** The first case of each patrol that finds something. */
export function plantedRings(linkageKey: Buffer): Planted {
  const tokens = new Tokeniser(linkageKey);
  const planted = PATROLS.map((patrol) => {
    const names = new CaseNames(`ring-${patrol}`);
    const found = firstFinding(patrol);
    const raws = plantedRecords(found, names).map((raw) => JSON.stringify(raw));
    const lines = raws.map((json): CityFeedLine => {
      const { eventId } = JSON.parse(json) as { eventId: string };
      return { ...feedLineOf(json), eventId, way: "http" };
    });
    const expected = found.then.map(({ kind, subject, window }) => {
      const key = kind === "agent" ? tokens.token(names.of(subject)) : names.subject(kind, subject);
      return `${patrol} ${kind} ${key} ${window}`;
    });
    return { lines, expected };
  });
  return {
    lines: planted.flatMap(({ lines }) => lines),
    expected: planted.flatMap(({ expected }) => expected).sort(),
  };
}

function firstFinding(patrol: PatrolId): PatrolCase {
  const cases = CASE_FILES.find((file) => file.patrol === patrol)?.cases ?? [];
  const found = cases.find(({ then }) => then.length > 0);
  if (found === undefined) throw new Error(`no case of ${patrol} has a finding`);
  return found;
}

export interface StoredFinding {
  readonly findingId: string;
  readonly patrol: string;
  /** As `patrol kind subject window`. */
  readonly name: string;
  /** Cases of its alerts. */
  readonly caseIds: readonly string[];
  /** Open cases of its subject. */
  readonly openCases: number;
}

/** The expected ones that are there, by their names. @throws DatabaseError. */
export async function storedFindings(
  tables: Kysely<AlertsTables>,
  { expected }: Planted,
): Promise<readonly StoredFinding[]> {
  const findings = await tables.selectFrom("patrol_findings").selectAll().execute();
  const alerts = await tables
    .selectFrom("alerts")
    .select(["finding_id", "case_id"])
    .where("finding_id", "is not", null)
    .execute();
  const cases = await tables.selectFrom("cases").selectAll().where("status", "=", "open").execute();
  return findings
    .map(({ finding_id, patrol, subject_kind, subject_key, window_key }) => ({
      findingId: finding_id,
      patrol,
      name: `${patrol} ${subject_kind} ${subject_key} ${window_key}`,
      caseIds: alerts.flatMap((alert) => (alert.finding_id === finding_id ? [alert.case_id] : [])),
      openCases: cases.filter(
        (each) => each.subject_kind === subject_kind && each.subject_key === subject_key,
      ).length,
    }))
    .filter(({ name }) => expected.includes(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

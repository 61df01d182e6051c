/** A swipe as a report shows it: what was sent, what was answered, how it stands now. */

import type { ResponseCodesFile } from "../../../schemas/bundle/response-codes.js";
import type { CaseAlert, CaseInstitution } from "../../../schemas/evidence/package.js";
import type { Action } from "../../../schemas/fields.js";
import { parseInstantMs } from "../../../schemas/instant.js";
import type { CanonicalSwipe } from "../../../schemas/journal.js";
import type { Reason } from "../../../schemas/outcomes.js";
import { decisionOf, isWithoutEffect, type JudgedRecord } from "./judged-record.js";
import type { Overview } from "./overview.js";
import { type Place, placeOf, type RegionTable, regionName } from "./places.js";
import { type Relation, relationOf } from "./relation.js";

export interface Transaction {
  /** Of the journal record: where a reader finds it in the package. */
  readonly offset: number;
  /** Epoch milliseconds of `swipe.occurredAt`, and of when the record was there. */
  readonly occurredAtMs: number;
  readonly appendedAtMs: number;
  readonly swipe: CanonicalSwipe;
  readonly institution: ShownInstitution;
  readonly place: Place | null;
  readonly relation: Relation;
  /** null where it was judged elsewhere: the person had moved to another key. */
  readonly decision: ShownDecision | null;
  /** What a terminal was told instead, where the decision came too late for it. */
  readonly standInAction: Action | null;
  /** State of the case's alert about it. */
  readonly alert: CaseAlert["state"] | null;
  /** eventId of the cancel or reverse; null where it stands. */
  readonly undoneBy: string | null;
  /** eventId of the settle that was sent in its place after a challenge. */
  readonly sentAgainAs: string | null;
}

export interface ShownInstitution {
  readonly id: string;
  /** The register's name, else the swipe's; empty where neither has one. */
  readonly name: string;
  readonly address: string;
  readonly regionName: string;
}

export interface ShownDecision {
  readonly decisionId: string;
  readonly bundleHash: string;
  readonly firstAction: Action;
  /** After all revisions, as the reasons and what follows. */
  readonly action: Action;
  /** Live ones. */
  readonly reasons: readonly Reason[];
  readonly disputed: boolean;
  readonly degraded: boolean;
  readonly responseCode: string;
  readonly responseText: string;
  readonly revisions: number;
}

export interface TransactionContext {
  readonly overview: Overview;
  readonly institutions: ReadonlyMap<string, CaseInstitution>;
  /** By eventId. */
  readonly alerts: ReadonlyMap<string, CaseAlert>;
  readonly regions: RegionTable;
  readonly responseCodes: Pick<ResponseCodesFile, "meanings"> | null;
}

/** null for a record that is no swipe, and for one sent again. */
export function transactionOf(judged: JudgedRecord, context: TransactionContext): Transaction | null {
  const { record: swipe, offset, appendedAtMs } = judged;
  if (swipe.type !== "swipe" || isWithoutEffect(judged)) return null;
  const { overview, regions, alerts } = context;
  const decision = shownDecision(judged, context);
  const rules = decision?.reasons.map(({ rule }) => rule) ?? [];
  return {
    offset,
    occurredAtMs: parseInstantMs(swipe.occurredAt),
    appendedAtMs,
    swipe,
    institution: shownInstitution(swipe, context),
    place: placeOf(regions, swipe),
    relation: relationOf(swipe, rules, overview.periodsOf(swipe.credential)),
    decision,
    standInAction: overview.standIn.get(swipe.eventId)?.action ?? null,
    alert: alerts.get(swipe.eventId)?.state ?? null,
    undoneBy: laterOf(swipe, offset, overview.undone),
    sentAgainAs: laterOf(swipe, offset, overview.sentAgain),
  };
}

/** Only a settle has money that can come back, and only from a record behind it. */
function laterOf(
  { kind, eventId }: CanonicalSwipe,
  offset: number,
  later: ReadonlyMap<string, { readonly offset: number; readonly eventId: string }>,
): string | null {
  const found = later.get(eventId);
  return kind === "settle" && found !== undefined && found.offset > offset ? found.eventId : null;
}

function shownDecision(
  judged: JudgedRecord,
  { overview, responseCodes }: TransactionContext,
): ShownDecision | null {
  const decision = decisionOf(judged);
  if (decision === null) return null;
  const revised = overview.revisions.get(decision.eventId);
  const reasons = revised?.reasons ?? decision.reasons;
  return {
    decisionId: decision.decisionId,
    bundleHash: decision.bundleHash,
    firstAction: decision.action,
    action: revised?.action ?? decision.action,
    reasons: reasons.filter(({ mode, draft }) => mode === "live" && draft !== true),
    disputed: revised?.disputed ?? decision.disputed,
    degraded: decision.degraded,
    responseCode: decision.responseCode,
    responseText: responseCodes?.meanings[decision.responseCode]?.["zh-CN"] ?? "",
    revisions: revised?.count ?? 0,
  };
}

function shownInstitution(
  { institutionId, institutionName, careRegion }: CanonicalSwipe,
  { institutions, regions }: TransactionContext,
): ShownInstitution {
  const known = institutions.get(institutionId);
  return {
    id: institutionId,
    name: known?.name ?? institutionName ?? "",
    address: known?.address ?? "",
    regionName: regionName(regions, known?.region ?? careRegion),
  };
}

/** Money that is still with whoever was paid: settled, not taken back, not replaced by the one sent again. */
export function isStanding({ swipe, undoneBy, sentAgainAs }: Transaction): boolean {
  return swipe.kind === "settle" && undoneBy === null && sentAgainAs === null;
}

/** Part of what the case is about. */
export function isInQuestion({ decision, alert }: Transaction): boolean {
  return decision?.disputed === true || alert === "standing";
}

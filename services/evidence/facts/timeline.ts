/** What happened when: status records with their moments, PIN attempts, decisions of note, revisions, messages. Pure. */

import type { CaseSms } from "../../../schemas/evidence/package.js";
import { formatInstant, parseInstantMs } from "../../../schemas/instant.js";
import type { CanonicalCardStatus, CanonicalPersonFact, CanonicalSwipe } from "../../../schemas/journal.js";
import { ruleNameOf } from "../../../schemas/national/rule-names.js";
import { yuanTextOf } from "../../../schemas/national/yuan.js";
import type { Reason, RevisionOutcome, TransitionOutcome } from "../../../schemas/outcomes.js";
import { decisionOf, isWithoutEffect, type JudgedRecord, transitionOf } from "./judged-record.js";
import { acceptedAtOf } from "./loss-periods.js";
import type { Overview } from "./overview.js";
import { type RegionTable, regionName } from "./places.js";
import { ACTION_WORDS, CHANNEL_WORDS, CREDENTIAL_WORDS, KIND_WORDS, STATUS_WORDS } from "./words.js";

export interface TimelineRow {
  /** Written form, of Shanghai. */
  readonly at: string;
  readonly kind: string;
  readonly text: string;
  /** eventId that it is about; empty where there is none. */
  readonly eventId: string;
  /** Journal offset; null for what no record says. */
  readonly offset: number | null;
}

export interface TimelineContext {
  readonly overview: Overview;
  readonly regions: RegionTable;
}

export function timelineOf(judged: JudgedRecord, context: TimelineContext): readonly TimelineRow[] {
  const { record, offset, outcomes } = judged;
  const revisions = outcomes
    .filter((outcome) => outcome.type === "revision")
    .map((outcome) => revisionRow(outcome, judged));
  if (isWithoutEffect(judged)) return revisions;
  switch (record.type) {
    case "card-status":
      return [...statusRows(record, judged, context), ...revisions];
    case "swipe":
      return [...swipeRows(record, judged), ...revisions];
    case "person-fact":
      return [factRow(record, offset, context), ...revisions];
    case "feedback": {
      const verdict = record.verdict === "honest" ? "系本人正常使用" : "提示属实";
      const text = `对规则 ${record.rule}（${ruleNameOf(record.rule)}）提示的反馈：${verdict}`;
      return [{ at: record.occurredAt, kind: "反馈", text, eventId: record.eventId, offset }, ...revisions];
    }
    case "person-link":
    case "person-state": {
      const text = "人员标识变更：此后的记录归入新标识";
      return [{ at: record.occurredAt, kind: "标识", text, eventId: record.eventId, offset }, ...revisions];
    }
    default:
      return revisions;
  }
}

export function smsRow({ createdAt, text, status }: CaseSms): TimelineRow {
  return { at: createdAt, kind: "短信", text: `${text}（状态：${status}）`, eventId: "", offset: null };
}

function statusRows(
  record: CanonicalCardStatus,
  judged: JudgedRecord,
  context: TimelineContext,
): readonly TimelineRow[] {
  const transition = transitionOf(judged);
  const row = (at: string, text: string): TimelineRow => ({
    at,
    kind: "卡状态",
    text,
    eventId: record.eventId,
    offset: judged.offset,
  });
  const what = `${STATUS_WORDS[record.action]}（${aboutOf(record, context)}）`;
  if (transition === null || !transition.applied)
    return [row(acceptedAtOf(record), `${what}：未予办理${codeOf(transition)}`)];
  return [
    ...(record.action === "report-loss" && transition.reportedAt !== acceptedAtOf(record)
      ? [row(transition.reportedAt, `报失（${aboutOf(record, context)}）`)]
      : []),
    row(acceptedAtOf(record), `${what}：已受理${codeOf(transition)}`),
    ...(transition.effectiveAt === acceptedAtOf(record)
      ? []
      : [row(transition.effectiveAt, `${what}：生效`)]),
    ...lapseRows(record, transition, context).map(({ at, text }) => row(at, text)),
  ];
}

/** Only where nothing came before the report ran out. */
function lapseRows(
  record: CanonicalCardStatus,
  { expiresAtMax, credential }: TransitionOutcome,
  { overview }: TimelineContext,
): readonly { readonly at: string; readonly text: string }[] {
  if (record.action !== "report-loss" || expiresAtMax === null) return [];
  const expiresMs = parseInstantMs(expiresAtMax);
  const hasLapsed = overview
    .periodsOf(credential)
    .some(({ state, fromMs }) => state === "lapsed" && fromMs === expiresMs);
  if (!hasLapsed) return [];
  return [{ at: expiresAtMax, text: `临时挂失到期（${CREDENTIAL_WORDS[credential]}），未解挂、未补换` }];
}

function aboutOf(
  { credential, channel, region, cardTail }: CanonicalCardStatus,
  { regions }: TimelineContext,
): string {
  const parts = [
    CREDENTIAL_WORDS[credential],
    cardTail === undefined ? "" : `尾号${cardTail}`,
    channel === undefined ? "" : CHANNEL_WORDS[channel]!,
    regionName(regions, region),
  ];
  return parts.filter((part) => part !== "").join("，");
}

function codeOf(transition: TransitionOutcome | null): string {
  return transition?.code == null ? "" : `（${transition.code}）`;
}

function swipeRows(swipe: CanonicalSwipe, judged: JudgedRecord): readonly TimelineRow[] {
  const decision = decisionOf(judged);
  if (decision === null || (decision.action === "approve" && swipe.pin !== "wrong")) return [];
  const pin = swipe.pin === "wrong" ? "，密码错误" : "";
  const rules = rulesText(decision.reasons);
  const text = `${KIND_WORDS[swipe.kind]} ${yuanTextOf(swipe.totalFen)} 元，机构 ${swipe.institutionId}${pin}；处置：${ACTION_WORDS[decision.action]}${rules}`;
  const kind = swipe.pin === "wrong" ? "密码" : "判定";
  return [{ at: swipe.occurredAt, kind, text, eventId: swipe.eventId, offset: judged.offset }];
}

function revisionRow(revision: RevisionOutcome, { appendedAtMs, offset }: JudgedRecord): TimelineRow {
  const { eventId, action, reasons, causedBy } = revision;
  const text = `修订判定：交易 ${eventId} 改为${ACTION_WORDS[action]}${rulesText(reasons)}；因记录 ${causedBy} 到达`;
  return { at: formatInstant(appendedAtMs), kind: "修订", text, eventId, offset };
}

function rulesText(reasons: readonly Reason[]): string {
  const live = reasons.filter(({ mode, draft }) => mode === "live" && draft !== true);
  return live.length === 0 ? "" : `，规则 ${live.map(({ rule }) => rule).join("、")}`;
}

const FACT_WORDS = {
  filing: "异地就医备案",
  "mutual-aid": "家庭共济",
  "home-region": "常住地登记",
  inpatient: "住院登记",
  limits: "本人设置的使用限制",
} as const satisfies Readonly<Record<CanonicalPersonFact["fact"], string>>;

function factRow(
  { fact, region, from, to, occurredAt, eventId }: CanonicalPersonFact,
  offset: number,
  { regions }: TimelineContext,
): TimelineRow {
  const where = region === undefined ? "" : `，${regionName(regions, region)}`;
  const since = from === undefined ? "" : `，自${from.slice(0, 10)}`;
  const until = to === undefined ? "" : `，至${to.slice(0, 10)}`;
  return {
    at: occurredAt,
    kind: "登记",
    text: `${FACT_WORDS[fact]}${where}${since}${until}`,
    eventId,
    offset,
  };
}

// A card-status record: applied or refused, and what its transition line says.
import { lossOf, names, seeNumber, stateAt, type Track } from "./card-state.js";
import type { LossInterval } from "./loss.js";
import type { Person } from "./person.js";
import { readStatus, type Status } from "./policy.js";
import { formatInstant } from "./time.js";
import type { OracleOutcome, OracleWorld, RawStatus, StatusAction } from "./types.js";

type Kind = "loss" | "pin" | "activation" | "person" | "none";
const KINDS: Record<StatusAction | "pass", Kind> = {
  "report-loss": "loss",
  "confirm-loss": "loss",
  release: "loss",
  "file-replacement": "loss",
  replace: "loss",
  cancel: "loss",
  "pin-lock": "pin",
  "pin-unlock": "pin",
  issue: "activation",
  activate: "activation",
  "issue-temporary": "activation",
  freeze: "person",
  unfreeze: "person",
  suspend: "person",
  resume: "person",
  deceased: "person",
  "rebind-e-credential": "none",
  pass: "none",
};
/** `to` is the state at the later of acceptedAt and effectiveAt for these. */
const TO_AT_EFFECT = ["replace", "release", "activate", "confirm-loss", "cancel", "file-replacement"];
const LOSS_REFUSABLE = ["report-loss", "confirm-loss", "file-replacement", "release"];

export interface StatusResult {
  applied: Status | null;
  outcome: Omit<OracleOutcome, "line">;
}

function sharesTrack(a: Status, b: Status): boolean {
  if (KINDS[a.action] === "person") return true;
  if (a.credential !== b.credential) return false;
  return a.number === null || b.number === null || a.number === b.number;
}

function isOutOfOrder(person: Person, record: Status): boolean {
  const kind = KINDS[record.action];
  if (kind === "none") return false;
  return person.statuses.some(
    (other) =>
      KINDS[other.action] === kind && sharesTrack(other, record) && record.acceptedAt < other.acceptedAt,
  );
}

/** The tracks a record acts on: its number; without one, the nameless track and every number named before. */
function tracksOf(person: Person, record: Status): Track[] {
  const { credential } = record;
  if (record.number !== null) return [{ credential, number: record.number }];
  const numbers = new Set<string | null>([null]);
  for (const other of person.statuses) if (other.credential === credential) numbers.add(other.number);
  return [...numbers].map((number) => ({ credential, number }));
}

/** The refusal of a loss record, or null where it has an effect on at least one of its tracks. */
function refusalOf(person: Person, record: Status, tracks: readonly Track[]): string | null {
  if (!LOSS_REFUSABLE.includes(record.action)) return null;
  const statuses = [...person.statuses, record];
  const refusals = tracks.map((track) => lossOf(statuses, track).refusals.get(record.seq) ?? null);
  return refusals.includes(null) ? null : (refusals[0] ?? null);
}

function seeNumbers(person: Person, record: Status): void {
  seeNumber(person, record, record.acceptedAt);
  if (record.action !== "replace" || record.validNumber === null) return;
  const seen = person.numbersSeen.get(record.credential) ?? new Set<string>();
  person.numbersSeen.set(record.credential, seen.add(record.validNumber));
}

function timesOf(person: Person, record: Status, track: Track): Partial<OracleOutcome> {
  const effectiveAt = formatInstant(record.effectiveAt);
  const isFormal = record.action === "confirm-loss" || record.action === "file-replacement";
  if (isFormal) return { effectiveAt, expiresAtMax: null };
  if (record.action === "issue") return {};
  if (record.action !== "report-loss") return { effectiveAt };
  const { intervals } = lossOf(person.statuses, track);
  const isFirstReport = intervals.some(
    (each) => each.reportedAt === record.reportedAt && each.effectiveAt === record.effectiveAt,
  );
  return {
    // A second report keeps the earlier effectiveAt: which of the two the line names is left open.
    ...(isFirstReport ? { effectiveAt } : {}),
    ...expiryOf(intervals, record),
  };
}

/** Nothing lapses where the report joined one that is or becomes formal; of a late one that is left open. */
function expiryOf(intervals: readonly LossInterval[], record: Status): Partial<OracleOutcome> {
  const joined = intervals.find((each) => each.end === null && each.reportedAt <= record.reportedAt);
  if (joined !== undefined && joined.formalFrom !== null) return {};
  return { expiresAtMax: record.expiresAtMax === null ? null : formatInstant(record.expiresAtMax) };
}

function statesOf(person: Person, record: Status, track: Track, from: string): Partial<OracleOutcome> {
  if (KINDS[record.action] !== "loss" && KINDS[record.action] !== "activation") return {};
  if (record.action === "issue-temporary") return {};
  const isLater = TO_AT_EFFECT.includes(record.action);
  const toAt = isLater ? Math.max(record.acceptedAt, record.effectiveAt) : record.acceptedAt;
  const to = record.action === "replace" ? "replaced" : stateAt(person.statuses, track, toAt);
  return { from, to: record.action === "cancel" ? "cancelled" : to };
}

export function applyStatus(person: Person, world: OracleWorld, raw: RawStatus, seq: number): StatusResult {
  const record = readStatus(world, raw, seq);
  const base = { outcome: "transition", eventId: raw.eventId } as const;
  if (raw.verification?.complete === false) {
    return { applied: null, outcome: { ...base, applied: false, code: "NOT_VERIFIED" } };
  }
  seeNumbers(person, record);
  const tracks = tracksOf(person, record);
  const refusal = refusalOf(person, record, tracks);
  if (refusal !== null) return { applied: null, outcome: { ...base, applied: false, code: refusal } };
  const isLate = isOutOfOrder(person, record);
  const track =
    tracks.find((each) => names(record, each) && !isRefusedOn(person, record, each)) ?? tracks[0] ?? record;
  const from = stateAt(person.statuses, track, record.acceptedAt);
  person.statuses.push(record);
  const outcome: Omit<OracleOutcome, "line"> = {
    ...base,
    applied: true,
    ...statesOf(person, record, track, from),
    ...(isLate ? { code: "OUT_OF_ORDER" } : {}),
    ...timesOf(person, record, track),
  };
  return { applied: record, outcome };
}

function isRefusedOn(person: Person, record: Status, track: Track): boolean {
  return lossOf([...person.statuses, record], track).refusals.has(record.seq);
}

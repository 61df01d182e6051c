// Which loss-policy row a status record takes, and the times that follow from it (rules 1, Rows and Times).
import { cityOf } from "./geo.js";
import { endOfSpan, parseInstant } from "./time.js";
import type {
  Action,
  Credential,
  OracleWorld,
  PolicyRow,
  RawStatus,
  RegionSettings,
  StatusAction,
} from "./types.js";

/** A status record with every time fixed at the moment it is read. */
export interface Status {
  eventId: string;
  seq: number;
  action: StatusAction | "pass";
  credential: Credential;
  number: string | null;
  reportedAt: number;
  acceptedAt: number;
  effectiveAt: number;
  expiresAtMax: number | null;
  isFormalKind: boolean;
  pendingAction: Action;
  blocksECredential: boolean;
  until: number | null;
  cityOfIssue: string | null;
  /** `issue` only: when the card becomes active by itself; null = waits for `activate`. */
  activeFrom: number | null;
  /** `replace` only: the one valid number; null until the next one is first seen. */
  validNumber: string | null;
}

const LOSS_ACTIONS = ["report-loss", "confirm-loss", "file-replacement"];

function levelsOf(region: string): string[] {
  const levels = [region, region.slice(0, 4), region.slice(0, 2), "*"];
  return levels.filter((level, index) => levels.indexOf(level) === index);
}

export function regionSetting<K extends keyof RegionSettings>(
  world: OracleWorld,
  region: string,
  key: K,
): RegionSettings[K] | undefined {
  for (const level of levelsOf(region)) {
    const value = world.policies.regions[level]?.[key];
    if (value !== undefined && value !== null) return value;
  }
  return undefined;
}

function findRow(world: OracleWorld, raw: RawStatus, credential: Credential): PolicyRow | null {
  const channel = raw.channel ?? "counter";
  for (const level of levelsOf(raw.region)) {
    const rows = world.policies.rows.filter(
      (row) => row.region === level && row.credential === credential && row.channel === channel,
    );
    const provisional = rows.find((row) => row.kind === "provisional");
    const formal = rows.find((row) => row.kind === "formal");
    const row = raw.action === "report-loss" ? (provisional ?? formal) : formal;
    if (row !== undefined) return row;
  }
  return null;
}

function expiryOf(
  world: OracleWorld,
  raw: RawStatus,
  row: PolicyRow | null,
  acceptedAt: number,
): number | null {
  if (raw.expiresAt !== undefined) return parseInstant(raw.expiresAt);
  if (row === null || row.validity === null) return null;
  return endOfSpan(world, acceptedAt, row.validity[1], row.validity[2]);
}

function activeFromOf(world: OracleWorld, raw: RawStatus, acceptedAt: number): number | null {
  if (raw.effectiveAt !== undefined) return parseInstant(raw.effectiveAt);
  const delayDays = regionSetting(world, raw.region, "activationDelayCd");
  return typeof delayDays === "number" ? endOfSpan(world, acceptedAt, delayDays, "cd") : null;
}

function defaultCredential(action: StatusAction): Credential {
  return action === "issue-temporary" ? "temporary-card" : "card";
}

/** Only a `card` or an `e-credential` lapses: a lost temporary card never does, an identity document waits for its release. */
function canLapse(credential: Credential): boolean {
  return credential === "card" || credential === "e-credential";
}

export function readStatus(world: OracleWorld, raw: RawStatus, seq: number): Status {
  const credential = raw.credential ?? defaultCredential(raw.action);
  const reportedAt = parseInstant(raw.reportedAt ?? raw.occurredAt);
  const acceptedAt = raw.acceptedAt === undefined ? reportedAt : parseInstant(raw.acceptedAt);
  const isLoss = LOSS_ACTIONS.includes(raw.action);
  const row = isLoss ? findRow(world, raw, credential) : null;
  const isFormalKind = isLoss && (raw.action !== "report-loss" || row?.kind === "formal");
  const delay = row?.delayMax ?? null;
  const policyEffectiveAt = delay === null ? acceptedAt : endOfSpan(world, acceptedAt, delay[0], delay[1]);
  const lapses = isLoss && !isFormalKind && canLapse(credential);
  return {
    eventId: raw.eventId,
    seq,
    action: raw.action,
    credential,
    // A person has one identity document: whatever number a record carries, it means that one.
    number: credential === "identity-document" ? null : (raw.cardNumber ?? null),
    reportedAt,
    acceptedAt,
    effectiveAt: raw.effectiveAt === undefined ? policyEffectiveAt : parseInstant(raw.effectiveAt),
    expiresAtMax: lapses ? expiryOf(world, raw, row, acceptedAt) : null,
    isFormalKind,
    pendingAction: row?.pendingAction ?? "challenge",
    blocksECredential: regionSetting(world, raw.region, "blockECredential") === true,
    until: raw.until === undefined ? null : parseInstant(raw.until),
    cityOfIssue: cityOf(world, raw.region),
    activeFrom: raw.action === "issue" ? activeFromOf(world, raw, acceptedAt) : null,
    validNumber: raw.newCardNumber ?? null,
  };
}

/**
 * Which loss policy applies to a report, and when the report takes effect and lapses (rules.md section 1, "Rows",
 * "Times", "Validity"). Owns the lookup county -> city -> province -> national; does not own card states, and does
 * not look at times the source gave, which win over these.
 */
import {
  type DurationUnit,
  type LossDelay,
  type LossKind,
  type LossPoliciesFile,
  type LossPolicy,
  type LossValidity,
  NATIONAL,
  type RegionOverrides,
  type RegionSettings,
} from "../../../schemas/bundle/loss-policies.js";
import type { Action, Channel, Credential, StatusAction } from "../../../schemas/fields.js";
import type { WorkingCalendar } from "../../../schemas/working-calendar.js";
import { regionLevels } from "./region-levels.js";

const MS_PER_HOUR = 3_600_000;
/** Rules.md section 1: a record without a channel is read as one from the counter. */
const CHANNEL_DEFAULT: Channel = "counter";
const PENDING_ACTION_DEFAULT: Action = "challenge";

export type LossAction = Extract<StatusAction, "report-loss" | "confirm-loss" | "file-replacement">;

export interface PolicyQuery {
  region: string;
  credential: Credential;
  channel?: Channel | undefined;
  action: LossAction;
}

export interface SelectedPolicy {
  /** null: no row fits; delay 0, no lapse. */
  policyId: string | null;
  kind: LossKind;
  delayMax: LossDelay | null;
  validity: LossValidity | null;
  countFirstDay: boolean;
  pendingAction: Action;
}

export interface LossTimes {
  effectiveAtMs: number;
  /** Reminders count from here; null where nothing lapses. */
  expiresAtMinMs: number | null;
  /** Blocking lasts until here. */
  expiresAtMaxMs: number | null;
  calendarUncertain: boolean;
}

export interface LossPolicies {
  selectPolicy(query: PolicyQuery): SelectedPolicy;
  regionSettings(region: string): RegionSettings;
}

export function compileLossPolicies(file: LossPoliciesFile): LossPolicies {
  const rows = new Map(file.rows.map((row) => [rowKey(levelOf(row.region), row), selected(row)]));
  const settings = mergedSettings(file);
  const national = settings.get(NATIONAL)!;
  return {
    selectPolicy(query) {
      const channel = query.channel ?? CHANNEL_DEFAULT;
      for (const level of [...regionLevels(query.region), NATIONAL]) {
        for (const kind of kindsOf(query.action)) {
          const row = rows.get(rowKey(level, { credential: query.credential, channel, kind }));
          if (row !== undefined) return row;
        }
      }
      return withoutRow(query.action);
    },
    regionSettings(region) {
      for (const level of regionLevels(region)) {
        const found = settings.get(level);
        if (found !== undefined) return found;
      }
      return national;
    },
  };
}

export function lossTimes(
  policy: Pick<SelectedPolicy, "delayMax" | "validity" | "countFirstDay">,
  { acceptedAtMs }: { acceptedAtMs: number },
  calendar: WorkingCalendar,
): LossTimes {
  const { countFirstDay } = policy;
  const [delay, delayUnit] = policy.delayMax ?? [0, "h"];
  const effective = endOf({ acceptedAtMs, length: delay, unit: delayUnit, countFirstDay }, calendar);
  if (policy.validity === null) {
    return {
      effectiveAtMs: effective.endMs,
      expiresAtMinMs: null,
      expiresAtMaxMs: null,
      calendarUncertain: effective.uncertain,
    };
  }
  const [shortest, longest, unit] = policy.validity;
  const min = endOf({ acceptedAtMs, length: shortest, unit, countFirstDay }, calendar);
  const max = endOf({ acceptedAtMs, length: longest, unit, countFirstDay }, calendar);
  return {
    effectiveAtMs: effective.endMs,
    expiresAtMinMs: min.endMs,
    expiresAtMaxMs: max.endMs,
    calendarUncertain: effective.uncertain || max.uncertain,
  };
}

interface Duration {
  acceptedAtMs: number;
  length: number;
  unit: DurationUnit;
  countFirstDay: boolean;
}

function endOf(duration: Duration, calendar: WorkingCalendar): { endMs: number; uncertain: boolean } {
  const { acceptedAtMs, length, unit, countFirstDay } = duration;
  switch (unit) {
    case "h":
      return { endMs: acceptedAtMs + length * MS_PER_HOUR, uncertain: false };
    case "cd":
      return { endMs: calendar.endOfCalendarDays(acceptedAtMs, length, countFirstDay), uncertain: false };
    case "wd":
      return calendar.endOfWorkingDays(acceptedAtMs, length);
  }
}

/** The nearest level with any fitting row decides, so within a level the kinds are tried in this order. */
function kindsOf(action: LossAction): readonly LossKind[] {
  return action === "report-loss" ? ["provisional", "formal"] : ["formal"];
}

function withoutRow(action: LossAction): SelectedPolicy {
  return {
    policyId: null,
    kind: action === "report-loss" ? "provisional" : "formal",
    delayMax: null,
    validity: null,
    countFirstDay: true,
    pendingAction: PENDING_ACTION_DEFAULT,
  };
}

function selected(row: LossPolicy): SelectedPolicy {
  return {
    policyId: row.id,
    kind: row.kind,
    delayMax: row.delayMax,
    validity: row.validity,
    countFirstDay: row.countFirstDay ?? true,
    pendingAction: row.pendingAction ?? PENDING_ACTION_DEFAULT,
  };
}

function rowKey(level: string, row: Pick<LossPolicy, "credential" | "channel" | "kind">): string {
  return `${level} ${row.credential} ${row.channel} ${row.kind}`;
}

/** A row for 510100 is meant for the city, whose level is 5101. */
function levelOf(region: string): string {
  return region === NATIONAL ? NATIONAL : regionLevels(region)[0]!;
}

/** Each named region's settings, already merged with those of the levels above it. */
function mergedSettings(file: LossPoliciesFile): Map<string, RegionSettings> {
  const own = new Map(Object.entries(file.regions).map(([region, values]) => [levelOf(region), values]));
  const { source: _source, confidence: _confidence, ...national } = file.regions[NATIONAL];
  const merged = new Map<string, RegionSettings>([[NATIONAL, national]]);
  for (const level of own.keys()) {
    if (level === NATIONAL) continue;
    const values = { ...national };
    for (const above of [...regionLevels(level)].reverse()) override(values, own.get(above));
    merged.set(level, values);
  }
  return merged;
}

function override(values: RegionSettings, by: RegionOverrides | undefined): void {
  if (by?.pinLockLimit !== undefined) values.pinLockLimit = by.pinLockLimit;
  if (by?.pinUnlock !== undefined) values.pinUnlock = by.pinUnlock;
  if (by?.activationDelayCd !== undefined) values.activationDelayCd = by.activationDelayCd;
  if (by?.blockECredential !== undefined) values.blockECredential = by.blockECredential;
}

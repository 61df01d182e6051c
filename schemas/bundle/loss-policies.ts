/** rulesets/loss-policies.json: what a loss report does, by region, credential, channel and kind; and settings by region. */
import * as z from "zod";
import { ACTIONS, CHANNELS, credential, NAME_LENGTH_MAX, region } from "../fields.js";

export const LOSS_KINDS = ["provisional", "formal"] as const;
export const DURATION_UNITS = ["h", "cd", "wd"] as const;
export const EXPIRY_EFFECTS = ["auto-release", "settlement-restored", "stay-blocked"] as const;
export const CONFIDENCES = ["high", "medium", "low"] as const;
export const PIN_UNLOCKS = ["COUNTER", "AUTO_24H"] as const;
/** The whole country: the last level of every lookup. */
export const NATIONAL = "*";

/** A year in any unit: no policy is longer, and a slip such as minutes for hours is caught. */
const DURATION_MAX = { h: 366 * 24, cd: 366, wd: 366 } as const;
const PIN_LOCK_LIMIT_MAX = 8; // so many PIN results are kept per card
const REQUIREMENTS_MAX = 16;

const unit = z.enum(DURATION_UNITS);
const amount = z.number().int().min(0);
const text = z.string().min(1).max(NAME_LENGTH_MAX);

/** "At once" is written in hours: a day-based 0 would end before it begins. */
function fits(value: number, of: (typeof DURATION_UNITS)[number]): boolean {
  return value <= DURATION_MAX[of] && (value > 0 || of === "h");
}

export const lossDelay = z
  .tuple([amount, unit])
  .refine(([value, of]) => fits(value, of), "at most one year, and 0 only in hours");
export const lossValidity = z
  .tuple([amount, amount, unit])
  .refine(([min, max, of]) => min > 0 && min <= max && fits(max, of), "0 < min <= max <= one year");
export const requirements = z
  .array(z.string().regex(/^[a-z]+(-[a-z]+)*$/, "a kebab-case word such as id-document"))
  .max(REQUIREMENTS_MAX);

const lossPolicy = z
  .strictObject({
    id: z.string().regex(/^[A-Za-z0-9-]{1,32}$/, "an id such as BJ-1"),
    region: z.union([region, z.literal(NATIONAL)]),
    credential,
    channel: z.enum(CHANNELS),
    kind: z.enum(LOSS_KINDS),
    /** Longest time from acceptance to effect; null = the source does not say, counted as 0. */
    delayMax: lossDelay.nullable(),
    /** [min, max, unit] from acceptance: remind from min, block until max; null = no lapse. */
    validity: lossValidity.nullable(),
    /** For cd: whether the day of acceptance is day 1 (as when absent) or day 0. */
    countFirstDay: z.boolean().optional(),
    /** What R02 does between report and effect; null = challenge. */
    pendingAction: z.enum(ACTIONS).nullish(),
    delayMin: lossDelay.nullish(),
    source: text.nullish(),
    confidence: z.enum(CONFIDENCES).nullish(),
    contact: text.nullish(),
    openHours: text.nullish(),
    requires: requirements.nullish(),
    /** What the city says happens at expiry; the state is `lapsed` whatever it says. */
    onExpiry: z.enum(EXPIRY_EFFECTS).nullish(),
    /** Time from acceptance within which a formal report or replacement must follow. */
    upgradeDeadline: lossDelay.nullish(),
    releaseRequires: requirements.nullish(),
    note: text.nullish(),
  })
  .refine((row) => row.kind === "provisional" || row.validity === null, {
    path: ["validity"],
    message: "null: a formal loss never lapses",
  });

const settings = {
  /** Wrong PINs within 24 h that lock the card. */
  pinLockLimit: z.number().int().min(1).max(PIN_LOCK_LIMIT_MAX),
  pinUnlock: z.enum(PIN_UNLOCKS),
  /** Calendar days from issue to active, counted like a cd validity; null = only by an activation. */
  activationDelayCd: z.number().int().min(1).max(DURATION_MAX.cd).nullable(),
  /** Whether a report of the card blocks the e-credential too. */
  blockECredential: z.boolean(),
};
const provenance = { source: text.nullish(), confidence: z.enum(CONFIDENCES).nullish() };
const regionSettings = z.strictObject(settings);
const regionOverrides = z.strictObject({ ...regionSettings.partial().shape, ...provenance });

export const lossPoliciesFile = z
  .strictObject({
    comment: z.string().optional(),
    rows: z.array(lossPolicy),
    regions: z
      .record(z.union([region, z.literal(NATIONAL)]), regionOverrides)
      .and(z.object({ [NATIONAL]: z.strictObject({ ...settings, ...provenance }) })),
  })
  .superRefine((file, context) => {
    for (const key of ["id", "selector"] as const) {
      for (const [first, second] of repeated(file.rows, key === "id" ? idOf : selectorOf)) {
        context.addIssue({
          code: "custom",
          path: ["rows", second],
          message: `rows ${first} and ${second} have the same ${key === "id" ? "id" : "region, credential, channel and kind"}: keep one`,
        });
      }
    }
  });

function idOf(row: LossPolicy): string {
  return row.id;
}

function selectorOf(row: LossPolicy): string {
  return [row.region, row.credential, row.channel, row.kind].join(" ");
}

function repeated(rows: readonly LossPolicy[], keyOf: (row: LossPolicy) => string): [number, number][] {
  const seen = new Map<string, number>();
  const pairs: [number, number][] = [];
  rows.forEach((row, i) => {
    const first = seen.get(keyOf(row));
    if (first === undefined) seen.set(keyOf(row), i);
    else pairs.push([first, i]);
  });
  return pairs;
}

export type LossKind = (typeof LOSS_KINDS)[number];
export type DurationUnit = (typeof DURATION_UNITS)[number];
export type LossDelay = z.infer<typeof lossDelay>;
export type LossValidity = z.infer<typeof lossValidity>;
export type LossPolicy = z.infer<typeof lossPolicy>;
export type RegionSettings = z.infer<typeof regionSettings>;
export type RegionOverrides = z.infer<typeof regionOverrides>;
export type LossPoliciesFile = z.infer<typeof lossPoliciesFile>;

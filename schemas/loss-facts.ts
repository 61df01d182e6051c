/**
 * rulesets/loss-facts.json: what the sources say of loss, release and replacement beside the rows that are in force.
 * No judgement reads it and it is no part of a bundle: `statements` are the rows of the sources that are never selected,
 * each with the reason why. docs/loss-policies.md is made of this file and of loss-policies.json.
 */
import * as z from "zod";
import {
  CONFIDENCES,
  EXPIRY_EFFECTS,
  LOSS_KINDS,
  lossDelay,
  lossValidity,
  NATIONAL,
  requirements,
} from "./bundle/loss-policies.js";
import { CHANNELS, credential, NAME_LENGTH_MAX, region } from "./fields.js";

/** What of the card a statement is about: only the medical part is Kadun's. */
export const WALLETS = ["medical", "e-purse", "bank"] as const;
/** A year's worth of any fee: catches yuan with a comma lost. */
const FEE_FEN_MAX = 100_000;

const text = z.string().min(1).max(NAME_LENGTH_MAX);
const id = z.string().regex(/^[A-Za-z0-9-]{1,32}$/, "an id such as BJ-1");
const place = z.union([region, z.literal(NATIONAL)]);
const provenance = { source: text, confidence: z.enum(CONFIDENCES), note: text.nullable() };
const fees = z
  .tuple([z.number().int().min(0).max(FEE_FEN_MAX), z.number().int().min(0).max(FEE_FEN_MAX)])
  .refine(([min, max]) => min <= max, "[least, most] in fen");

const statement = z.strictObject({
  id,
  region: place,
  wallet: z.enum(WALLETS),
  credential,
  /** null: the source does not say. So everywhere below. */
  channel: z.enum(CHANNELS).nullable(),
  kind: z.enum(LOSS_KINDS).nullable(),
  delayMin: lossDelay.nullable(),
  delayMax: lossDelay.nullable(),
  validity: lossValidity.nullable(),
  onExpiry: z.enum(EXPIRY_EFFECTS).nullable(),
  contact: text.nullable(),
  openHours: text.nullable(),
  requires: requirements.nullable(),
  notInForceBecause: text,
  ...provenance,
});

const release = z.strictObject({
  id,
  region: place,
  /** False: the source says that there is no release. */
  possible: z.boolean(),
  when: text,
  /** Rows of loss-policies.json whose reports are released so; their releaseRequires say the same. */
  rows: z.array(id),
  requires: requirements,
  where: text.nullable(),
  ...provenance,
});

const replacement = z.strictObject({
  id,
  region: place,
  credential,
  way: text,
  requires: requirements,
  /** From the application to the new card, [shortest, longest, unit]. */
  takes: lossValidity.nullable(),
  feeFen: fees.nullable(),
  postageFen: fees.nullable(),
  ...provenance,
});

const contradiction = z.strictObject({
  topic: z.string().regex(/^[a-z]+(-[a-z]+)*$/, "a kebab-case word such as effective-delay"),
  values: z.array(z.strictObject({ says: text, source: text })).min(2, "at least two values that differ"),
  handling: text,
});

export const lossFactsFile = z
  .strictObject({
    comment: text.optional(),
    statements: z.array(statement),
    releases: z.array(release),
    replacements: z.array(replacement),
    contradictions: z.array(contradiction),
  })
  .superRefine((file, context) => {
    for (const list of ["statements", "releases", "replacements"] as const)
      refuseRepeated(
        list,
        file[list].map((each) => each.id),
        context,
      );
    refuseRepeated(
      "contradictions",
      file.contradictions.map((each) => each.topic),
      context,
    );
  });

function refuseRepeated(list: string, names: readonly string[], context: z.RefinementCtx): void {
  names.forEach((name, index) => {
    const first = names.indexOf(name);
    if (first < index)
      context.addIssue({
        code: "custom",
        path: [list, index],
        message: `${list} ${first} and ${index} are both called ${name}: keep one`,
      });
  });
}

export type LossStatement = z.infer<typeof statement>;
export type LossRelease = z.infer<typeof release>;
export type LossReplacement = z.infer<typeof replacement>;
export type LossFactsFile = z.infer<typeof lossFactsFile>;

/**
 * What a run does, fixed when it begins and kept in its work folder: a later process goes on with the same, or learns
 * what differs.
 */

import * as z from "zod";
import { token, VERDICTS } from "../../schemas/fields.js";
import { sha256 } from "../../schemas/journal.js";
import { OperatingError } from "../exit-status.js";

/** Changes when an unfinished run of an older program could not be gone on with. */
export const PLAN_FORMAT = 1;

const count = z.number().int().min(0);

export const journalSource = z.discriminatedUnion("profile", [
  z.object({ profile: z.literal("embedded"), data: z.string(), partitions: count }),
  /** By the settings of the roles, from the environment of whoever runs a task. */
  z.object({ profile: z.literal("distributed"), partitions: count }),
]);

const stretch = z.object({ start: count, end: count });

/** A whole number of lines of one file. */
const range = z.object({ file: z.string(), start: count, end: count });

const history = z.discriminatedUnion("from", [
  z.object({
    from: z.literal("journal"),
    journal: journalSource,
    /** Of each partition: what was there when the run began. */
    stretches: z.array(stretch),
    /** Each partition's persons are divided among so many tasks. */
    parts: count.min(1),
    /** Folder of the archive by which the journal was trimmed. */
    archive: z.string().nullable().default(null),
    /**
     * Of each partition: the position of the checkpoint of the archive behind which judging begins; null: the beginning.
     * Empty: all partitions from the beginning.
     */
    checkpoints: z.array(count.nullable()).default([]),
  }),
  z.object({
    from: z.literal("files"),
    ranges: z.array(range),
    slices: count.min(1),
    /** 64 hexadecimal digits; null: the published key. Where it lies, never what it is. */
    keyFile: z.string().nullable(),
    /** Of the bundle whose drug list marks what is bought. */
    drugsOf: sha256,
  }),
]);

const purpose = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("draft"), draft: sha256 }),
  z.object({ kind: z.literal("gaps") }),
]);

export const planShape = z.object({
  format: z.literal(PLAN_FORMAT),
  /** What was asked for, in words that a message can name: another question is another run. */
  asked: z.record(z.string(), z.string()),
  /** What the inputs were: changed inputs are another run. */
  inputs: z.record(z.string(), z.string()),
  purpose,
  /** null: as the journal activated. */
  baseline: sha256.nullable(),
  history,
  fromMs: z.number().nullable(),
  toMs: z.number().nullable(),
  /** The day before the last swipe, instead of `fromMs`. */
  isLastDay: z.boolean(),
});

/** What a look through the whole history found: needed before the first record is judged. */
export const factsShape = z.object({
  /** [former key, key] */
  links: z.array(z.tuple([token, token])),
  /** [person, rule, verdict] in the order of the history. */
  feedback: z.array(z.tuple([token, z.string(), z.enum(VERDICTS)])),
  /** Hashes that activations name. */
  bundles: z.array(sha256),
  engines: z.array(z.string()),
  /** Time of the last swipe; null where there is none. */
  lastMs: z.number().nullable(),
  lines: count,
});

export type Plan = z.infer<typeof planShape>;
export type History = Plan["history"];
export type JournalHistory = Extract<History, { from: "journal" }>;
export type FilesHistory = Extract<History, { from: "files" }>;
export type JournalSource = z.infer<typeof journalSource>;
export type Range = z.infer<typeof range>;
export type HistoryFacts = z.infer<typeof factsShape>;

/** @throws OperatingError naming the first thing that differs from the run that was begun. */
export function checkSameRun(
  begun: Pick<Plan, "asked" | "inputs">,
  now: Pick<Plan, "asked" | "inputs">,
  folder: string,
): void {
  for (const part of ["asked", "inputs"] as const)
    for (const name of new Set([...Object.keys(begun[part]), ...Object.keys(now[part])])) {
      const before = begun[part][name] ?? "nothing";
      const after = now[part][name] ?? "nothing";
      if (before !== after)
        throw new OperatingError(
          `${folder}: an unfinished run with another ${name}: it had ${before}, now it is ${after}; go on with what it began with, or leave out --resume and name another --work-dir`,
        );
    }
}

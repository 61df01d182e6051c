/** What a package says, checked once its container is sound: files, custody, completeness, bundles, replay. */

import type { PublishedKey } from "../../../schemas/evidence/keys.js";
import type { OutcomeLine } from "../../../schemas/evidence/lines.js";
import { type Check, done, type Meaning } from "./check.js";
import { checkCompleteness } from "./completeness-check.js";
import { checkCustody } from "./custody-check.js";
import { checkFiles } from "./files-check.js";
import type { PackageReader } from "./package-reader.js";
import { readCheckpoint } from "./read-parts.js";
import { checkReplay } from "./replay-check.js";

/** What only the program that judges can do. */
export interface JudgeOfPackages {
  /** Is each bundle what its name says? @throws EvidenceError. */
  checkBundles(reader: PackageReader): Promise<void>;
  /** What comes of the bundled journal. @throws EvidenceError. */
  judge(reader: PackageReader): AsyncIterable<OutcomeLine>;
  /** Of release and engines, beside this program's own. */
  describeRelease(reader: PackageReader): Promise<string>;
}

export interface ContentOptions {
  readonly keys: readonly PublishedKey[];
  readonly judge: JudgeOfPackages;
  readonly isReplayed: boolean;
}

export async function contentChecks(
  reader: PackageReader,
  { keys, judge, isReplayed }: ContentOptions,
): Promise<readonly Check[]> {
  return [
    await done(FILES, async () => {
      await checkFiles(reader);
      return "";
    }),
    await done(CUSTODY, async () => {
      await checkCustody(reader);
      return "";
    }),
    await done(COMPLETENESS, async () => {
      const { stretches, present } = await checkCompleteness(reader, keys);
      return `${stretches} stretches, ${present} with records of the person, ${stretches - present} proven to have none`;
    }),
    await done(BUNDLES, async () => {
      await judge.checkBundles(reader);
      return "";
    }),
    isReplayed
      ? await done(REPLAY, async () => {
          const behind = (await readCheckpoint(reader))?.position ?? -1;
          const equal = await checkReplay(reader, judge.judge(reader), behind);
          return `${equal} outcomes are equal byte for byte; ${await judge.describeRelease(reader)}`;
        })
      : { ...REPLAY, result: "not-done", detail: "asked for with --replay" },
  ];
}

const FILES: Meaning = {
  name: "files",
  proves:
    "every part of a package is there and nothing else; records are this person's, in order, and each outcome belongs to one",
  doesNotProve:
    "that tables, map, reports and what data/case.json says of holder, alerts, SMS and institutions tell the same as the records: they are covered by hash and signature only",
};
const CUSTODY: Meaning = {
  name: "custody",
  proves:
    "the custody log is a chain without a gap that ends with this content; an unmasked package was agreed to by a second person",
  doesNotProve: "that nobody did anything with the data who did not write it into the log",
};
const COMPLETENESS: Meaning = {
  name: "completeness",
  proves:
    "for every day of the range the person's records and outcomes are those whose hash was published and signed, or there were none: nothing was left out, added or changed since",
  doesNotProve:
    "what never reached the journal, or came after the range; that the published line is the one others saw: compare data/proofs.ndjson with the published lines; that leaves were sorted when the office built the tree",
};
const BUNDLES: Meaning = {
  name: "bundles",
  proves: "rules, policies, calendar, regions and texts are those whose content hash the decisions name",
  doesNotProve: "that the rules are right",
};
const REPLAY: Meaning = {
  name: "replay",
  proves:
    "the bundled journal under the bundled rules gives exactly these outcomes, with this program; where there is a checkpoint, those behind it",
  doesNotProve:
    "that activations and heartbeats without effect on these outcomes, or a checkpoint, are the journal's and the archive's: compare data/checkpoint.json with the archive; that what the networks sent was true; who held the card",
};

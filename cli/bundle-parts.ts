/**
 * The parts of a bundle, each read once. One activation brings mostly what the one before brought (nine tenths of a bundle
 * are its regions): what was checked and put in canonical form is not again.
 *
 * Owns: the parts read last, by their text. Does not own: what is said of mistakes, what is compiled of parts.
 *
 * 1. Two parts are the same where their JSON texts are.
 * 2. Bundles share their parts: nobody changes one.
 */

import { createHash } from "node:crypto";
import * as z from "zod";
import { adviceFile } from "../schemas/bundle/advice.js";
import { calendarFile } from "../schemas/bundle/calendar.js";
import { highResaleDrugsFile } from "../schemas/bundle/high-resale-drugs.js";
import { lossPoliciesFile } from "../schemas/bundle/loss-policies.js";
import { regionsFile } from "../schemas/bundle/regions.js";
import { responseCodesFile } from "../schemas/bundle/response-codes.js";
import { rulesetFile } from "../schemas/bundle/ruleset.js";

export const bundleContent = z.object({
  ruleset: rulesetFile,
  lossPolicies: lossPoliciesFile,
  calendar: calendarFile,
  regions: regionsFile,
  drugs: highResaleDrugsFile,
  responseCodes: responseCodesFile,
  advice: adviceFile,
});

export type BundleContent = z.infer<typeof bundleContent>;

/** Those in force, in shadow and before them, and some drafts; the largest part is 130 kB. */
const KEPT_OF_EACH = 8;

class PartsRead<Part extends object> {
  private readonly byText = new Map<string, Part>();

  constructor(private readonly schema: z.ZodType<Part>) {}

  read(document: unknown): Part | null {
    const text = JSON.stringify(document);
    if (text === undefined) return null;
    const part = this.byText.get(text) ?? this.schema.safeParse(document).data;
    if (part === undefined) return null;
    // Behind all others: the one that was not asked for the longest goes first.
    this.byText.delete(text);
    this.byText.set(text, part);
    for (const oldest of this.byText.keys()) {
      if (this.byText.size <= KEPT_OF_EACH) break;
      this.byText.delete(oldest);
    }
    return part;
  }
}

const PARTS: { readonly [Name in keyof BundleContent]: PartsRead<BundleContent[Name]> } = {
  ruleset: new PartsRead(rulesetFile),
  lossPolicies: new PartsRead(lossPoliciesFile),
  calendar: new PartsRead(calendarFile),
  regions: new PartsRead(regionsFile),
  drugs: new PartsRead(highResaleDrugsFile),
  responseCodes: new PartsRead(responseCodesFile),
  advice: new PartsRead(adviceFile),
};

const PART_NAMES = bundleContent.keyof().options;

/** A part of a whole bundle's document; null where it has mistakes, or is not there. */
export function readPart<Name extends keyof BundleContent>(
  name: Name,
  document: unknown,
): BundleContent[Name] | null {
  if (typeof document !== "object" || document === null || !Object.hasOwn(document, name)) return null;
  return PARTS[name].read((document as Readonly<Record<string, unknown>>)[name]);
}

/** All parts; null where one of them has mistakes. */
export function readParts(document: unknown): BundleContent | null {
  const reading = readingParts(document);
  let read = reading.next();
  while (read.done !== true) read = reading.next();
  return read.value;
}

/** Yields behind each piece of the work. @returns as `readParts`. */
export function* readingParts(document: unknown): Generator<void, BundleContent | null> {
  const ruleset = yield* readingPart("ruleset", document);
  const lossPolicies = yield* readingPart("lossPolicies", document);
  const calendar = yield* readingPart("calendar", document);
  const regions = yield* readingPart("regions", document);
  const drugs = yield* readingPart("drugs", document);
  const responseCodes = yield* readingPart("responseCodes", document);
  const advice = yield* readingPart("advice", document);
  if (ruleset === null || lossPolicies === null || calendar === null || regions === null) return null;
  if (drugs === null || responseCodes === null || advice === null) return null;
  return { ruleset, lossPolicies, calendar, regions, drugs, responseCodes, advice };
}

function* readingPart<Name extends keyof BundleContent>(
  name: Name,
  document: unknown,
): Generator<void, BundleContent[Name] | null> {
  const part = readPart(name, document);
  yield;
  if (part === null) return null;
  canonicalPart(part);
  yield;
  return part;
}

/** SHA-256 of the content in canonical JSON (sorted keys): formatting does not change a bundle. */
export function hashOf(content: BundleContent): string {
  const parts = [...PART_NAMES]
    .sort()
    .map((name) => `${JSON.stringify(name)}:${canonicalPart(content[name])}`);
  return createHash("sha256")
    .update(`{${parts.join(",")}}`)
    .digest("hex");
}

const canonicalParts = new WeakMap<object, string>();

/** Worked out once for each part. */
export function canonicalPart(part: object): string {
  const known = canonicalParts.get(part);
  if (known !== undefined) return known;
  const text = canonicalJson(part);
  canonicalParts.set(part, text);
  return text;
}

function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value)
    .filter(([, each]) => each !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${entries.map(([key, each]) => `${JSON.stringify(key)}:${canonicalJson(each)}`).join(",")}}`;
}

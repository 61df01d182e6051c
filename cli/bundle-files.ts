/** A bundle from its files: read, checked against their schemas, compiled, hashed. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import type * as z from "zod";
import { type BundleFileProblem, problemsOfIssues } from "../schemas/bundle/problem.js";
import { type RulesetFile, rulesetFile, rulesetOverlayFile } from "../schemas/bundle/ruleset.js";
import { DetectorBundle } from "../services/detector/bundle.js";
import { regionTableOf } from "../services/detector/place/region.js";
import { compileRuleset, mergeRuleset, unknownOverlayRules } from "../services/detector/ruleset.js";
import { DrugList } from "../services/ingest/drug-list.js";
import {
  type BundleContent,
  bundleContent,
  hashOf,
  readingParts,
  readPart,
  readParts,
} from "./bundle-parts.js";
import { OperatingError } from "./exit-status.js";
import { packageRoot } from "./package-root.js";

export interface LoadedBundle {
  readonly bundle: DetectorBundle;
  readonly drugs: DrugList;
  readonly ruleset: RulesetFile;
  /** Everything it was made of: stored beside the journal that activates it. */
  readonly content: BundleContent;
}

export type { BundleContent } from "./bundle-parts.js";

export interface BundleOptions {
  /** A whole ruleset or an overlay of the default; the default where absent. */
  readonly rulesetFile?: string | undefined;
  readonly policiesFile?: string | undefined;
}

/** One mistake in a bundle file. */
export interface BundleProblem extends BundleFileProblem {
  readonly file: string;
}

/** All mistakes of a bundle at once. */
export class BundleError extends OperatingError {
  constructor(readonly problems: readonly BundleProblem[]) {
    super(problems.map(({ file, path, expected }) => `${file}: ${path || "(file)"}: ${expected}`).join("\n"));
  }
}

type SoundRuleset = Extract<ReturnType<typeof compileRuleset>, { ok: true }>;

/** About as long as a batch of swipes is judged without a pause. */
const TURN_MS = 5;

const rulesetsFolder = join(packageRoot, "rulesets");

/** @throws BundleError naming every mistake, OperatingError where a file cannot be read. */
export function loadBundle(options: BundleOptions = {}): LoadedBundle {
  const problems: BundleProblem[] = [];
  const rulesetName = options.rulesetFile ?? shipped("default.json");
  const regions = partOfFile("regions", shipped("regions.json"));
  const ruleset = collected(problems, () => loadRuleset(options.rulesetFile, problems));
  const compiled = ruleset && collected(problems, () => compiledOf(ruleset, regions, rulesetName));
  const lossPolicies = collected(problems, () =>
    partOfFile("lossPolicies", options.policiesFile ?? shipped("loss-policies.json")),
  );
  if (ruleset === null || compiled === null || lossPolicies === null || problems.length > 0)
    throw new BundleError(problems);
  const content = {
    ruleset,
    lossPolicies,
    calendar: partOfFile("calendar", shipped("calendar.json")),
    regions,
    drugs: partOfFile("drugs", shipped("high-resale-drugs.json")),
    responseCodes: partOfFile("responseCodes", shipped("response-codes.json")),
    advice: partOfFile("advice", shipped("advice.json")),
  };
  return bundleOf(content, compiled);
}

/** Mistakes of one file are no reason to be silent of another's. @returns null where there were some. */
function collected<Part>(problems: BundleProblem[], load: () => Part): Part | null {
  try {
    return load();
  } catch (error) {
    if (!(error instanceof BundleError)) throw error;
    problems.push(...error.problems);
    return null;
  }
}

/** A bundle stored whole, as `content` of a loaded one. @throws BundleError, OperatingError. */
export function loadStoredBundle(path: string): LoadedBundle {
  return bundleOfValue(readJson(path), path);
}

/** The same from its text; `name` is what errors call it. @throws BundleError, OperatingError. */
export function bundleOfContent(text: string, name: string): LoadedBundle {
  return bundleOfValue(parsedJson(text, name), name);
}

/** The same from a parsed document. @throws BundleError. */
export function bundleOfValue(document: unknown, name: string): LoadedBundle {
  const content = readParts(document);
  if (content === null) throw mistakesIn(name, document, bundleContent);
  return bundleOf(content, compiledOf(content.ruleset, content.regions, name));
}

/**
 * The same for a process that others wait for. Parts that are known take some milliseconds; those that are not (at worst
 * regions: 10 to 20 ms each for checking, canonical form and table) are read in steps, and between two of them whoever
 * waits has a turn.
 * @param content its text or the parsed document. @throws BundleError, OperatingError.
 */
export async function bundleInTurns(content: unknown, name: string): Promise<LoadedBundle> {
  const document = typeof content === "string" ? parsedJson(content, name) : content;
  let sinceMs = performance.now();
  const pause = async () => {
    if (performance.now() - sinceMs < TURN_MS) return;
    await turn();
    sinceMs = performance.now();
  };
  const reading = readingParts(document);
  let read = reading.next();
  while (read.done !== true) {
    await pause();
    read = reading.next();
  }
  const parts = read.value;
  if (parts === null) throw mistakesIn(name, document, bundleContent);
  regionTableOf(parts.regions);
  await turn();
  return bundleOf(parts, compiledOf(parts.ruleset, parts.regions, name));
}

/** @param name what errors call the ruleset. @throws BundleError. */
function compiledOf(ruleset: RulesetFile, regions: BundleContent["regions"], name: string): SoundRuleset {
  const compiled = compileRuleset(ruleset, { regions });
  if (compiled.ok) return compiled;
  throw new BundleError(compiled.problems.map((problem) => ({ file: name, ...problem })));
}

function bundleOf(content: BundleContent, compiled: SoundRuleset): LoadedBundle {
  const { ruleset, drugs, ...others } = content;
  const { rules, scopes, traceCodeReuseAction } = compiled;
  const bundle = new DetectorBundle({
    hash: hashOf(content),
    rules,
    scopes,
    traceCodeReuseAction,
    ...others,
  });
  return { bundle, drugs: new DrugList(drugs), ruleset, content };
}

function partOfFile<Name extends keyof BundleContent>(part: Name, path: string): BundleContent[Name] {
  const document = readJson(path);
  const read = readPart(part, { [part]: document });
  if (read !== null) return read;
  const schema: z.ZodType = bundleContent.shape[part];
  throw mistakesIn(path, document, schema);
}

function shipped(name: string): string {
  return join(rulesetsFolder, name);
}

/** Unknown rules of an overlay go to `problems`: what else it says is looked at without them. @throws BundleError. */
function loadRuleset(path: string | undefined, problems: BundleProblem[]): RulesetFile {
  const base = readChecked(shipped("default.json"), rulesetFile);
  if (path === undefined) return base;
  const document = readJson(path);
  const isOverlay = typeof document === "object" && document !== null && "extends" in document;
  if (!isOverlay) return checked(path, document, rulesetFile);
  const overlay = checked(path, document, rulesetOverlayFile);
  problems.push(...unknownOverlayRules(base, overlay).map((problem) => ({ file: path, ...problem })));
  return mergeRuleset(base, overlay);
}

export function readChecked<Shape>(path: string, schema: z.ZodType<Shape>): Shape {
  return checked(path, readJson(path), schema);
}

function checked<Shape>(path: string, document: unknown, schema: z.ZodType<Shape>): Shape {
  const parsed = schema.safeParse(document);
  if (parsed.success) return parsed.data;
  throw mistakesIn(path, document, schema);
}

function mistakesIn(path: string, document: unknown, schema: z.ZodType): BundleError {
  const issues = schema.safeParse(document, { reportInput: true }).error?.issues ?? [];
  return new BundleError(problemsOfIssues(issues, [], schema).map((problem) => ({ file: path, ...problem })));
}

function readJson(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new OperatingError(
      `${path}: cannot be read (${(error as NodeJS.ErrnoException).code}); check the path`,
    );
  }
  return parsedJson(text, path);
}

function parsedJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new OperatingError(`${name}: not JSON (${(error as Error).message}); correct it and try again`);
  }
}

/** A bundle from its files: read, checked against their schemas, compiled, hashed. */

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { adviceFile } from "../schemas/bundle/advice.js";
import { calendarFile } from "../schemas/bundle/calendar.js";
import { highResaleDrugsFile } from "../schemas/bundle/high-resale-drugs.js";
import { lossPoliciesFile } from "../schemas/bundle/loss-policies.js";
import { type BundleFileProblem, problemsOfIssues } from "../schemas/bundle/problem.js";
import { regionsFile } from "../schemas/bundle/regions.js";
import { responseCodesFile } from "../schemas/bundle/response-codes.js";
import { type RulesetFile, rulesetFile, rulesetOverlayFile } from "../schemas/bundle/ruleset.js";
import { DetectorBundle } from "../services/detector/bundle.js";
import { compileRuleset, mergeRuleset, unknownOverlayRules } from "../services/detector/ruleset.js";
import { DrugList } from "../services/ingest/drug-list.js";
import { OperatingError } from "./exit-status.js";
import { packageRoot } from "./package-root.js";

export interface LoadedBundle {
  readonly bundle: DetectorBundle;
  readonly drugs: DrugList;
  readonly ruleset: RulesetFile;
  /** Everything it was made of: stored beside the journal that activates it. */
  readonly content: BundleContent;
}

const bundleContent = z.object({
  ruleset: rulesetFile,
  lossPolicies: lossPoliciesFile,
  calendar: calendarFile,
  regions: regionsFile,
  drugs: highResaleDrugsFile,
  responseCodes: responseCodesFile,
  advice: adviceFile,
});

export type BundleContent = z.infer<typeof bundleContent>;

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

const rulesetsFolder = join(packageRoot, "rulesets");

/** @throws BundleError naming every mistake, OperatingError where a file cannot be read. */
export function loadBundle(options: BundleOptions = {}): LoadedBundle {
  const problems: BundleProblem[] = [];
  const ruleset = collected(problems, () => loadRuleset(options.rulesetFile));
  const lossPolicies = collected(problems, () =>
    readChecked(options.policiesFile ?? shipped("loss-policies.json"), lossPoliciesFile),
  );
  if (ruleset === null || lossPolicies === null) throw new BundleError(problems);
  const content = {
    ruleset,
    lossPolicies,
    calendar: readChecked(shipped("calendar.json"), calendarFile),
    regions: readChecked(shipped("regions.json"), regionsFile),
    drugs: readChecked(shipped("high-resale-drugs.json"), highResaleDrugsFile),
    responseCodes: readChecked(shipped("response-codes.json"), responseCodesFile),
    advice: readChecked(shipped("advice.json"), adviceFile),
  };
  return bundleOf(content, options.rulesetFile ?? shipped("default.json"));
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
  return bundleOf(checked(path, readJson(path), bundleContent), path);
}

/** The same from its text; `name` is what errors call it. @throws BundleError, OperatingError. */
export function bundleOfContent(text: string, name: string): LoadedBundle {
  return bundleOf(checked(name, parsedJson(text, name), bundleContent), name);
}

/** The same from a parsed document. @throws BundleError. */
export function bundleOfValue(document: unknown, name: string): LoadedBundle {
  return bundleOf(checked(name, document, bundleContent), name);
}

function bundleOf(content: BundleContent, rulesetName: string): LoadedBundle {
  const compiled = compileRuleset(content.ruleset, { regions: content.regions });
  if (!compiled.ok)
    throw new BundleError(compiled.problems.map((problem) => ({ file: rulesetName, ...problem })));
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

function shipped(name: string): string {
  return join(rulesetsFolder, name);
}

function loadRuleset(path: string | undefined): RulesetFile {
  const base = readChecked(shipped("default.json"), rulesetFile);
  if (path === undefined) return base;
  const document = readJson(path);
  const isOverlay = typeof document === "object" && document !== null && "extends" in document;
  if (!isOverlay) return checked(path, document, rulesetFile);
  const overlay = checked(path, document, rulesetOverlayFile);
  const problems = unknownOverlayRules(base, overlay);
  if (problems.length > 0) throw new BundleError(problems.map((problem) => ({ file: path, ...problem })));
  return mergeRuleset(base, overlay);
}

export function readChecked<Shape>(path: string, schema: z.ZodType<Shape>): Shape {
  return checked(path, readJson(path), schema);
}

function checked<Shape>(path: string, document: unknown, schema: z.ZodType<Shape>): Shape {
  const parsed = schema.safeParse(document, { reportInput: true });
  if (parsed.success) return parsed.data;
  throw new BundleError(
    problemsOfIssues(parsed.error.issues, [], schema).map((problem) => ({ file: path, ...problem })),
  );
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

/** SHA-256 of the content in canonical JSON (sorted keys): formatting does not change a bundle. */
function hashOf(content: unknown): string {
  return createHash("sha256").update(canonicalJson(content)).digest("hex");
}

function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value)
    .filter(([, each]) => each !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${entries.map(([key, each]) => `${JSON.stringify(key)}:${canonicalJson(each)}`).join(",")}}`;
}

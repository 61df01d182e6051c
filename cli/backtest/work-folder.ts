/**
 * The folder of an unfinished run: plan, facts, bundles, what finished tasks found.
 *
 * Owns: the names of its files, writing each whole or not at all.
 * Does not own: the plan's content, the lock (its caller takes it for as long as it runs).
 *
 * 1. A result that is there is of a finished task: it is written beside and renamed.
 * 2. Only tokens lie here, as in the journal; removed when the run is done.
 */

import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type * as z from "zod";
import { BundleFolder } from "../bundle-folder.js";
import { OperatingError } from "../exit-status.js";
import { factsShape, type HistoryFacts, type Plan, planShape } from "./plan.js";

/** For the user that runs it alone. */
const FOLDER_MODE = 0o700;

export class WorkFolder {
  /** One for all tasks of a process: compiling a bundle takes as long as judging thousands of swipes. */
  private shelf: BundleFolder | null = null;

  constructor(readonly path: string) {}

  make(): void {
    try {
      for (const folder of [this.path, this.bundlesPath, this.resultsPath, this.spillsPath])
        mkdirSync(folder, { recursive: true, mode: FOLDER_MODE });
    } catch (error) {
      throw new OperatingError(
        `${this.path}: cannot be made (${(error as NodeJS.ErrnoException).code}); name another folder by --work-dir`,
      );
    }
  }

  get lockPath(): string {
    return join(this.path, "run.lock");
  }

  get bundles(): BundleFolder {
    this.shelf ??= new BundleFolder(this.bundlesPath);
    return this.shelf;
  }

  hasPlan(): boolean {
    return existsSync(this.planPath);
  }

  /** @throws OperatingError where it is of another release. */
  plan(): Plan {
    return this.read(this.planPath, planShape);
  }

  writePlan(plan: Plan): void {
    this.write(this.planPath, plan);
  }

  facts(): HistoryFacts {
    return this.read(this.factsPath, factsShape);
  }

  writeFacts(facts: HistoryFacts): void {
    this.write(this.factsPath, facts);
  }

  hasResult(name: string): boolean {
    return existsSync(this.resultPath(name));
  }

  result(name: string): unknown {
    return JSON.parse(readFileSync(this.resultPath(name), "utf8"));
  }

  writeResult(name: string, result: unknown): void {
    this.write(this.resultPath(name), result);
  }

  spillPath(range: number): string {
    return join(this.spillsPath, `${range}.bin`);
  }

  /** Everything of ours; the folder itself where nothing else lies in it. */
  remove(): void {
    for (const path of [this.planPath, this.factsPath, this.bundlesPath, this.resultsPath, this.spillsPath])
      rmSync(path, { recursive: true, force: true });
    if (existsSync(this.path) && readdirSync(this.path).length === 0) rmdirSync(this.path);
  }

  private get planPath(): string {
    return join(this.path, "plan.json");
  }

  private get factsPath(): string {
    return join(this.path, "facts.json");
  }

  private get bundlesPath(): string {
    return join(this.path, "bundles");
  }

  private get resultsPath(): string {
    return join(this.path, "results");
  }

  private get spillsPath(): string {
    return join(this.path, "spills");
  }

  private resultPath(name: string): string {
    return join(this.resultsPath, `${name}.json`);
  }

  private write(path: string, content: unknown): void {
    writeFileSync(`${path}.new`, JSON.stringify(content), { flush: true });
    renameSync(`${path}.new`, path);
  }

  private read<Shape extends z.ZodType>(path: string, shape: Shape): z.infer<Shape> {
    const parsed = shape.safeParse(JSON.parse(readFileSync(path, "utf8")));
    if (parsed.success) return parsed.data;
    throw new OperatingError(
      `${path}: written by another release of Kadun, or changed since; remove ${this.path} and begin anew`,
    );
  }
}

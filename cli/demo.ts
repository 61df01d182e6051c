/** `kadun demo`: a seeded city of honest people and planted attacks, through the whole pipeline, scored by its labels. */

import { renderScoreboard } from "../bench/city/scoreboard-text.js";
import { writeCityFiles } from "../bench/load/city-files.js";
import { closeDemoFolder, type DemoFolder, openDemoFolder } from "./demo/folder.js";
import { listenForInterruption } from "./demo/interruption.js";
import { type Lived, live } from "./demo/live.js";
import { DEMO_USAGE, type DemoOptions, parseDemoArgs } from "./demo/options.js";
import { renderPipeline } from "./demo/report-text.js";
import { stay } from "./demo/stay.js";
import { STORIES, tellStory } from "./demo/story/story.js";
import { ExitStatus, UsageError } from "./exit-status.js";

export async function demo(args: readonly string[]): Promise<ExitStatus> {
  const options = parseDemoArgs(args);
  if (options === null) {
    console.log(DEMO_USAGE);
    return ExitStatus.DONE;
  }
  const interruption = listenForInterruption();
  try {
    return await (options.story === null ? tellCity : tellNamed)(options, interruption.signal);
  } finally {
    interruption.ignore();
  }
}

async function tellNamed({ story: name, keep, json }: DemoOptions, signal: AbortSignal): Promise<ExitStatus> {
  const story = name === null ? undefined : STORIES[name];
  if (story === undefined)
    throw new UsageError(`--story ${name}: expected one of ${Object.keys(STORIES).join(", ")}`);
  return tellStory({ story: story(Date.now()), keep, json, signal });
}

async function tellCity(options: DemoOptions, signal: AbortSignal): Promise<ExitStatus> {
  const folder = openDemoFolder(options.keep);
  try {
    return await runDemo(folder, options, signal);
  } finally {
    closeDemoFolder(folder);
  }
}

async function runDemo(folder: DemoFolder, options: DemoOptions, signal: AbortSignal): Promise<ExitStatus> {
  const { seed, persons, days, secondsMax, profile } = options;
  process.stderr.write(`building a city of ${persons} persons and ${days} days …\n`);
  await writeCityFiles({ seed, persons, days }, folder);
  signal.throwIfAborted();
  const lived = await live({ profile, folder, secondsMax, signal });
  console.log(options.json ? jsonOf(lived, options, folder) : textOf(lived, options, folder));
  await stay({
    folder,
    secondsMax: options.staySeconds,
    signal,
    onOpen: (address) => tellOpen(address, options),
  });
  return statusOf(lived);
}

function tellOpen(address: string, { staySeconds }: DemoOptions): void {
  const how = staySeconds === null ? "Ctrl-C ends it" : `open for ${staySeconds} s (--stay N)`;
  console.log(`The console 工作台: ${address}/ — no account is needed on this machine; ${how}`);
}

function statusOf({ isReconciled, refusedLines }: Lived): ExitStatus {
  if (!isReconciled) return ExitStatus.FAILED;
  return refusedLines > 0 ? ExitStatus.REFUSED_INPUT : ExitStatus.DONE;
}

function textOf(lived: Lived, { seed, profile }: DemoOptions, folder: DemoFolder): string {
  const { model, lines, seconds, refusedLines } = lived;
  return [
    renderScoreboard(model, { seed, lines, seconds, refusedLines }),
    renderPipeline(lived, folder, profile),
  ].join("\n");
}

function jsonOf(lived: Lived, { seed }: DemoOptions, folder: DemoFolder): string {
  const { model, ...facts } = lived;
  return JSON.stringify({ seed, ...facts, keptIn: folder.isKept ? folder.path : null, ...model });
}

/**
 * `kadun demo --story NAME`: one person's card through a Kadun of its own, from the settlement network's records to the
 * holder's telephone, the office's decision and the evidence package, verified. Everybody acts as in life: the network sends
 * records, the holder uses the pages, analysts their keys.
 */

import { mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KadunProcess } from "../../../bench/load/kadun-process.js";
import { LoadError } from "../../../bench/load/load-error.js";
import { officeCaughtUp } from "../../../bench/load/office-client.js";
import { hangzhouUntil } from "../../../bench/stories/hangzhou.js";
import type { LivedStory } from "../../../bench/stories/story.js";
import { chromiumProgram } from "../../../platform/browser/chromium-program.js";
import { pathsOf } from "../../embedded/paths.js";
import { readRunFile } from "../../embedded/run-file.js";
import { type Exported, exportPackage } from "../../evidence/export.js";
import { verifyFile } from "../../evidence/verify.js";
import { type ExitStatus, OperatingError } from "../../exit-status.js";
import { closeDemoFolder, type DemoFolder, openDemoFolder } from "../folder.js";
import { untilInterrupted } from "../interruption.js";
import { StoryHolder } from "./holder.js";
import { StoryNetwork } from "./network.js";
import { StoryOffice } from "./office.js";
import { Phone } from "./phone.js";
import { ReceivedSmsBox } from "./received-sms.js";

export const STORIES: Readonly<Record<string, (nowMs: number) => LivedStory>> = { hangzhou: hangzhouUntil };

/** Nobody waits for a snapshot of losses here, and the story's first days are past: its SMS are written all the same. */
const START_ARGS = ["--cold-start", "--sms-stale-hours", "0"];

export interface StoryOptions {
  readonly story: LivedStory;
  /** Everything is kept there; null: only package and screenshots, in a temporary folder. */
  readonly keep: string | null;
  readonly json: boolean;
  readonly signal: AbortSignal;
}

interface Lived extends Exported {
  readonly screenshots: readonly string[];
  /** SMS that the holder got, one-time codes aside. */
  readonly sms: readonly string[];
}

export async function tellStory({ story, keep, json, signal }: StoryOptions): Promise<ExitStatus> {
  const executablePath = programOf();
  const folder = openDemoFolder(keep);
  const out = keep ?? mkdtempSync(join(tmpdir(), "kadun-story-"));
  const say = (text: string) => {
    if (!json) console.log(text);
  };
  try {
    const lived = await untilInterrupted(signal, live(story, folder, { out, executablePath, say, signal }));
    say("\nverified with nothing but the file:");
    const status = await verifyFile(lived.path, { keysFile: null, replay: true, json });
    if (json) console.log(JSON.stringify({ story: story.name, ...lived }));
    say(`\nscreenshots:\n${lived.screenshots.map((path) => `  ${path}`).join("\n")}`);
    say(`evidence package: ${lived.path}`);
    return status;
  } finally {
    closeDemoFolder(folder);
  }
}

/** @throws OperatingError where this machine has none. */
function programOf(): string {
  const program = chromiumProgram();
  if (program !== null) return program;
  throw new OperatingError(
    "a story opens the cardholder's pages in a Chromium, and there is none here: 'npm run setup:browser' installs one, KADUN_CHROMIUM names one",
  );
}

interface Telling {
  /** For what is left of it. */
  readonly out: string;
  readonly executablePath: string;
  readonly say: (text: string) => void;
  readonly signal: AbortSignal;
}

async function live(story: LivedStory, { data, log }: DemoFolder, telling: Telling): Promise<Lived> {
  const kadun = await KadunProcess.start({ dataDirectory: data, logPath: log, args: START_ARGS }).catch(
    (error: unknown) => {
      throw error instanceof LoadError ? new OperatingError(error.message) : error;
    },
  );
  try {
    await kadun.officeUp();
    const url = citizenUrlOf(data);
    const folder = join(telling.out, "screenshots");
    mkdirSync(folder, { recursive: true });
    const phone = await Phone.open({ executablePath: telling.executablePath, url, folder });
    try {
      return await acted(story, { kadun, data, phone }, telling);
    } finally {
      await phone.close();
    }
  } finally {
    await kadun.stop();
  }
}

interface Stage {
  readonly kadun: KadunProcess;
  readonly data: string;
  readonly phone: Phone;
}

/** The story itself, in its order. */
async function acted(
  story: LivedStory,
  { kadun, data, phone }: Stage,
  { out, say, signal }: Telling,
): Promise<Lived> {
  const box = new ReceivedSmsBox(pathsOf(data).outbox);
  const network = new StoryNetwork(kadun);
  const holder = new StoryHolder(phone, story.contact, box);
  try {
    say(`${story.about}.\n`);
    await network.introduce(story);
    for (const record of story.records) say((await network.send(record)).text);
    await officeCaughtUp(kadun, signal);
    const told = box.news();
    for (const { text } of told) say(`SMS: ${text}`);
    const last = told.findLast(({ text }) => text.includes("编号"));
    if (last === undefined) throw new OperatingError("the holder was told of nothing");

    say("\nThe holder opens the page on his telephone, and says: not mine.");
    await holder.enter(last);
    await holder.reportNotMine();
    await holder.cardBlocked();
    const tried = await network.send(story.triedAgain(Date.now()));
    say(tried.text);
    if (tried.action !== "reject")
      throw new OperatingError(
        `the card was reported lost and its next swipe was answered '${tried.action}'`,
      );

    say("\nHe appeals, with the receipt of the police.");
    await holder.appeal();
    const office = await StoryOffice.open(data);
    try {
      for (const line of await office.decideAppeal()) say(line);
      const caseId = await office.caseOfPerson();
      for (const line of await office.confirmCase(caseId)) say(line);
      const { count, totalFen } = await office.reversals();
      say(
        `${count} settlements, ${(totalFen / 100).toFixed(2)} yuan, to be taken back by the network (2601)`,
      );
      const decided = await box.nextOr("appeal-decided", () => office.smsOfTheMorning("appeal-decided"));
      if ("notBefore" in decided)
        say(`At night no telephone rings for this; it goes out at ${decided.notBefore}.`);
      say(`SMS: ${decided.text}`);
      await holder.readDecision();
      await officeCaughtUp(kadun, signal);
      const exported = await exportPackage({ data, case: caseId, out });
      const sms = [...told, decided].map(({ text }) => text);
      return { ...exported, screenshots: phone.screenshots, sms };
    } finally {
      office.close();
    }
  } finally {
    network.close();
  }
}

/** @throws OperatingError where the office serves no pages. */
function citizenUrlOf(data: string): string {
  const url = readRunFile(pathsOf(data).run)?.office?.citizenUrl;
  if (url !== undefined && url !== null) return url;
  throw new OperatingError("the office serves no cardholder's pages: look into its log with --keep DIR");
}

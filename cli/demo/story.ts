/**
 * `kadun demo --story NAME`: one person's card through a Kadun of its own, record by record as a settlement network sends them,
 * to the evidence package of the case that comes of it, verified.
 */

import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KadunProcess } from "../../bench/load/kadun-process.js";
import { LoadError } from "../../bench/load/load-error.js";
import { officeCaughtUp } from "../../bench/load/office-client.js";
import { HANGZHOU } from "../../bench/stories/hangzhou.js";
import type { Story } from "../../bench/stories/story.js";
import { HttpClient, type HttpRequest } from "../../platform/http-client/http-client.js";
import { answer } from "../../schemas/http/authorization.js";
import { casePageAnswer } from "../../schemas/http/cases.js";
import { LocalClient } from "../embedded/local-client.js";
import { type Exported, exportPackage } from "../evidence/export.js";
import { verifyFile } from "../evidence/verify.js";
import { type ExitStatus, OperatingError } from "../exit-status.js";
import { closeDemoFolder, type DemoFolder, openDemoFolder } from "./folder.js";
import { untilInterrupted } from "./interruption.js";

export const STORIES: Readonly<Record<string, Story>> = { [HANGZHOU.name]: HANGZHOU };

const REQUEST_TIMEOUT_MS = 30_000;
/** Nobody waits for a snapshot of losses here, and the story's days are long past: its SMS are written all the same. */
const START_ARGS = ["--cold-start", "--sms-stale-hours", "0"];

export interface StoryOptions {
  readonly story: Story;
  /** Everything is kept there; null: only the package, in a temporary folder. */
  readonly keep: string | null;
  readonly json: boolean;
  readonly signal: AbortSignal;
}

export async function tellStory({ story, keep, json, signal }: StoryOptions): Promise<ExitStatus> {
  const folder = openDemoFolder(keep);
  try {
    const made = await untilInterrupted(signal, lived(story, folder, { keep, json, signal }));
    if (!json) console.log("\nverified with nothing but the file:");
    const status = await verifyFile(made.path, { keysFile: null, replay: true, json });
    console.log(json ? JSON.stringify({ story: story.name, ...made }) : `\nevidence package: ${made.path}`);
    return status;
  } finally {
    closeDemoFolder(folder);
  }
}

type Told = Pick<StoryOptions, "keep" | "json" | "signal">;

async function lived(
  story: Story,
  { data, log }: DemoFolder,
  { keep, json, signal }: Told,
): Promise<Exported> {
  const kadun = await KadunProcess.start({ dataDirectory: data, logPath: log, args: START_ARGS }).catch(
    (error: unknown) => {
      throw error instanceof LoadError ? new OperatingError(error.message) : error;
    },
  );
  try {
    if (!json) console.log(`${story.about}.\n`);
    await send(kadun, story, json);
    await kadun.officeUp();
    await officeCaughtUp(kadun, signal);
    const caseId = await caseOf(data);
    const out = keep ?? mkdtempSync(join(tmpdir(), "kadun-evidence-"));
    return await exportPackage({ data, case: caseId, out });
  } finally {
    await kadun.stop();
  }
}

async function send(kadun: KadunProcess, story: Story, json: boolean): Promise<void> {
  const options = { apiKey: kadun.apiKey, connectionsMax: 1, timeoutMs: REQUEST_TIMEOUT_MS };
  const client = new HttpClient({ ...options, url: kadun.url });
  try {
    for (const entry of story.institutions)
      await accepted(client, { method: "PUT", path: "/v1/institutions", body: JSON.stringify(entry) });
    const contact = JSON.stringify({ personId: story.personId, ...story.contact });
    await accepted(client, { method: "PUT", path: "/v1/contacts", body: contact });
    for (const record of story.records) {
      const line = await told(client, record);
      if (!json) console.log(line);
    }
  } finally {
    client.close();
  }
}

/** Sends a record. @returns what came of it, in a line. */
async function told(client: HttpClient, record: Story["records"][number]): Promise<string> {
  const { type, occurredAt, kind, careRegion, totalFen, pin, action } = record;
  const at = String(occurredAt).slice(0, 16).replace("T", " ");
  const body = JSON.stringify(record);
  if (type !== "swipe") {
    await accepted(client, { method: "POST", path: "/v1/card-status", body });
    return `${at}  ${String(action)} by ${String(record.channel)}`;
  }
  const answered = answer.parse(
    JSON.parse(await accepted(client, { method: "POST", path: "/v1/authorizations", body })),
  );
  const reasons = answered.reasons.map(({ rule, text }) => `${rule} ${text["zh-CN"]}`);
  const what = kind === "settle" ? `${(Number(totalFen) / 100).toFixed(2)} yuan` : `PIN ${String(pin)}`;
  return [`${at}  ${String(careRegion)}  ${what}: ${answered.action}`, ...reasons].join(
    "\n                    ",
  );
}

/** @returns the answer's body. @throws OperatingError where it is refused. */
async function accepted(client: HttpClient, request: HttpRequest): Promise<string> {
  const { status, body } = await client.send(request);
  if (status < 300) return body.toString("utf8");
  throw new OperatingError(`${request.path}: status ${status}: ${body.toString("utf8")}`);
}

/** The one case there is. */
async function caseOf(data: string): Promise<string> {
  const client = LocalClient.office({ data });
  try {
    const { cases } = casePageAnswer.parse(await client.json({ method: "GET", path: "/v1/cases" }));
    const found = cases.find(({ subjectKind }) => subjectKind === "person");
    if (found !== undefined) return found.caseId;
    throw new OperatingError("no case came of the story: look into its log with --keep DIR");
  } finally {
    client.close();
  }
}

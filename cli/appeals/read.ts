/** `kadun appeals list|show|papers|reversals|national`. */

import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type * as z from "zod";
import {
  type AppealSummary,
  appealDetail,
  appealFile,
  appealPageAnswer,
  type listedReversal,
  nationalAnswer,
  reversalPageAnswer,
  reversalsAnswer,
} from "../../schemas/http/appeals.js";
import type { ConsoleClient } from "../embedded/console-client.js";
import type { Printed } from "../embedded/desk-command.js";
import { OperatingError, UsageError } from "../exit-status.js";
import { appealCommand, appealPath } from "./appeal-command.js";
import { appealLines, summaryLine } from "./print.js";

export const list = appealCommand({
  synopsis: "list [--state STATE]",
  about: "Appeals that were submitted, with the deadlines that were missed.",
  words: { min: 0, max: 0 },
  reads: true,
  options: { state: { type: "string" } },
  run: async (client, _words, { state }) => {
    const found: AppealSummary[] = [];
    let after: string | null = null;
    do {
      const query = new URLSearchParams();
      for (const [name, value] of Object.entries({ after, state }))
        if (value !== undefined && value !== null) query.set(name, String(value));
      const page: z.infer<typeof appealPageAnswer> = await client.get(
        `/v1/appeals?${query}`,
        appealPageAnswer,
      );
      found.push(...page.appeals);
      after = page.after;
    } while (after !== null);
    return { json: found, text: found.map(summaryLine) };
  },
});

export const show = appealCommand({
  synopsis: "show APPEAL",
  about:
    "An appeal: facts of each swipe, sums, deadlines, papers, what was done. The statement is in --json.",
  words: { min: 1, max: 1 },
  run: async (client, [appealId]) => {
    const detail = await client.get(appealPath(appealId!), appealDetail);
    return { json: [detail], text: appealLines(detail) };
  },
});

export const papers = appealCommand({
  synopsis: "papers APPEAL --out DIR [--documents]",
  about:
    "Writes the papers of an appeal to DIR; with --documents the holder's too, which the audit log keeps.",
  words: { min: 1, max: 1 },
  options: { out: { type: "string" }, documents: { type: "boolean" } },
  run: async (client, [appealId], { out, documents }) => {
    if (typeof out !== "string") throw new UsageError("--out DIR is needed: where the files go");
    const path = appealPath(appealId!);
    const detail = await client.get(path, appealDetail);
    mkdirSync(out, { recursive: true, mode: 0o700 });
    const written: string[] = [];
    for (const { paperId, number } of detail.papers)
      written.push(await writeFile(client, `${path}/papers/${paperId}`, join(out, `${number}.pdf`)));
    // Not under the holder's own name of it: that may be any text.
    for (const { documentId, mediaType } of documents === true ? detail.documents : [])
      written.push(
        await writeFile(
          client,
          `${path}/documents/${documentId}`,
          join(out, `${documentId}.${endOf(mediaType)}`),
        ),
      );
    return { json: written.map((file) => ({ file })), text: written };
  },
});

async function writeFile(client: ConsoleClient, path: string, file: string): Promise<string> {
  if (existsSync(file)) throw new OperatingError(`${file} is there already; give another --out`);
  const { base64 } = await client.get(path, appealFile);
  writeFileSync(file, Buffer.from(base64, "base64"), { mode: 0o600 });
  return file;
}

function endOf(mediaType: string): string {
  return mediaType.slice(mediaType.indexOf("/") + 1);
}

export const reversals = appealCommand({
  synopsis: "reversals [--all] [--csv] [--hand-over]",
  about: `Settlements to be taken back after decisions, in the shape of 2601.
--hand-over marks those that can be taken back now, once, at most 1000, and prints them: for the settlement network. --csv has a head.`,
  words: { min: 0, max: 0 },
  reads: true,
  options: { all: { type: "boolean" }, csv: { type: "boolean" }, "hand-over": { type: "boolean" } },
  run: async (client, _words, values) => {
    const found =
      values["hand-over"] === true
        ? (await client.post("/v1/reversals/hand-over", {}, reversalsAnswer)).reversals
        : await allReversals(client, values.all === true);
    return values.csv === true ? csvOf(found) : { json: found, text: found.map(reversalLine) };
  },
});

type Listed = z.infer<typeof listedReversal>;

async function allReversals(client: ConsoleClient, withHandedOver: boolean): Promise<readonly Listed[]> {
  const found: Listed[] = [];
  for (let after = ""; ; ) {
    const query = new URLSearchParams({
      ...(withHandedOver && { all: "1" }),
      ...(after !== "" && { after }),
    });
    const page = await client.get(`/v1/reversals?${query}`, reversalPageAnswer);
    found.push(...page.reversals);
    if (page.after === null) return found;
    after = page.after;
  }
}

function reversalLine({ decisionId, institutionId, totalFen, status, request }: Listed): string {
  return `${decisionId}  ${institutionId}  ${totalFen} fen  ${status}  ${request?.input.data.oinfno ?? "-"} ${request?.input.data.omsgid ?? "-"}`;
}

const CSV_COLUMNS = [
  "infno",
  "psn_token",
  "omsgid",
  "oinfno",
  "fixmedins_code",
  "amount_fen",
  "account_fen",
  "status",
  "appeal_id",
] as const;

function csvOf(found: readonly Listed[]): Printed {
  const rows = found.map(({ request, institutionId, totalFen, accountFen, status, appealId }) => [
    "2601",
    request?.psnToken ?? "",
    request?.input.data.omsgid ?? "",
    request?.input.data.oinfno ?? "",
    institutionId,
    String(totalFen),
    accountFen === null ? "" : String(accountFen),
    status,
    appealId,
  ]);
  return { json: found, text: [CSV_COLUMNS.join(","), ...rows.map((row) => row.map(csvCell).join(","))] };
}

/** Sheets take some beginnings for a formula. */
function csvCell(text: string): string {
  const harmless = /^[=+\-@\t\r＝＋－＠]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

export const national = appealCommand({
  synopsis: "national APPEAL",
  about: "The parts of an appeal grouped by 3701 to 3704, under Kadun's own names (docs/appeals.md).",
  words: { min: 1, max: 1 },
  run: async (client, [appealId]) => {
    const answer = await client.get(`${appealPath(appealId!)}/national`, nationalAnswer);
    return { json: [answer], text: [JSON.stringify(answer, null, 2)] };
  },
});

/** What the demo prints below the table of the city: the pipeline's figures, and where to look. */

import { widthOf } from "../../bench/city/scoreboard-text.js";
import type { DemoProfile } from "./demo-kadun.js";
import type { DemoFolder } from "./folder.js";
import type { Lived } from "./live.js";
import { reconciledRows } from "./reconciled-rows.js";

export function renderPipeline(lived: Lived, folder: DemoFolder, profile: DemoProfile): string {
  return [
    "The pipeline 全流程 (HTTP in, decisions and SMS out)",
    ...aligned([
      ["answers 应答", answersText(lived)],
      ["stored 入库", reconciliationText(lived)],
      ["alerts 预警", alertsText(lived)],
      ["SMS 短信", smsText(lived)],
      ["patrols 巡查", `once over everything stored, in ${lived.patrolSeconds.toFixed(1)} s`],
      ["caught up 追平", `${lived.catchUpSeconds.toFixed(1)} s after the last line`],
    ]),
    "",
    ...(folder.isKept
      ? whereAndHow(folder, profile)
      : ["Removed at the end; --keep DIR keeps everything and says how to look."]),
    "",
  ].join("\n");
}

function answersText({ answers }: Lived): string {
  const { p50Ms, p99Ms, standIns } = answers;
  if (p50Ms === null || p99Ms === null) return "none was asked for";
  return (
    `${whole(answers.answers)} authorizations answered while everything was fed: ` +
    `p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms, ${whole(standIns)} by the stand-in`
  );
}

function reconciliationText({ isReconciled, reconciliation }: Lived): string {
  const { journal, outcomes } = reconciledRows(reconciliation);
  const verdict = isReconciled
    ? "nothing is missing, doubled or different"
    : `NOT RECONCILED: ${whole(reconciliation.findingsCount)} differences`;
  return (
    `journal ${whole(journal.logged)} records, ${whole(journal.rows)} rows; ` +
    `outcomes ${whole(outcomes.logged)}, ${whole(outcomes.rows)} rows; ${verdict}`
  );
}

function alertsText({ alerts, cases }: Lived): string {
  return `${whole(alerts)} in ${whole(cases)} cases`;
}

function smsText({ sms, contacts }: Lived): string {
  const example = sms.example === null ? "" : `, such as ${sms.example}`;
  return `${whole(sms.written)} written to the outbox; ${whole(contacts)} persons have left a number${example}`;
}

function whereAndHow({ path, data }: DemoFolder, profile: DemoProfile): string[] {
  return [
    `Where it lies: ${path}`,
    ...aligned([
      ["city.ndjson", "what the networks sent"],
      ["labels.ndjson", "what was planted; the judge never sees it"],
      ["outcomes.ndjson", "every decision, revision, transition; of a person in order"],
      ["metrics.txt", "metrics of all processes, at the end"],
      ...(profile === "embedded" ? EMBEDDED_FILES : DISTRIBUTED_FILES),
    ]),
    "How to look:",
    ...(profile === "embedded"
      ? [
          `  npx kadun start --data ${data}`,
          `  npx kadun reconcile --data ${data}`,
          `  npx kadun doctor --data ${data}`,
        ]
      : []),
    `  npx kadun replay ${path}/city.ndjson --key-file ${data}/keys/linkage.key   # the same outcomes again`,
  ];
}

const EMBEDDED_FILES = [
  ["kadun.log", "log of both processes"],
  ["data/log", "journal and decisions (LMDB)"],
  ["data/analytics", "the rows for analysts (ClickHouse's format)"],
  ["data/database", "alerts and cases (PostgreSQL's format)"],
  ["data/sms/outbox.ndjson", "SMS, phone numbers masked"],
] as const;

const DISTRIBUTED_FILES = [
  ["data/ROLE.log", "log of the processes of a role"],
  ["data/outbox.ndjson", "SMS, phone numbers masked"],
] as const;

function aligned(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([name]) => widthOf(name)));
  return rows.map(([name, text]) => `  ${name}${" ".repeat(width - widthOf(name))}  ${text}`);
}

function whole(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

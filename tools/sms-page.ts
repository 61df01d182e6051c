/** docs/sms.md: how cardholders are told, from the table of states and the templates in force. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readChecked } from "../cli/bundle-files.js";
import { packageRoot } from "../cli/package-root.js";
import {
  placeholdersOf,
  SMS_SITUATION_NAMES,
  SMS_VALUE_LENGTH_MAX,
  type SmsPlaceholder,
  smsTemplatesFile,
} from "../schemas/sms-templates.js";
import { SMS_STATUSES, SMS_TRANSITIONS } from "../services/alerts/sms/sms-state.js";
import { markdownTable, NOT_SAID } from "./markdown-table.js";

export function smsText(): string {
  const words = readFileSync(join(packageRoot, "tools", "sms-page.md"), "utf8");
  return `${words}## The states\n${statesTable()}\n\n## The templates\n${templatesTable()}\n`;
}

const MEANINGS: Readonly<Record<(typeof SMS_STATUSES)[number], string>> = {
  queued: "to be handed over",
  sending: "handed over, not answered yet",
  sent: "the operator has it",
  delivered: "the phone has it",
  failed: "refused, or not deliverable",
  unknown: "nobody knows whether the operator has it",
  "no-contact": "nobody gave a phone number",
  suppressed: "not to be sent, for its reason",
};

function statesTable(): string {
  const rows = SMS_STATUSES.map((status) => [
    `\`${status}\``,
    MEANINGS[status],
    SMS_TRANSITIONS[status].map((next) => `\`${next}\``).join(", ") || NOT_SAID,
  ]);
  return markdownTable(["state", "means", "may become"], rows);
}

function templatesTable(): string {
  const file = readChecked(join(packageRoot, "rulesets", "sms-templates.json"), smsTemplatesFile);
  const widest = (text: string) =>
    placeholdersOf(text).reduce(
      (whole, name) => whole.replace(`{${name}}`, "x".repeat(SMS_VALUE_LENGTH_MAX[name as SmsPlaceholder])),
      `【${file.signature}】${text}`,
    ).length;
  const rows = SMS_SITUATION_NAMES.map((situation) => {
    const { text, perDayMax } = file.templates[situation];
    return [`\`${situation}\``, text, String(widest(text)), String(perDayMax)];
  });
  return markdownTable(["situation", "text", "longest, with the signature", "in 24 hours"], rows);
}

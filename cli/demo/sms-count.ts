/** SMS of an outbox file (one JSON object a line). */

import { existsSync, readFileSync } from "node:fs";

export interface SmsCount {
  readonly written: number;
  readonly byTemplate: Readonly<Record<string, number>>;
  /** One of them, as a cardholder would read it. */
  readonly example: string | null;
}

export function smsIn(path: string): SmsCount {
  const lines = existsSync(path) ? readFileSync(path, "utf8").split("\n").filter(Boolean) : [];
  const sms = lines.map((line) => JSON.parse(line) as { template: string; text: string });
  const byTemplate: Record<string, number> = {};
  for (const { template } of sms) byTemplate[template] = (byTemplate[template] ?? 0) + 1;
  return { written: sms.length, byTemplate, example: sms[0]?.text ?? null };
}

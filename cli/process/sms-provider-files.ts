/** The two files of an operator of SMS: its codes of our templates, and the key for it. */

import { readFileSync } from "node:fs";
import * as z from "zod";
import { SMS_SITUATION_NAMES } from "../../schemas/sms-templates.js";
import { readChecked } from "../bundle-files.js";
import { OperatingError, UsageError } from "../exit-status.js";
import type { SmsGatewaySettings } from "./sms-settings.js";

/** 128 bits and more, in characters that a path may have. */
const TOKEN_PATTERN = /^[A-Za-z0-9_-]{22,200}$/;

function codesOf(code: z.ZodType<string>) {
  return z.record(z.enum(SMS_SITUATION_NAMES), code);
}

/** Every situation has a code: what has none would be refused when somebody waits for it. */
export const smsProviderFile = z.discriminatedUnion("provider", [
  z.strictObject({
    provider: z.literal("aliyun"),
    comment: z.string().optional(),
    templates: codesOf(z.string().regex(/^SMS_\d+$/)),
  }),
  z.strictObject({
    provider: z.literal("tencent"),
    comment: z.string().optional(),
    sdkAppId: z.string().regex(/^\d+$/),
    region: z.string().min(1).default("ap-guangzhou"),
    templates: codesOf(z.string().regex(/^\d+$/)),
  }),
]);
export type SmsProviderFile = z.infer<typeof smsProviderFile>;

export const smsKeyFile = z.strictObject({
  /** AccessKey ID, SecretId. */
  id: z.string().min(1),
  secret: z.string().min(1),
  /** Last part of the address that the operator pushes receipts to; without it none are taken. */
  receiptsToken: z.string().regex(TOKEN_PATTERN).optional(),
});
export type SmsKeyFile = z.infer<typeof smsKeyFile>;

type Named = Pick<SmsGatewaySettings, "smsGateway" | "smsProviderFile">;

/** @throws UsageError, OperatingError, BundleError with every mistake. */
export function readSmsProvider({ smsGateway, smsProviderFile: path }: Named): SmsProviderFile {
  if (path === "")
    throw new UsageError(
      `KADUN_SMS_PROVIDER_FILE: not set; KADUN_SMS_GATEWAY=${smsGateway} needs the operator's codes of the templates (docs/sms-providers.md)`,
    );
  const file = readChecked(path, smsProviderFile);
  if (file.provider === smsGateway) return file;
  throw new OperatingError(
    `${path}: provider: '${file.provider}', expected '${smsGateway}' as KADUN_SMS_GATEWAY says; correct one of them`,
  );
}

/** What stands in the file is not repeated. @throws UsageError, OperatingError. */
export function readSmsKey({ smsKeyFile: path }: Pick<SmsGatewaySettings, "smsKeyFile">): SmsKeyFile {
  if (path === "")
    throw new UsageError(
      "KADUN_SMS_KEY_FILE: not set; an operator of SMS needs a key (docs/sms-providers.md)",
    );
  const read = smsKeyFile.safeParse(jsonOf(path));
  if (read.success) return read.data;
  const [{ path: place, code }] = read.error.issues as [z.core.$ZodIssue];
  throw new OperatingError(
    `${path}: ${place.join(".") || "(file)"}: ${code}; expected {"id": "…", "secret": "…", "receiptsToken": "22 to 200 letters, digits, - and _"}, the last one if receipts are pushed`,
  );
}

function jsonOf(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new OperatingError(
      `${path}: cannot be read (${(error as NodeJS.ErrnoException).code}); correct KADUN_SMS_KEY_FILE`,
    );
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new OperatingError(`${path}: is no JSON; expected {"id": "…", "secret": "…"}`);
  }
}

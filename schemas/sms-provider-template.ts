/** How a template is registered with an operator: its text with the operator's own places. Pure. */

import { placeholdersOf, type SmsSituation, type SmsTemplatesFile } from "./sms-templates.js";

export const SMS_PROVIDERS = ["aliyun", "tencent"] as const;
export type SmsProvider = (typeof SMS_PROVIDERS)[number];

export interface ProviderTemplate {
  readonly signature: string;
  /** Without the signature: operators put that before it. */
  readonly text: string;
  /** What the places are filled with, in their order. */
  readonly names: readonly string[];
}

const PLACES: Readonly<Record<SmsProvider, (name: string, index: number) => string>> = {
  aliyun: (name) => `\${${name}}`,
  tencent: (_, index) => `{${index + 1}}`,
};

export function providerTemplateOf(
  { signature, templates }: SmsTemplatesFile,
  provider: SmsProvider,
  situation: SmsSituation,
): ProviderTemplate {
  const { text } = templates[situation];
  const names = placeholdersOf(text);
  const place = PLACES[provider];
  return {
    signature,
    text: names.reduce((whole, name, i) => whole.replace(`{${name}}`, () => place(name, i)), text),
    names,
  };
}

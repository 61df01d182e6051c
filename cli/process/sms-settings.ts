/** By whom SMS go out, the same in every profile. The key lies in a file: options and environments are seen by others. */

import { anyText, oneOf } from "../../platform/config/setting-kinds.js";
import type { SettingKind, SettingsOf, SettingsTable } from "../../platform/config/settings.js";
import { parseEndpoint } from "../../platform/sms-gateway/provider-options.js";

export const SMS_GATEWAYS = ["outbox", "aliyun", "tencent"] as const;

const ENDPOINT: SettingKind<string> = {
  expected: "https://host[:port], or http:// and this machine itself",
  parse: (text) => (text === "" || parseEndpoint(text) !== undefined ? text : undefined),
};

export const SMS_GATEWAY_SETTINGS = {
  smsGateway: {
    option: "sms-gateway",
    variable: "KADUN_SMS_GATEWAY",
    fallback: "outbox",
    help: "who sends SMS: outbox writes them to a file, aliyun and tencent are operators (docs/sms-providers.md)",
    kind: oneOf(SMS_GATEWAYS),
  },
  smsProviderFile: {
    option: "sms-provider-file",
    variable: "KADUN_SMS_PROVIDER_FILE",
    fallback: "",
    help: "an operator's codes of the templates, as JSON",
    kind: anyText("a file"),
  },
  smsKeyFile: {
    option: "sms-key-file",
    variable: "KADUN_SMS_KEY_FILE",
    fallback: "",
    help: "key for the operator and token of its receipts, as JSON; nobody else may read it",
    kind: anyText("a file"),
  },
  smsEndpoint: {
    option: "sms-endpoint",
    variable: "KADUN_SMS_ENDPOINT",
    fallback: "",
    help: "another address than the operator's own",
    kind: ENDPOINT,
  },
} as const satisfies SettingsTable;

export type SmsGatewaySettings = SettingsOf<typeof SMS_GATEWAY_SETTINGS>;

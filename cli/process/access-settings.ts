/** How browsers reach the console and who signs people in, the same in every profile. */

import { anyText } from "../../platform/config/setting-kinds.js";
import type { SettingKind, SettingsOf, SettingsTable } from "../../platform/config/settings.js";
import { isLoopbackHost } from "../../services/console/access/request-origin.js";
import { networks, networksIn } from "./citizen-settings.js";

const origin: SettingKind<string> = {
  expected: "https://host[:port] or http://host[:port] without a path, or nothing",
  parse: (text) =>
    text === "" || (URL.canParse(text) && new URL(text).origin === text && /^https?:/.test(text))
      ? text
      : undefined,
};

/** Tokens go there: in the clear on this machine only. */
const issuer: SettingKind<string> = {
  expected: "https://… (http:// for this machine only), or nothing",
  parse: (text) => {
    if (text === "") return text;
    if (!URL.canParse(text)) return undefined;
    const { protocol, hostname } = new URL(text);
    return protocol === "https:" || (protocol === "http:" && isLoopbackHost(hostname)) ? text : undefined;
  },
};

export const ACCESS_SETTINGS = {
  consoleOrigin: {
    option: "console-origin",
    variable: "KADUN_CONSOLE_ORIGIN",
    fallback: "",
    help: "how browsers name the console, such as https://kadun.example.cn; empty: as they ask, without TLS",
    kind: origin,
  },
  consoleProxies: {
    option: "console-proxies",
    variable: "KADUN_CONSOLE_PROXIES",
    fallback: "",
    help: "proxies before the console, whose X-Forwarded-For is believed",
    kind: networks,
  },
  oidcIssuer: {
    option: "oidc-issuer",
    variable: "KADUN_OIDC_ISSUER",
    fallback: "",
    help: "identity provider (OpenID Connect) at which people may sign in; empty: none; needs KADUN_CONSOLE_ORIGIN",
    kind: issuer,
  },
  oidcClientId: {
    option: "oidc-client-id",
    variable: "KADUN_OIDC_CLIENT_ID",
    fallback: "kadun",
    help: "what the identity provider calls the console",
    kind: anyText("a name"),
  },
  oidcClientSecretFile: {
    option: "oidc-client-secret-file",
    variable: "KADUN_OIDC_CLIENT_SECRET_FILE",
    fallback: "",
    help: "file with the secret that it gave the console",
    kind: anyText("a file, or nothing"),
  },
  oidcClaim: {
    option: "oidc-claim",
    variable: "KADUN_OIDC_CLAIM",
    fallback: "sub",
    help: "claim of the ID token that an account names as its subject",
    kind: anyText("a name"),
  },
} as const satisfies SettingsTable;

export type AccessSettings = SettingsOf<typeof ACCESS_SETTINGS>;

export function consoleProxiesOf({ consoleProxies }: AccessSettings): readonly string[] {
  return networksIn(consoleProxies);
}

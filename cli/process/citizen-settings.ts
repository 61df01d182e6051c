/** Where the cardholder's pages are, the same in every profile. */

import { BlockList, isIP } from "node:net";
import { anyText } from "../../platform/config/setting-kinds.js";
import type { SettingKind, SettingsOf, SettingsTable } from "../../platform/config/settings.js";

const PORT_MAX = 65_535;
const NEXT = "next";
const OFF = "off";

const portOrWord: SettingKind<string> = {
  expected: `a port from 0 to ${PORT_MAX} (0 for a free one), ${NEXT} for one above the process's own, or ${OFF}`,
  parse: (text) => {
    const isPort = /^\d{1,5}$/.test(text) && Number(text) <= PORT_MAX;
    return text === NEXT || text === OFF || isPort ? text : undefined;
  },
};

const origin: SettingKind<string> = {
  expected: "https://host[:port] without a path, or nothing",
  parse: (text) => {
    if (text === "") return text;
    const isOrigin = URL.canParse(text) && new URL(text).origin === text && text.startsWith("https://");
    return isOrigin ? text : undefined;
  },
};

export const networks: SettingKind<string> = {
  expected: "addresses or networks such as 10.0.0.0/8, separated by commas, or nothing",
  parse: (text) => (networksIn(text).every(isNetwork) ? text : undefined),
};

export function networksIn(text: string): readonly string[] {
  return text.split(",").flatMap((part) => (part.trim() === "" ? [] : [part.trim()]));
}

function isNetwork(text: string): boolean {
  const [address = "", bits, ...more] = text.split("/");
  if (isIP(address) === 0 || more.length > 0) return false;
  if (bits === undefined) return true;
  try {
    new BlockList().addSubnet(
      address,
      /^\d{1,3}$/.test(bits) ? Number(bits) : -1,
      isIP(address) === 6 ? "ipv6" : "ipv4",
    );
    return true;
  } catch {
    return false;
  }
}

export const CITIZEN_SETTINGS = {
  citizenHost: {
    option: "citizen-host",
    variable: "KADUN_CITIZEN_HOST",
    fallback: "127.0.0.1",
    help: "address at which the cardholder's pages listen, for a proxy with TLS before them",
    kind: anyText("an address of this machine"),
  },
  citizenPort: {
    option: "citizen-port",
    variable: "KADUN_CITIZEN_PORT",
    fallback: NEXT,
    help: "port of the cardholder's pages; next: one above the process's own; off: none",
    kind: portOrWord,
  },
  citizenOrigin: {
    option: "citizen-origin",
    variable: "KADUN_CITIZEN_ORIGIN",
    fallback: "",
    help: "how cardholders' browsers name the pages, such as https://yb.example.cn; empty: without TLS, for this machine alone",
    kind: origin,
  },
  citizenProxies: {
    option: "citizen-proxies",
    variable: "KADUN_CITIZEN_PROXIES",
    fallback: "",
    help: "proxies before the cardholder's pages, whose X-Forwarded-For is believed",
    kind: networks,
  },
} as const satisfies SettingsTable;

export type CitizenSettings = SettingsOf<typeof CITIZEN_SETTINGS>;

/** null: no pages. @param own port of the process. */
export function citizenPortOf({ citizenPort }: CitizenSettings, own: number): number | null {
  if (citizenPort === OFF) return null;
  if (citizenPort !== NEXT) return Number(citizenPort);
  return own === 0 || own === PORT_MAX ? 0 : own + 1;
}

/** For the app's `trustProxy`. */
export function trustedProxiesOf({ citizenProxies }: CitizenSettings): readonly string[] {
  return networksIn(citizenProxies);
}

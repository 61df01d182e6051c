/** Where the cardholder's pages are, the same in every profile. */

import { anyText, wholeNumber } from "../../platform/config/setting-kinds.js";
import type { SettingKind, SettingsOf, SettingsTable } from "../../platform/config/settings.js";

const PORT_MAX = 65_535;
const ORIGIN = /^https?:\/\/[^/?#\s@]+$/;

const ORIGIN_OR_NONE: SettingKind<string> = {
  expected: "https://host[:port] without a path, or nothing",
  parse: (text) => (text === "" || ORIGIN.test(text) ? text : undefined),
};

export const CITIZEN_SETTINGS = {
  citizenHost: {
    option: "citizen-host",
    variable: "KADUN_CITIZEN_HOST",
    fallback: "127.0.0.1",
    help: "address that the cardholder's pages listen on; a proxy with TLS stands before it",
    kind: anyText("an address of this machine"),
  },
  citizenPort: {
    option: "citizen-port",
    variable: "KADUN_CITIZEN_PORT",
    fallback: "8082",
    help: "port of the cardholder's pages; 0 for a free one",
    kind: wholeNumber(0, PORT_MAX),
  },
  citizenOrigin: {
    option: "citizen-origin",
    variable: "KADUN_CITIZEN_ORIGIN",
    fallback: "",
    help: "how cardholders reach the pages, such as https://yb.example.cn; empty: as they are asked for, without TLS",
    kind: ORIGIN_OR_NONE,
  },
  citizenProxies: {
    option: "citizen-proxies",
    variable: "KADUN_CITIZEN_PROXIES",
    fallback: "",
    help: "addresses or networks of the proxies whose X-Forwarded-For is believed, with commas between them",
    kind: anyText("addresses"),
  },
} as const satisfies SettingsTable;

export type CitizenSettings = SettingsOf<typeof CITIZEN_SETTINGS>;

/** In an order that stays; empty where there are none. */
export function proxiesOf({ citizenProxies }: CitizenSettings): readonly string[] {
  return citizenProxies
    .split(",")
    .map((address) => address.trim())
    .filter((address) => address !== "");
}

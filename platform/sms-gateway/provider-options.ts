/** What the adapters of operators are opened with. */

import type { Clock } from "../clock/clock.js";

export interface ProviderOptions {
  readonly key: ProviderKey;
  /** As the operator approved it, without brackets. */
  readonly signature: string;
  /** Name of a template → the operator's code of it. */
  readonly templates: Readonly<Record<string, string>>;
  /** Another address than the operator's own. */
  readonly endpoint?: ProviderEndpoint | undefined;
  /** Of one call, from the connection to the last byte. */
  readonly timeLimitMs?: number;
  readonly clock: Clock;
}

export interface ProviderKey {
  readonly id: string;
  readonly secret: string;
}

export interface ProviderEndpoint {
  readonly protocol: "http" | "https";
  /** With the port, where it is not the protocol's own. */
  readonly host: string;
}

/** Operators answer in tenths of a second; an answer after this is worth no more than none. */
export const TIME_LIMIT_MS = 10_000;

/** Plain HTTP shows phone numbers to everybody on the way: it goes to this machine only. */
const LOOPBACK_PATTERN = /^(localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])$/;

/** @returns undefined where it is no `https://host[:port]`, nor `http://` of this machine. */
export function parseEndpoint(text: string): ProviderEndpoint | undefined {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || url.pathname !== "/" || url.search + url.hash + url.username !== "") return undefined;
  if (url.protocol === "https:") return { protocol: "https", host: url.host };
  if (url.protocol !== "http:" || !LOOPBACK_PATTERN.test(url.hostname)) return undefined;
  return { protocol: "http", host: url.host };
}

/** 11 digits without country code, as operators at home want it; null for what is no mobile number of the mainland. */
export function mainlandNumber(phone: string): string | null {
  return /^(?:(?:\+|00)?86)?(1\d{10})$/.exec(phone.replace(/[\s-]/g, ""))?.[1] ?? null;
}

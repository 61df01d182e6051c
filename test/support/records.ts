/** Raw records for tests: valid ones with only the fields that matter given. */

import { formatInstant } from "../../schemas/instant.js";

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
/** A Sunday, 10:00 in Shanghai. */
export const START_MS = Date.UTC(2026, 2, 1, 2);

export type RawFields = Readonly<Record<string, unknown>>;

export function at(ms: number): string {
  return formatInstant(ms);
}

export function rawSwipe(fields: RawFields = {}): Record<string, unknown> {
  return {
    type: "swipe",
    eventId: "s-1",
    kind: "settle",
    occurredAt: at(START_MS),
    personId: "PERSON-1",
    cardNumber: "CARD-0001",
    credential: "card",
    insuredRegion: "330100",
    careRegion: "330106",
    institutionId: "P33010600001",
    institutionKind: "pharmacy",
    totalFen: 1_000,
    ...fields,
  };
}

export function rawStatus(fields: RawFields = {}): Record<string, unknown> {
  return {
    type: "card-status",
    eventId: "c-1",
    occurredAt: at(START_MS),
    personId: "PERSON-1",
    credential: "card",
    action: "report-loss",
    channel: "counter",
    region: "110000",
    ...fields,
  };
}

export function rawFact(fields: RawFields = {}): Record<string, unknown> {
  return {
    type: "person-fact",
    eventId: "f-1",
    occurredAt: at(START_MS),
    personId: "PERSON-1",
    fact: "home-region",
    region: "320100",
    ...fields,
  };
}

/** A loss that the holder reports on Kadun's page, as the office sends it. */
export function rawHolderLoss(fields: RawFields = {}): Record<string, unknown> {
  return {
    type: "card-status",
    eventId: "h-1",
    occurredAt: at(START_MS),
    personKey: "0123456789abcdef0123456789abcdef",
    action: "report-loss",
    channel: "web",
    region: "330100",
    ...fields,
  };
}

export function rawHolderLimits(fields: RawFields = {}): Record<string, unknown> {
  return {
    type: "person-fact",
    eventId: "h-2",
    occurredAt: at(START_MS),
    personKey: "0123456789abcdef0123456789abcdef",
    fact: "limits",
    homeOnly: true,
    ...fields,
  };
}

/** Honest feedback on R16. */
export function rawFeedback(fields: RawFields = {}): Record<string, unknown> {
  return {
    type: "feedback",
    eventId: "b-1",
    occurredAt: at(START_MS),
    personId: "PERSON-1",
    rule: "R16",
    verdict: "honest",
    ...fields,
  };
}

/** Cases of patrols, `*.cases.json` beside the SQL: what was planted, and the findings of it. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { packageRoot } from "../../../cli/package-root.js";
import { formatInstant, parseInstantMs } from "../../../schemas/instant.js";
import { PATROL_IDS } from "../../../schemas/patrols.js";
import { PATROLS } from "../../../services/alerts/patrol/registry.js";
import { ALL_ZERO_KEY, shortHash, Tokeniser } from "../../../services/ingest/tokens.js";

export const SQL_FOLDER = join(packageRoot, "services", "alerts", "patrol", "sql");

/** `{i}` in a text is the number of the person, from 0. */
const swipes = z.strictObject({
  /** Shanghai. */
  at: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{3})?)?$/),
  /** So many persons, one swipe each. */
  count: z.number().int().min(1).default(1),
  /** Seconds between them. */
  everySeconds: z.number().min(0).default(0),
  /** Again on so many days in a row. */
  days: z.number().int().min(1).default(1),
  person: z.string().default("p{i}"),
  /** By default the person's own; empty for none. */
  card: z.string().optional(),
  institution: z.string().default("A"),
  terminal: z.string().default("T1"),
  operator: z.string().optional(),
  agent: z.string().optional(),
  /** Minutes until it arrives. */
  lateMinutes: z.number().default(0),
  /** Codes and fen of the items, and trace codes on the first. */
  basket: z.array(z.tuple([z.string(), z.number()])).optional(),
  traces: z.array(z.string()).optional(),
  /** These persons' swipes are cancelled a minute later. */
  cancelled: z.array(z.number().int()).default([]),
  /** Each message comes again, so many minutes after it came first. */
  repeatedAfterMinutes: z.number().optional(),
  fields: z.record(z.string(), z.unknown()).default({}),
});
const mutualAid = z.strictObject({
  mutualAid: z.string(),
  at: z.string(),
  from: z.string().optional(),
  to: z.string().optional(),
});
/** The person of a number has another one. */
const link = z.strictObject({ former: z.string(), person: z.string(), at: z.string() });
const patrolCase = z.strictObject({
  title: z.string(),
  section: z.string(),
  given: z.array(z.union([swipes, mutualAid, link])),
  decoys: z.array(z.string()).default([]),
  /** Every finding of this patrol of what was planted. */
  // biome-ignore lint/suspicious/noThenProperty: the cases of the inline rules say it so.
  then: z.array(
    z.strictObject({
      kind: z.string(),
      subject: z.string(),
      window: z.string(),
      facts: z.record(z.string(), z.number()),
      evidenceCount: z.number().int().optional(),
    }),
  ),
});
const caseFile = z.strictObject({ patrol: z.enum(PATROL_IDS), cases: z.array(patrolCase) });

export type PatrolCase = z.infer<typeof patrolCase>;
type Swipes = z.infer<typeof swipes>;

export const CASE_FILES = PATROLS.map(({ file }) => {
  const path = join(SQL_FOLDER, file.replace(".sql", ".cases.json"));
  return caseFile.parse(JSON.parse(readFileSync(path, "utf8")));
});

const tokens = new Tokeniser(ALL_ZERO_KEY);
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Names of one case, told apart from those of others. */
export class CaseNames {
  constructor(private readonly prefix: string) {}

  of(label: string): string {
    return `${this.prefix}-${label}`;
  }

  card(label: string): string {
    return tokens.token(this.of(label));
  }

  /** The subject as a finding names it: `A/T1`, or a label of an agent, card or trace code. */
  subject(kind: string, label: string): string {
    if (kind === "agent" || kind === "card") return this.card(label);
    if (kind === "trace-code") return shortHash(this.of(label));
    return this.of(label);
  }
}

/** Raw records, in the order in which they arrive. */
export function plantedRecords({ given }: Pick<PatrolCase, "given">, names: CaseNames): readonly object[] {
  const planted = given.flatMap((entry, index): readonly { readonly receivedAt: string }[] => {
    if ("former" in entry) return [linkOf(entry, index, names)];
    return "mutualAid" in entry ? [mutualAidOf(entry, index, names)] : swipesOf(entry, index, names);
  });
  return planted
    .map((record, order) => ({ record, order }))
    .sort((a, b) => arrivalOf(a.record) - arrivalOf(b.record) || a.order - b.order)
    .map(({ record }) => record);
}

function arrivalOf({ receivedAt }: { readonly receivedAt: string }): number {
  return parseInstantMs(receivedAt);
}

function mutualAidOf(entry: z.infer<typeof mutualAid>, index: number, names: CaseNames) {
  const at = shanghai(entry.at);
  return {
    type: "person-fact",
    eventId: names.of(`f${index}`),
    occurredAt: at,
    receivedAt: at,
    personId: names.of(entry.mutualAid),
    fact: "mutual-aid",
    ...(entry.from === undefined ? {} : { from: shanghai(entry.from) }),
    ...(entry.to === undefined ? {} : { to: shanghai(entry.to) }),
  };
}

function linkOf({ former, person, at }: z.infer<typeof link>, index: number, names: CaseNames) {
  const atText = shanghai(at);
  return {
    type: "person-link",
    eventId: names.of(`l${index}`),
    occurredAt: atText,
    receivedAt: atText,
    personId: names.of(person),
    formerPersonId: names.of(former),
  };
}

function swipesOf(entry: Swipes, index: number, names: CaseNames) {
  const beginMs = parseInstantMs(shanghai(entry.at));
  return Array.from({ length: entry.days }, (_, day) => day).flatMap((day) =>
    Array.from({ length: entry.count }, (_, i) => i).flatMap((i) => {
      const atMs = beginMs + day * DAY_MS + i * entry.everySeconds * 1000;
      const swipe = swipeOf(entry, names, { i, atMs, eventId: names.of(`e${index}-${day}-${i}`) });
      const cancel = entry.cancelled.includes(i) ? [cancelOf(swipe, atMs)] : [];
      return [swipe, ...cancel, ...repeatOf(entry, swipe)];
    }),
  );
}

function swipeOf(
  entry: Swipes,
  names: CaseNames,
  { i, atMs, eventId }: { readonly i: number; readonly atMs: number; readonly eventId: string },
) {
  const filled = (text: string) => names.of(text.replace("{i}", String(i)));
  const card = entry.card ?? `card-of-${entry.person}`;
  return {
    type: "swipe",
    kind: "settle",
    credential: "card",
    insuredRegion: "330100",
    careRegion: "330106",
    institutionKind: "pharmacy",
    totalFen: 3_000,
    eventId,
    occurredAt: formatInstant(atMs),
    receivedAt: formatInstant(atMs + entry.lateMinutes * MINUTE_MS),
    personId: filled(entry.person),
    ...(card === "" ? {} : { cardNumber: filled(card) }),
    institutionId: filled(entry.institution),
    ...(entry.terminal === "" ? {} : { terminalId: entry.terminal }),
    ...(entry.operator === undefined ? {} : { operatorId: entry.operator }),
    ...(entry.agent === undefined ? {} : { agentId: filled(entry.agent), agentPurchase: true }),
    ...itemsOf(entry, filled),
    ...entry.fields,
  };
}

function itemsOf({ basket, traces }: Swipes, filled: (text: string) => string): object {
  if (basket === undefined && traces === undefined) return {};
  const items = (basket ?? [["drug", 3_000]]).map(([code, amountFen]) => ({ code, amountFen }));
  const traceCodes = (traces ?? []).map(filled);
  return { items: items.map((item, n) => (n === 0 ? { ...item, traceCodes } : item)) };
}

function repeatOf({ repeatedAfterMinutes }: Swipes, swipe: ReturnType<typeof swipeOf>) {
  if (repeatedAfterMinutes === undefined) return [];
  const againMs = parseInstantMs(swipe.receivedAt) + repeatedAfterMinutes * MINUTE_MS;
  return [{ ...swipe, receivedAt: formatInstant(againMs) }];
}

function cancelOf(swipe: ReturnType<typeof swipeOf>, atMs: number) {
  const at = formatInstant(atMs + MINUTE_MS);
  return {
    ...swipe,
    kind: "cancel",
    eventId: `${swipe.eventId}-c`,
    originalEventId: swipe.eventId,
    occurredAt: at,
    receivedAt: at,
  };
}

function shanghai(text: string): string {
  const seconds = text.length === 16 ? `${text}:00` : text;
  return `${seconds}+08:00`;
}

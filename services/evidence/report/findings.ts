/**
 * Everything a report says, read from the person's lines twice: once for what later records say of earlier ones, once for
 * the rows, which lie sorted by time in files and are read as often as a document needs them.
 *
 * 1. Transactions are numbered from 1 by time, then by place in the journal; every document goes by these numbers.
 */

import type { CaseFile } from "../../../schemas/evidence/package.js";
import { parseInstantMs } from "../../../schemas/instant.js";
import { Institutions, type VisitedInstitution } from "../facts/institutions.js";
import { judgedRecords } from "../facts/judged-record.js";
import { MapPlaces } from "../facts/map-places.js";
import { type MatchedRule, MatchedRules } from "../facts/matched-rules.js";
import { Overview } from "../facts/overview.js";
import { PinTally } from "../facts/pin-attempts.js";
import type { RegionTable } from "../facts/places.js";
import { smsRow, type TimelineRow, timelineOf } from "../facts/timeline.js";
import { Totals } from "../facts/totals.js";
import {
  isInQuestion,
  isStanding,
  type Transaction,
  type TransactionContext,
  transactionOf,
} from "../facts/transaction.js";
import type { RecordWithOutcomes } from "../package/folder-lines.js";
import { type PackageBundle, packageBundle } from "./package-bundle.js";
import { SortedRows } from "./sorted-rows.js";

export interface NumberedTransaction {
  readonly number: number;
  readonly transaction: Transaction;
}

export interface Findings {
  readonly overview: Overview;
  readonly regions: RegionTable;
  readonly totals: Totals;
  readonly pins: PinTally;
  readonly institutions: readonly VisitedInstitution[];
  readonly rules: readonly MatchedRule[];
  readonly map: MapPlaces;
  /** Of swipes; null where there is none. */
  readonly first: Transaction | null;
  readonly last: Transaction | null;
  /** Last settle that stands before the first swipe that the case is about; null where there is none, or nothing is in question. */
  readonly lastBeforeQuestion: NumberedTransaction | null;
  readonly bundleOf: (hash: string) => PackageBundle | null;
  transactions(): AsyncIterable<NumberedTransaction>;
  timeline(): AsyncIterable<TimelineRow>;
}

export interface FindingsInput {
  readonly caseFile: CaseFile;
  /** May be read several times. */
  readonly lines: () => AsyncIterable<RecordWithOutcomes>;
  /** Of the bag. */
  readonly folder: string;
  /** For files that are needed meanwhile. */
  readonly workFolder: string;
  /** Records read so far, twice each. */
  readonly onRecord: () => void;
}

export async function findingsOf(input: FindingsInput): Promise<Findings> {
  const { caseFile, lines, folder, workFolder } = input;
  const bundleOf = rememberedBundles(folder);
  const overview = await Overview.of(counted(judgedRecords(lines()), input.onRecord));
  const bundle = overview.bundleHash === null ? null : bundleOf(overview.bundleHash);
  const context = contextOf(caseFile, overview, bundle);
  // What lies ahead of the package is no event yet.
  const madeAtMs = parseInstantMs(caseFile.madeAt);
  const sorted = new SortedRows<Transaction>(workFolder, "transactions");
  const timeline = new SortedRows<TimelineRow>(workFolder, "timeline");
  for await (const judged of counted(judgedRecords(lines()), input.onRecord)) {
    const transaction = transactionOf(judged, context);
    if (transaction !== null) sorted.add(transaction.occurredAtMs, transaction);
    for (const row of timelineOf(judged, context))
      if (parseInstantMs(row.at) <= madeAtMs) timeline.add(parseInstantMs(row.at), row);
  }
  for (const sms of caseFile.sms) timeline.add(parseInstantMs(sms.createdAt), smsRow(sms));
  sorted.end();
  timeline.end();
  const transactions = () => numbered(sorted.rows());
  const tallies = await tally(transactions(), context.regions);
  return {
    ...tallies,
    overview,
    regions: context.regions,
    bundleOf,
    transactions,
    timeline: () => timeline.rows(),
  };
}

async function tally(rows: AsyncIterable<NumberedTransaction>, regions: RegionTable) {
  const [totals, pins, institutions] = [new Totals(), new PinTally(), new Institutions()];
  const [rules, map] = [new MatchedRules(), new MapPlaces(regions)];
  let first: Transaction | null = null;
  let last: NumberedTransaction | null = null;
  let lastBeforeQuestion: NumberedTransaction | null = null;
  let lastSettle: NumberedTransaction | null = null;
  let isAsked = false;
  for await (const row of rows) {
    const { number, transaction } = row;
    totals.add(transaction);
    pins.add(transaction);
    institutions.add(transaction, number);
    rules.add(transaction, number);
    map.add(transaction, number);
    first ??= transaction;
    if (!isAsked && isInQuestion(transaction)) {
      isAsked = true;
      lastBeforeQuestion = lastSettle;
    }
    last = row;
    if (isStanding(transaction)) lastSettle = row;
  }
  return {
    totals,
    pins,
    institutions: institutions.all(),
    rules: rules.all(),
    map,
    first,
    last: last?.transaction ?? null,
    lastBeforeQuestion,
  };
}

function contextOf(caseFile: CaseFile, overview: Overview, bundle: PackageBundle | null): TransactionContext {
  return {
    overview,
    institutions: new Map(caseFile.institutions.map((each) => [each.institutionId, each])),
    alerts: new Map(caseFile.alerts.map((alert) => [alert.eventId, alert])),
    regions: bundle?.regions.regions ?? {},
    responseCodes: bundle?.responseCodes ?? null,
  };
}

function rememberedBundles(folder: string): (hash: string) => PackageBundle | null {
  const read = new Map<string, PackageBundle | null>();
  return (hash) => {
    if (!read.has(hash)) read.set(hash, packageBundle(folder, hash));
    return read.get(hash)!;
  };
}

async function* counted<Item>(items: AsyncIterable<Item>, onItem: () => void): AsyncGenerator<Item> {
  for await (const item of items) {
    onItem();
    yield item;
  }
}

async function* numbered(rows: AsyncIterable<Transaction>): AsyncGenerator<NumberedTransaction> {
  let number = 0;
  for await (const transaction of rows) yield { number: ++number, transaction };
}

/** Where in the queue a case stands, and which ranges of the indexes a question reads. Pure. */

import type { Scope } from "../../../schemas/console/access.js";
import type { QueueFilter } from "../../../schemas/console/queue-filter.js";
import { SEVERITIES, type Severity } from "../../../schemas/fields.js";

export interface QueuePlace {
  readonly severity: Severity;
  /** Of its latest alert; of a case whose alerts have no time, when it was opened. */
  readonly atMs: number;
  readonly caseId: string;
}

const CURSOR = /^(low|medium|high|critical)\.(\d{1,13})\.([\w-]{1,128})$/;
/** Of 2100: swipes of later years are refused at the door. */
const AT_MS_MAX = 4_102_444_800_000;

export function cursorOf({ severity, atMs, caseId }: QueuePlace): string {
  return `${severity}.${atMs}.${caseId}`;
}

/** null where it is none. */
export function placeOfCursor(cursor: string): QueuePlace | null {
  const [, severity, atMs, caseId] = CURSOR.exec(cursor) ?? [];
  const known = SEVERITIES.find((one) => one === severity);
  return known === undefined || Number(atMs) > AT_MS_MAX
    ? null
    : { severity: known, atMs: Number(atMs), caseId: caseId! };
}

/** Lists that are read one after the other, each in the order of time. */
export function lanesOf({ sort, severities }: QueueFilter): readonly (readonly Severity[])[] {
  const strongestFirst = [...SEVERITIES].reverse().filter((severity) => severities.includes(severity));
  return sort === "latest" ? [strongestFirst] : strongestFirst.map((severity) => [severity]);
}

/** Negative where `a` stands before `b`. */
export function comparePlaces(sort: QueueFilter["sort"], a: QueuePlace, b: QueuePlace): number {
  const bySeverity = SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity);
  if (sort === "priority" && bySeverity !== 0) return bySeverity;
  if (a.atMs !== b.atMs) return b.atMs - a.atMs;
  if (a.caseId === b.caseId) return 0;
  return a.caseId < b.caseId ? 1 : -1;
}

/** Cases that begin with these digits stand together in an index; 0 digits: all. */
export interface QueueRange {
  readonly digits: 0 | 2 | 4;
  readonly prefix: string;
}

/** A county is searched for within its city. */
export function rangesOf(scope: Scope): readonly QueueRange[] {
  const prefixes = withoutCovered(scope.map((prefix) => prefix.slice(0, 4)));
  return prefixes.map((prefix) => ({
    digits: prefix === "" ? 0 : prefix.length <= 2 ? 2 : 4,
    prefix,
  }));
}

/** What of the scope lies in the region, or is it. */
export function narrowedScope(scope: Scope, region: string | null): Scope {
  if (region === null) return withoutCovered(scope);
  if (scope.some((prefix) => region.startsWith(prefix))) return [region];
  return withoutCovered(scope.filter((prefix) => prefix.startsWith(region)));
}

function withoutCovered(prefixes: Scope): Scope {
  const once = [...new Set(prefixes)];
  return once.filter((prefix) => !once.some((other) => other !== prefix && prefix.startsWith(other)));
}

/** A person-fact record: the latest of each kind counts, four filings are kept (rules.md 1, Facts). */

import { FILING_KINDS } from "../../schemas/fields.js";
import { parseInstantMs } from "../../schemas/instant.js";
import type { CanonicalPersonFact } from "../../schemas/journal.js";
import { hash48 } from "./person/bytes.js";
import type { Person } from "./person/person.js";
import { packRegion, REGION_NONE } from "./place/region.js";

export function applyFact(person: Person, record: CanonicalPersonFact): void {
  const fromMs = parseInstantMs(record.from ?? record.occurredAt);
  const toMs = record.to === undefined ? Number.POSITIVE_INFINITY : parseInstantMs(record.to);
  const region = record.region === undefined ? REGION_NONE : packRegion(record.region);
  switch (record.fact) {
    case "home-region":
      person.facts.setHomeRegion(region, fromMs, toMs);
      return;
    case "mutual-aid":
      person.facts.setMutualAid(fromMs, toMs);
      return;
    case "inpatient":
      person.facts.setStay({
        fromMs,
        toMs,
        region,
        institution: record.institutionId === undefined ? null : hash48(record.institutionId),
      });
      return;
    case "limits":
      person.facts.setLimits(
        {
          homeOnly: record.homeOnly === true,
          noNight: record.noNight === true,
          dailyFen: record.dailyFen ?? null,
        },
        fromMs,
        toMs,
      );
      return;
    case "filing":
      person.filings.add({
        region,
        kind: record.filingKind === undefined ? FILING_KINDS.length : FILING_KINDS.indexOf(record.filingKind),
        fromMs,
        toMs,
      });
  }
}

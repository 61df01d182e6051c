/** What came of persons who moved while faults happened: in the log, in a replay, in the database. */

import type { Kysely } from "kysely";
import type { AlertsTables } from "../../services/alerts/tables.js";
import { Tokeniser } from "../../services/ingest/tokens.js";
import type { MovingPersons } from "./moving-persons.js";
import type { EffectiveOutcome } from "./partition-check.js";

interface Said {
  readonly type: string;
  readonly eventId: string;
  readonly action: string;
  readonly reasons: readonly { readonly rule: string }[];
}

/** Each swipe is decided once, under the right key; the lost card is refused by R01. */
export function movedFindings(
  { swipes }: MovingPersons,
  effective: readonly EffectiveOutcome[],
  linkageKey: Buffer,
): string[] {
  const tokens = new Tokeniser(linkageKey);
  const decided = decisionsBy(effective);
  return swipes.flatMap(({ eventId, numbers, isLost }) => {
    const decisions = decided.get(eventId) ?? [];
    const [decision] = decisions;
    if (decision === undefined || decisions.length > 1)
      return [
        `${eventId}: ${decisions.length} decisions, under ${decisions.map(({ personKey }) => personKey).join(", ")}`,
      ];
    const { action, reasons } = JSON.parse(decision.json) as Said;
    const isRefused = action === "reject" && reasons.some(({ rule }) => rule === "R01");
    const isRight = numbers.some((number) => tokens.token(number) === decision.personKey);
    return [
      ...(isRight ? [] : [`${eventId}: judged under the key of none of ${numbers.join(", ")}`]),
      ...(isRefused === isLost ? [] : [`${eventId}: ${action} of a card that is lost: ${isLost}`]),
    ];
  });
}

/** Of those who are orderly: the decisions are a replay's, byte for byte. */
export function movedReplayFindings(
  { swipes }: MovingPersons,
  effective: readonly EffectiveOutcome[],
  replayed: readonly string[],
): string[] {
  const found = decisionsBy(effective);
  const expected = decisionsBy(replayed.map((json) => ({ json, personKey: "" })));
  return swipes
    .filter(({ person }) => person.isOrderly)
    .flatMap(({ eventId }) => {
      const [wanted, got] = [expected.get(eventId)?.[0]?.json, found.get(eventId)?.[0]?.json];
      return wanted !== undefined && wanted === got
        ? []
        : [`${eventId} differs from the replay:\n  expected ${wanted}\n  found    ${got}`];
    });
}

/** One judged swipe for each decision, one alert for each refusal, every link. @throws DatabaseError. */
export async function movedRowFindings(
  { swipes, links }: MovingPersons,
  tables: Kysely<AlertsTables>,
  linkageKey: Buffer,
): Promise<string[]> {
  const tokens = new Tokeniser(linkageKey);
  const eventIds = swipes.map(({ eventId }) => eventId);
  const judged = await tables
    .selectFrom("judged_swipes")
    .select("event_id")
    .where("event_id", "in", eventIds)
    .execute();
  const alerts = await tables
    .selectFrom("alerts")
    .select("event_id")
    .where("event_id", "in", eventIds)
    .where("ordinal", "=", 0)
    .execute();
  const stored = await tables.selectFrom("person_links").selectAll().execute();
  const counts = (rows: readonly { readonly event_id: string | null }[], eventId: string) =>
    rows.filter(({ event_id }) => event_id === eventId).length;
  const rowFindings = swipes.flatMap(({ eventId, isLost }) => {
    const found = [counts(judged, eventId), counts(alerts, eventId)];
    const wanted = [1, isLost ? 1 : 0];
    return String(found) === String(wanted)
      ? []
      : [`${eventId}: ${found[0]} judged swipes and ${found[1]} alerts, expected ${wanted}`];
  });
  const linkFindings = links.flatMap(([former, number]) => {
    const keys = [tokens.token(former), tokens.token(number)];
    const rows = stored.filter(
      ({ former_person_key, person_key }) => former_person_key === keys[0] && person_key === keys[1],
    );
    return rows.length === 1 ? [] : [`${rows.length} rows of the link from ${former} to ${number}`];
  });
  return [...rowFindings, ...linkFindings];
}

function decisionsBy(outcomes: readonly { readonly json: string; readonly personKey: string }[]) {
  const decisions = new Map<string, (typeof outcomes)[number][]>();
  for (const outcome of outcomes) {
    const { type, eventId } = JSON.parse(outcome.json) as Said;
    if (type !== "decision") continue;
    decisions.set(eventId, [...(decisions.get(eventId) ?? []), outcome]);
  }
  return decisions;
}

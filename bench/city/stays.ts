/** A stay in hospital. */
import { DAY_MS, dayIndexOf, MINUTE_MS } from "./clock.js";
import { credentialFor } from "./credentials.js";
import type { Institution } from "./institutions.js";
import { HONEST } from "./labels.js";
import { AMOUNTS } from "./mix.js";
import type { Person } from "./person.js";

/** Admission now, one bill at discharge; nothing in between. */
export function planStay(person: Person, institution: Institution, atMs: number): void {
  const { random } = person;
  const toMs = atMs + random.whole(3, 12) * DAY_MS;
  person.inStayUntilDay = dayIndexOf(toMs);
  person.pending.push({
    type: "person-fact",
    label: HONEST,
    atMs,
    fact: "inpatient",
    institutionId: institution.id,
    region: institution.county.code,
    fromMs: atMs,
    toMs,
  });
  const billedAtMs = toMs - random.between(5, 60) * MINUTE_MS;
  const credential = credentialFor(person, { atMs: billedAtMs, place: institution.county });
  person.pending.push({
    type: "swipe",
    label: HONEST,
    ...credential,
    atMs: billedAtMs,
    kind: "settle",
    institution,
    visitKind: "21",
    amount: Math.round(random.logNormal(AMOUNTS.inpatient.medianFen, AMOUNTS.inpatient.sigma)),
    fundShare: random.between(0.6, 0.85),
    pin: credential.credential === "card" && institution.asksPin ? "ok" : "not-required",
  });
}

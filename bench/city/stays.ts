/** A stay in hospital. */
import { DAY_MS, dayIndexOf, dayStartMs, HOUR_MS, MINUTE_MS } from "./clock.js";
import { credentialFor } from "./credentials.js";
import type { Institution, Register } from "./institutions.js";
import { HONEST } from "./labels.js";
import { AMOUNTS, HONEST_MIX } from "./mix.js";
import type { Person } from "./person.js";

/** Admission now, one bill at discharge; in between at most a relative at a pharmacy near the hospital. */
export function planStay(person: Person, register: Register, institution: Institution, atMs: number): void {
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
  const draw = random.next();
  if (draw < HONEST_MIX.externalPrescriptionOfStays)
    planPurchase(person, register, { institution, atMs, toMs, prescribed: true });
  else if (draw < HONEST_MIX.externalPrescriptionOfStays + HONEST_MIX.relativeBuysOfStays)
    planPurchase(person, register, { institution, atMs, toMs, prescribed: false });
}

interface StayPurchase {
  readonly institution: Institution;
  readonly atMs: number;
  readonly toMs: number;
  /** By the hospital, for a pharmacy outside; else everyday drugs that the family takes home. */
  readonly prescribed: boolean;
}

function planPurchase(person: Person, register: Register, purchase: StayPurchase): void {
  const { random } = person;
  const { institution, toMs, prescribed } = purchase;
  const place = institution.county;
  const dayMs = dayStartMs(
    dayIndexOf(purchase.atMs) + random.whole(1, dayIndexOf(toMs) - dayIndexOf(purchase.atMs) - 1),
  );
  const atMs = dayMs + random.between(9, 20) * HOUR_MS;
  const median = prescribed ? AMOUNTS.outpatient : AMOUNTS.pharmacy;
  person.pending.push({
    type: "swipe",
    label: HONEST,
    ...credentialFor(person, { atMs, place, byRelative: true }),
    atMs,
    kind: "settle",
    institution: random.pick(register.in(place, "pharmacy")),
    visitKind: "41",
    amount: Math.max(100, Math.round(random.logNormal(median.medianFen, median.sigma))),
    pin: "not-required",
    agentPurchase: true,
    agentId: person.agentId,
    ...(prescribed ? { externalPrescription: true } : {}),
  });
}

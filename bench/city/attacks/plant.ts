/** Chooses a victim for each incident and gives it the incident as its plan. Nobody is hit twice. */
import type { Span } from "../clock.js";
import type { Register } from "../institutions.js";
import { ATTACK_KINDS, type AttackKind } from "../labels.js";
import type { Person } from "../person.js";
import {
  blockedPerson,
  cancelledUsed,
  canLapse,
  hasSomeBalance,
  inactiveUsed,
  lapsedUsed,
  lostUsed,
  pendingUsed,
  replacedUsed,
  temporaryMisused,
} from "./card-state.js";
import { alternatingPlaces, justBelowLimits, slowDrain } from "./evasive.js";
import { crossCitySpree, inpatientElsewhere, limitsBroken } from "./holder.js";
import { Incident, type Outline } from "./incident.js";
import {
  drain,
  hasDrainableBalance,
  manyInstitutions,
  refundLoop,
  resaleBasket,
  splitPurchase,
  traceCodeReuse,
} from "./money.js";
import { defaultPinSpend, hasDefaultPin, pinGuessing, pinProbeSpend } from "./pin.js";
import { backdatedUpload, clonedCard, lateStatus, livesAtHome } from "./time.js";

interface Attack {
  /** Whom it can hit; absent: anybody. */
  readonly fits?: (person: Person) => boolean;
  readonly plan: (incident: Incident) => Outline;
}

const PLANS: Readonly<Record<AttackKind, Attack>> = {
  "lost-used": { plan: lostUsed },
  "pending-used": { plan: pendingUsed },
  "lapsed-used": { plan: lapsedUsed, fits: canLapse },
  "replaced-used": { plan: replacedUsed },
  "cancelled-used": { plan: cancelledUsed },
  "inactive-used": { plan: inactiveUsed },
  "temporary-misused": { plan: temporaryMisused },
  "blocked-person": { plan: blockedPerson, fits: hasSomeBalance },
  "late-status": { plan: lateStatus },
  "backdated-upload": { plan: backdatedUpload },
  "pin-guessing": { plan: pinGuessing },
  "pin-probe-spend": { plan: pinProbeSpend },
  "default-pin-spend": { plan: defaultPinSpend, fits: hasDefaultPin },
  "cloned-card": { plan: clonedCard, fits: livesAtHome },
  "cross-city-spree": { plan: crossCitySpree, fits: livesAtHome },
  "inpatient-elsewhere": { plan: inpatientElsewhere, fits: livesAtHome },
  "limits-broken": { plan: limitsBroken, fits: livesAtHome },
  "split-purchase": { plan: splitPurchase },
  drain: { plan: drain, fits: hasDrainableBalance },
  "many-institutions": { plan: manyInstitutions },
  "resale-basket": { plan: resaleBasket },
  "refund-loop": { plan: refundLoop },
  "trace-code-reuse": { plan: traceCodeReuse },
  "slow-drain": { plan: slowDrain, fits: hasDrainableBalance },
  "alternating-places": { plan: alternatingPlaces },
  "just-below-limits": { plan: justBelowLimits },
};

export interface Planting {
  readonly span: Span;
  readonly register: Register;
  /** Persons to whom nothing else happens, in shuffled order. */
  readonly candidates: readonly Person[];
  /** Who is hit already; those hit here are added. */
  readonly taken: Set<Person>;
  readonly perKind: number;
}

export function plantAttacks({ span, register, candidates, taken, perKind }: Planting): void {
  // Kinds that need a certain person choose first, so that a small city has someone for everybody.
  const kinds = [...ATTACK_KINDS].sort((one, other) => Number(isOpen(one)) - Number(isOpen(other)));
  for (const kind of kinds) {
    for (let number = 1; number <= perKind; number += 1) {
      const person = victimFor(kind, candidates, taken);
      taken.add(person);
      const id = `${kind}-${number}`;
      const label = { kind: "attack", attack: kind, incident: id } as const;
      const incident = new Incident({ label, person, span, register });
      const { fromMs, ...plan } = PLANS[kind].plan(incident);
      person.plan = { ...plan, intents: incident.intents, incident: { id, fromMs } };
    }
  }
}

function isOpen(kind: AttackKind): boolean {
  return PLANS[kind].fits === undefined;
}

function victimFor(kind: AttackKind, candidates: readonly Person[], taken: ReadonlySet<Person>): Person {
  const { fits } = PLANS[kind];
  const victim = candidates.find((person) => !taken.has(person) && (fits === undefined || fits(person)));
  if (victim !== undefined) return victim;
  throw new RangeError(
    `no person of ${candidates.length} is left for an attack of kind '${kind}'; ask for more persons or fewer attacksPerKind`,
  );
}

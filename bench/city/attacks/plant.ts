/** Chooses a victim for each incident and gives it the incident as its plan. Nobody is hit twice. */
import type { Span } from "../clock.js";
import type { Register } from "../institutions.js";
import { ATTACK_KINDS, type AttackKind } from "../labels.js";
import type { Person } from "../person.js";
import {
  blockedPerson,
  canLapse,
  hasSomeBalance,
  inactiveUsed,
  lapsedUsed,
  lostUsed,
  pendingUsed,
  replacedUsed,
  temporaryMisused,
} from "./card-state.js";
import { Incident, type Outline } from "./incident.js";
import {
  drain,
  hasDrainableBalance,
  manyInstitutions,
  refundLoop,
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
  "inactive-used": { plan: inactiveUsed },
  "temporary-misused": { plan: temporaryMisused },
  "blocked-person": { plan: blockedPerson, fits: hasSomeBalance },
  "pin-guessing": { plan: pinGuessing },
  "pin-probe-spend": { plan: pinProbeSpend },
  "default-pin-spend": { plan: defaultPinSpend, fits: hasDefaultPin },
  "cloned-card": { plan: clonedCard, fits: livesAtHome },
  "split-purchase": { plan: splitPurchase },
  drain: { plan: drain, fits: hasDrainableBalance },
  "many-institutions": { plan: manyInstitutions },
  "refund-loop": { plan: refundLoop },
  "trace-code-reuse": { plan: traceCodeReuse },
  "late-status": { plan: lateStatus },
  "backdated-upload": { plan: backdatedUpload },
};

export interface Planting {
  readonly span: Span;
  readonly register: Register;
  /** Persons to whom nothing else happens, in shuffled order. */
  readonly candidates: readonly Person[];
  readonly perKind: number;
}

export function plantAttacks({ span, register, candidates, perKind }: Planting): void {
  const taken = new Set<Person>();
  // Kinds that need a certain person choose first, so that a small city has someone for everybody.
  const kinds = [...ATTACK_KINDS].sort((one, other) => Number(isOpen(one)) - Number(isOpen(other)));
  for (const kind of kinds) {
    for (let number = 1; number <= perKind; number += 1) {
      const person = victimFor(kind, candidates, taken);
      taken.add(person);
      const id = `${kind}-${number}`;
      const incident = new Incident({ kind, id, person, span, register });
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

/** Plants the rings: patterns over many persons of one home city. Nobody of a ring is hit by anything else. */
import type { Span } from "../clock.js";
import type { Register } from "../institutions.js";
import { RING_KINDS, type RingKind, type RingSubject } from "../labels.js";
import type { Person } from "../person.js";
import { HOME_CITIES } from "../places.js";
import type { Random } from "../random.js";
import { Incident, type Outline } from "./incident.js";
import {
  agentRing,
  backdatingTerminal,
  busyTerminal,
  collectedCards,
  commonPoint,
  decoyCard,
  pinSpray,
  sharedTraceCode,
} from "./rings.js";

/** What a ring plan has to work with. */
export interface RingScene {
  readonly random: Random;
  readonly register: Register;
  readonly span: Span;
  readonly persons: readonly Person[];
  /** Opens this person's part, labelled with the ring and its subject; each person has one. */
  readonly part: (person: Person, subject: RingSubject) => Incident;
  /** What the person's life has to respect besides. */
  readonly close: (person: Person, outline: Outline) => void;
}

interface Ring {
  /** Fewest and most persons. */
  readonly persons: readonly [least: number, most: number];
  readonly plan: (scene: RingScene) => void;
}

const PLANS: Readonly<Record<RingKind, Ring>> = {
  "pin-spray": { persons: [4, 7], plan: pinSpray },
  "collected-cards": { persons: [6, 10], plan: collectedCards },
  "busy-terminal": { persons: [24, 40], plan: busyTerminal },
  "shared-trace-code": { persons: [2, 2], plan: sharedTraceCode },
  "common-point": { persons: [4, 6], plan: commonPoint },
  "agent-ring": { persons: [6, 9], plan: agentRing },
  "decoy-card": { persons: [1, 1], plan: decoyCard },
  "backdating-terminal": { persons: [24, 30], plan: backdatingTerminal },
};

export interface RingPlanting {
  readonly span: Span;
  readonly register: Register;
  readonly candidates: readonly Person[];
  /** Who is hit already; those of a ring are added. */
  readonly taken: Set<Person>;
  readonly perKind: number;
  readonly random: Random;
}

export function plantRings(planting: RingPlanting): void {
  for (const kind of RING_KINDS) {
    for (let number = 1; number <= planting.perKind; number += 1)
      plantRing(planting, kind, `${kind}-${number}`);
  }
}

function plantRing(planting: RingPlanting, kind: RingKind, id: string): void {
  const { random, register, span } = planting;
  const { persons: range, plan } = PLANS[kind];
  const parts = new Map<Person, Incident>();
  const part = (person: Person, subject: RingSubject) => {
    const label = { kind: "ring", ring: kind, incident: id, subject } as const;
    const incident = new Incident({ label, person, span, register });
    parts.set(person, incident);
    return incident;
  };
  const close = (person: Person, { fromMs, ...rest }: Outline) => {
    const intents = parts.get(person)?.intents ?? [];
    person.plan = { ...rest, intents, incident: { id, fromMs } };
  };
  const persons = neighbours(planting, random.whole(...range), kind);
  plan({ random, register, span, persons, part, close });
}

/** Persons of one home city to whom nothing else happens. */
function neighbours({ candidates, taken, random }: RingPlanting, count: number, kind: RingKind): Person[] {
  for (const city of random.shuffled(HOME_CITIES)) {
    const free = candidates.filter(
      (person) => person.home.city === city && person.role === "ordinary" && !taken.has(person),
    );
    if (free.length < count) continue;
    const chosen = free.slice(0, count);
    for (const person of chosen) taken.add(person);
    return chosen;
  }
  throw new RangeError(
    `no city has ${count} persons left for a ring of kind '${kind}'; ask for more persons or fewer attacksPerKind`,
  );
}

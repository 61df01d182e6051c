/**
 * Rings planted, and whether a patrol found each: its finding names the ring's subject, an operator or terminal there, or
 * rests on one of its swipes.
 */
import type { SwipeSeen } from "./false-alarms.js";
import { type CityLabel, RING_KINDS, RINGS, type RingKind } from "./labels.js";
import type { PatrolFinding, PatrolScore, RingScore } from "./scoreboard-model.js";

interface RingSeen {
  readonly kind: RingKind;
  readonly subject: string;
  alarmed: boolean;
}

export class RingCount {
  private readonly rings = new Map<string, RingSeen>();

  constructor(private readonly labels: ReadonlyMap<string, CityLabel>) {
    for (const { ring, incident, subject } of labels.values()) {
      if (ring === undefined || incident === undefined || subject === undefined) continue;
      if (!this.rings.has(incident))
        this.rings.set(incident, { kind: ring, subject: subject.id, alarmed: false });
    }
  }

  add(swipe: SwipeSeen, label: CityLabel): void {
    const ring = this.rings.get(label.incident ?? "");
    if (ring !== undefined && swipe.reasons !== undefined) ring.alarmed = true;
  }

  /** `findings` null = no patrol ran. */
  scores(findings: readonly PatrolFinding[] | null): {
    readonly rings: readonly RingScore[];
    readonly patrols: readonly PatrolScore[];
  } {
    const ringOf = (findings ?? []).map((finding) => ({ ...finding, rings: this.ringsOf(finding) }));
    const found = new Set(ringOf.flatMap(({ rings }) => rings));
    const rings = RING_KINDS.map((kind) => {
      const planted = [...this.rings].filter(([, ring]) => ring.kind === kind);
      return {
        kind,
        planted: planted.length,
        found: findings === null ? null : planted.filter(([id]) => found.has(id)).length,
        inlineAlarms: planted.filter(([, { alarmed }]) => alarmed).length,
      };
    });
    const patrols = [...new Set(ringOf.map(({ patrol }) => patrol))].sort().map((patrol) => {
      const own = ringOf.filter((finding) => finding.patrol === patrol);
      return {
        patrol,
        findings: own.length,
        ofNoRing: own.filter((finding) => finding.rings.length === 0).length,
      };
    });
    return { rings, patrols };
  }

  /** The planted rings of this patrol that the finding is about. */
  private ringsOf({ patrol, subject, eventIds }: PatrolFinding): string[] {
    const events = new Set(eventIds.map((eventId) => this.labels.get(eventId)?.incident));
    return [...this.rings]
      .filter(
        ([id, ring]) => RINGS[ring.kind].patrol === patrol && (isAt(subject, ring.subject) || events.has(id)),
      )
      .map(([id]) => id);
  }
}

/** The same subject, or an operator or terminal (`institution/…`) of that institution. */
function isAt(subject: string, ring: string): boolean {
  return subject === ring || subject.startsWith(`${ring}/`);
}

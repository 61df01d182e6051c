/**
 * The overview of a scope, made of parts that are read as often as they change; pages and live streams share them.
 *
 * Owns: the parts of each scope that was asked for lately.
 * Does not own: the desks.
 *
 * 1. However many look, a part of a scope is read once in its time.
 * 2. A scope that nobody asks for is forgotten after `FORGOTTEN_MS`; there are at most as many as people.
 */

import type { Clock } from "../../../platform/clock/clock.js";
import type { Logger } from "../../../platform/logger/logger.js";
import type { Scope } from "../../../schemas/console/access.js";
import {
  type DayFigures,
  type DeliveryFigures,
  type FeedFreshness,
  type OverviewAnswer,
  PULSE_HOURS,
  type Pulse,
  type StageLag,
} from "../../../schemas/http/overview.js";
import { formatInstant } from "../../../schemas/instant.js";
import { dayOf, startOfDayMs } from "../../../schemas/working-calendar.js";
import type { FiguresDesk } from "./figures-desk.js";
import { HeldPart } from "./held-part.js";
import type { OverviewDesk, PipelineDesk } from "./overview-desk.js";
import type { Reconciliations } from "./reconciliations.js";

/** What a figure costs is some milliseconds of the engine; these keep a page's share of a core at some percent. */
export const EVERY_MS = {
  pulse: 1_000,
  delivery: 5_000,
  stages: 5_000,
  day: 10_000,
  feeds: 30_000,
} as const;
const FORGOTTEN_MS = 60_000;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** Of some forty. */
const TOP_RULES = 12;

export interface OverviewReaderOptions {
  readonly figures: FiguresDesk;
  readonly desk: OverviewDesk;
  readonly pipeline: PipelineDesk;
  readonly reconciliations: Reconciliations;
  readonly clock: Clock;
  /** What time it is on the page: a demo plays days that are past. */
  readonly dayClock: Pick<Clock, "now">;
  readonly logger: Logger;
}

interface Parts {
  readonly pulse: HeldPart<Pulse>;
  readonly day: HeldPart<DayFigures>;
  readonly delivery: HeldPart<DeliveryFigures>;
  askedAtMs: number;
}

export class OverviewReader {
  private readonly scopes = new Map<string, Parts>();
  /** The machinery's: the same for all. */
  private readonly stages: HeldPart<StageLag[]>;
  private readonly feeds: HeldPart<FeedFreshness[]>;

  constructor(private readonly options: OverviewReaderOptions) {
    const { pipeline } = options;
    this.stages = this.part("stages", async () => [...(await pipeline.stages())]);
    this.feeds = this.part("feeds", async () => [...(await pipeline.feeds())]);
  }

  async read(scope: Scope): Promise<OverviewAnswer> {
    const parts = this.partsOf(scope);
    const [pulse, day, delivery, stages, feeds] = await Promise.all([
      parts.pulse.get(),
      parts.day.get(),
      parts.delivery.get(),
      this.stages.get(),
      this.feeds.get(),
    ]);
    return { pulse, day, delivery, stages, feeds, reconciliation: this.options.reconciliations.current };
  }

  private partsOf(scope: Scope): Parts {
    const nowMs = this.options.clock.now();
    for (const [key, { askedAtMs }] of this.scopes)
      if (nowMs - askedAtMs > FORGOTTEN_MS) this.scopes.delete(key);
    const key = JSON.stringify(scope);
    const parts = this.scopes.get(key) ?? this.newParts(scope);
    parts.askedAtMs = nowMs;
    this.scopes.set(key, parts);
    return parts;
  }

  private newParts(scope: Scope): Parts {
    const { figures, desk } = this.options;
    return {
      askedAtMs: 0,
      pulse: this.part("pulse", async () => {
        const [minutes, newestAtMs] = await Promise.all([
          figures.today({ scope, range: this.lastHours() }),
          figures.newestAt(),
        ]);
        return { ...minutes, newestAt: newestAtMs === null ? null : formatInstant(newestAtMs) };
      }),
      day: this.part("day", async () => {
        const range = this.today();
        const [rules, cities] = await Promise.all([
          figures.rules({ scope, range, limit: TOP_RULES }),
          figures.cities({ scope, range, by: "care" }),
        ]);
        return { range: cities.range, rules: rules.rules, cities: cities.cities };
      }),
      delivery: this.part("delivery", () => desk.delivery({ scope, sinceMs: this.today().from })),
    };
  }

  private part<Value>(name: keyof typeof EVERY_MS, read: () => Promise<Value>): HeldPart<Value> {
    const { clock, logger } = this.options;
    return new HeldPart({ name, read, everyMs: EVERY_MS[name], clock, logger });
  }

  private lastHours() {
    const to = Math.floor(this.options.dayClock.now() / MINUTE_MS) * MINUTE_MS + MINUTE_MS;
    return { from: to - PULSE_HOURS * HOUR_MS, to };
  }

  /** From midnight of Shanghai to the end of the hour. */
  private today() {
    const nowMs = this.options.dayClock.now();
    return { from: startOfDayMs(dayOf(nowMs)), to: Math.floor(nowMs / HOUR_MS) * HOUR_MS + HOUR_MS };
  }
}

/** Equal where only the times of reading differ. */
export function fingerprintOf(answer: OverviewAnswer): string {
  return JSON.stringify(answer, (key, value: unknown) => (key === "asOf" ? undefined : value));
}

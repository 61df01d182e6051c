/**
 * Money of a purchase, counted once: an authorize counts until a settle that names it counts in the same place
 * (services/alerts/cases/open-cases.ts does the same for cases).
 */

import type { judgedSwipeOf } from "../../services/alerts/judged-swipe.js";

/** A settle comes within a day; of so many changed authorizes the oldest are no longer waited for. */
const AUTHORIZES_MAX = 200_000;

type JudgedSwipe = ReturnType<typeof judgedSwipeOf>;

interface Counted {
  readonly fen: number;
  readonly places: Set<string>;
}

export interface SwipeMoney {
  readonly fen: number;
  /** Counts the swipe's money under these names. */
  add(names: readonly string[]): void;
  /** After the last `add`. */
  close(): void;
}

export class PurchaseMoney {
  private readonly authorizes = new Map<string, Counted>();

  constructor(private readonly count: (names: readonly string[], fen: number) => void) {}

  of(swipe: JudgedSwipe, personKey: string): SwipeMoney {
    const fen = swipe.at_risk_fen;
    const authorize =
      swipe.kind === "settle" && swipe.original_event_id !== null
        ? this.authorizes.get(`${personKey}/${swipe.original_event_id}`)
        : undefined;
    const places = new Set<string>();
    return {
      fen,
      add: (names) => {
        if (fen > 0) this.count(names, fen);
        const place = names.join("/");
        places.add(place);
        if (authorize?.places.delete(place) === true) this.count(names, -authorize.fen);
      },
      close: () => {
        if (swipe.kind === "authorize") this.remember(`${personKey}/${swipe.event_id}`, { fen, places });
      },
    };
  }

  private remember(key: string, counted: Counted): void {
    if (this.authorizes.size >= AUTHORIZES_MAX)
      for (const oldest of this.authorizes.keys()) {
        this.authorizes.delete(oldest);
        break;
      }
    this.authorizes.set(key, counted);
  }
}

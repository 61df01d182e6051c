/** Heartbeats of the provinces' feeds: partition state beside the persons (rules.md 0.15). */

import { type PackedRegion, provinceOf } from "./place/region.js";

const STALE_AFTER_MS = 60_000;

export class Feeds {
  private readonly lastByProvince: Map<number, number>;

  /** @param heartbeats as `entries` gave them. */
  constructor(heartbeats: Iterable<readonly [number, number]> = []) {
    this.lastByProvince = new Map(heartbeats);
  }

  /** Province → append time of its last heartbeat, in order of the provinces. */
  entries(): [number, number][] {
    return [...this.lastByProvince].sort(([a], [b]) => a - b);
  }

  /** A heartbeat of the feed (a two-digit province) was appended. Other feed ids concern no swipe. */
  beat(feedId: string, appendedAtMs: number): void {
    const province = Number(feedId);
    if (!/^\d{2}$/.test(feedId)) return;
    const last = this.lastByProvince.get(province) ?? Number.NEGATIVE_INFINITY;
    this.lastByProvince.set(province, Math.max(last, appendedAtMs));
  }

  /** Has the feed of the region been silent for too long? Feeds never heard of are not judged. */
  isStale(insuredRegion: PackedRegion, appendedAtMs: number): boolean {
    if (this.lastByProvince.size === 0) return false;
    const last = this.lastByProvince.get(provinceOf(insuredRegion));
    return last !== undefined && appendedAtMs - last > STALE_AFTER_MS;
  }
}

/**
 * Counts of latencies in buckets of a relative width: any quantile is at most 1/128 (0.8 %) above a latency that was
 * recorded. Buckets are one microsecond wide up to 256 µs, then 128 to each doubling.
 */

const SUB_BUCKETS = 128;
const LINEAR_US = 2 * SUB_BUCKETS;
/** 2^27 µs are 134 s: no request of a run waits longer; what does counts as this. */
const DOUBLINGS = 27;
const LATENCY_US_MAX = 2 ** DOUBLINGS - 1;
const BUCKETS = bucketOf(LATENCY_US_MAX) + 1;

export interface Quantiles {
  readonly count: number;
  readonly meanMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
  readonly maxMs: number;
}

export class LatencyHistogram {
  count = 0;
  private readonly counts = new Uint32Array(BUCKETS);
  private sumUs = 0;
  private maxUs = 0;

  record(latencyMs: number): void {
    const us = Math.min(LATENCY_US_MAX, Math.max(0, Math.round(latencyMs * 1000)));
    const bucket = bucketOf(us);
    this.counts[bucket] = this.counts[bucket]! + 1;
    this.count += 1;
    this.sumUs += us;
    this.maxUs = Math.max(this.maxUs, us);
  }

  /** The latency that this share of all did not exceed, rounded up to its bucket's end; 0 when nothing was recorded. */
  quantileMs(share: number): number {
    const rank = Math.max(1, Math.ceil(this.count * share));
    let seen = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      seen += this.counts[bucket]!;
      if (seen >= rank) return Math.min(lastUsOf(bucket), this.maxUs) / 1000;
    }
    return this.maxUs / 1000;
  }

  quantiles(): Quantiles {
    return {
      count: this.count,
      meanMs: this.count === 0 ? 0 : Math.round(this.sumUs / this.count) / 1000,
      p50Ms: this.quantileMs(0.5),
      p99Ms: this.quantileMs(0.99),
      p999Ms: this.quantileMs(0.999),
      maxMs: this.maxUs / 1000,
    };
  }
}

function bucketOf(us: number): number {
  if (us < LINEAR_US) return us;
  // 256 to 511 µs are shifted by one bit, 512 to 1023 by two …
  const shift = 31 - Math.clz32(us) - 7;
  return LINEAR_US + (shift - 1) * SUB_BUCKETS + ((us >>> shift) - SUB_BUCKETS);
}

/** The longest latency that falls into the bucket. */
function lastUsOf(bucket: number): number {
  if (bucket < LINEAR_US) return bucket;
  const shift = Math.floor((bucket - LINEAR_US) / SUB_BUCKETS) + 1;
  const position = ((bucket - LINEAR_US) % SUB_BUCKETS) + SUB_BUCKETS;
  return (position + 1) * 2 ** shift - 1;
}

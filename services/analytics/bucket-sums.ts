/** Counts and hashes of records by ranges of offsets; two sides with equal sums hold the same bodies. */

import { createHash } from "node:crypto";

export interface Sum {
  readonly count: number;
  readonly hash: bigint;
}

export const NOTHING: Sum = { count: 0, hash: 0n };

/** First eight bytes of SHA-256, little-endian, as ClickHouse's reinterpretAsUInt64 reads them. */
export function bodyHash(text: string): bigint {
  return createHash("sha256").update(text).digest().readBigUInt64LE();
}

export function plus(a: Sum, b: Sum): Sum {
  return { count: a.count + b.count, hash: BigInt.asUintN(64, a.hash + b.hash) };
}

export function hashText(hash: bigint): string {
  return hash.toString(16).padStart(16, "0");
}

/** Bucket `n` holds offsets `n × width` and up. */
export class BucketSums {
  readonly byBucket = new Map<number, Sum>();

  constructor(readonly width: number) {}

  add(offset: number, sum: Sum): void {
    const bucket = Math.floor(offset / this.width);
    this.byBucket.set(bucket, plus(this.byBucket.get(bucket) ?? NOTHING, sum));
  }

  total(): Sum {
    return [...this.byBucket.values()].reduce(plus, NOTHING);
  }

  /** Buckets in which the two sides are not equal, in their order. */
  differingFrom(other: BucketSums): readonly number[] {
    const buckets = new Set([...this.byBucket.keys(), ...other.byBucket.keys()]);
    return [...buckets]
      .filter((bucket) => {
        const a = this.byBucket.get(bucket) ?? NOTHING;
        const b = other.byBucket.get(bucket) ?? NOTHING;
        return a.count !== b.count || a.hash !== b.hash;
      })
      .sort((a, b) => a - b);
  }
}

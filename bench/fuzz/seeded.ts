/** Seeded, the same on every machine: xorshift128 (Marsaglia), 32 bits a draw, 0 ≤ x < 1. */
export function seeded(seed: number): () => number {
  let x = 0x9e3779b9 ^ seed;
  let y = 0x243f6a88;
  let z = 0xb7e15162;
  let w = 0xdeadbeef ^ Math.imul(seed, 0x85ebca6b);
  return () => {
    const t = x ^ (x << 11);
    x = y;
    y = z;
    z = w;
    w = w ^ (w >>> 19) ^ t ^ (t >>> 8);
    return (w >>> 0) / 2 ** 32;
  };
}

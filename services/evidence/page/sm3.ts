/** SM3 (GB/T 32905) for the verifier page: browsers have none. */

const IV = [
  0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e,
] as const;
const BLOCK_BYTES = 64;
const ROUNDS = 64;
const LENGTH_AT = 56;

/** Lower-case hexadecimal. */
export function sm3(bytes: Uint8Array): string {
  const state = Uint32Array.from(IV);
  const words = new Uint32Array(68);
  const whole = bytes.length - (bytes.length % BLOCK_BYTES);
  for (let at = 0; at < whole; at += BLOCK_BYTES)
    compress(state, words, bytes.subarray(at, at + BLOCK_BYTES));
  const tail = tailOf(bytes, whole);
  for (let at = 0; at < tail.length; at += BLOCK_BYTES)
    compress(state, words, tail.subarray(at, at + BLOCK_BYTES));
  return [...state].map((word) => word.toString(16).padStart(8, "0")).join("");
}

/** What is left, a bit 1, zeros, the length in bits. */
function tailOf(bytes: Uint8Array, whole: number): Uint8Array {
  const rest = bytes.length - whole;
  const tail = new Uint8Array(rest < LENGTH_AT ? BLOCK_BYTES : 2 * BLOCK_BYTES);
  tail.set(bytes.subarray(whole));
  tail[rest] = 0x80;
  new DataView(tail.buffer).setBigUint64(tail.length - 8, BigInt(bytes.length) * 8n);
  return tail;
}

function compress(state: Uint32Array, w: Uint32Array, block: Uint8Array): void {
  const view = new DataView(block.buffer, block.byteOffset, BLOCK_BYTES);
  for (let j = 0; j < 16; j++) w[j] = view.getUint32(4 * j);
  for (let j = 16; j < 68; j++)
    w[j] = p1(w[j - 16]! ^ w[j - 9]! ^ turned(w[j - 3]!, 15)) ^ turned(w[j - 13]!, 7) ^ w[j - 6]!;
  let [a, b, c, d, e, f, g, h] = state as unknown as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  for (let j = 0; j < ROUNDS; j++) {
    const constant = j < 16 ? 0x79cc4519 : 0x7a879d8a;
    const ss1 = turned((turned(a, 12) + e + turned(constant, j % 32)) >>> 0, 7);
    const ff = j < 16 ? a ^ b ^ c : (a & b) | (a & c) | (b & c);
    const gg = j < 16 ? e ^ f ^ g : (e & f) | (~e & g);
    const tt1 = (ff + d + (ss1 ^ turned(a, 12)) + (w[j]! ^ w[j + 4]!)) >>> 0;
    const tt2 = (gg + h + ss1 + w[j]!) >>> 0;
    [d, c, b, a] = [c, turned(b, 9), a, tt1];
    [h, g, f, e] = [g, turned(f, 19), e, p0(tt2)];
  }
  [a, b, c, d, e, f, g, h].forEach((word, index) => {
    state[index] = state[index]! ^ word;
  });
}

function turned(word: number, bits: number): number {
  return bits === 0 ? word >>> 0 : ((word << bits) | (word >>> (32 - bits))) >>> 0;
}

function p0(word: number): number {
  return (word ^ turned(word, 9) ^ turned(word, 17)) >>> 0;
}

function p1(word: number): number {
  return (word ^ turned(word, 15) ^ turned(word, 23)) >>> 0;
}

/**
 * Tokens: identities never leave ingest in clear. personKey and cardKey are HMAC-SHA-256 under the linkage
 * key, first 16 bytes, hex. Owns a bounded cache: an HMAC costs about 2 µs, a repeat visitor should not.
 */
import { createHmac, hash } from "node:crypto";

/** The published key of `kadun replay`: makes tokens of examples and fixtures comparable everywhere. */
export const ALL_ZERO_KEY = Buffer.alloc(32);
/** 200,000 entries of about 150 bytes are 30 MB; beyond that the older half is forgotten. */
const CACHE_ENTRIES_MAX = 200_000;

export class Tokeniser {
  private recent = new Map<string, string>();
  private older = new Map<string, string>();

  constructor(private readonly linkageKey: Buffer) {}

  /** 32 hex digits for a person, card or agent identity. */
  token(identity: string): string {
    const cached = this.recent.get(identity) ?? this.older.get(identity);
    if (cached !== undefined) return cached;
    const token = createHmac("sha256", this.linkageKey).update(identity, "utf8").digest("hex").slice(0, 32);
    if (this.recent.size >= CACHE_ENTRIES_MAX / 2) {
      this.older = this.recent;
      this.recent = new Map();
    }
    this.recent.set(identity, token);
    return token;
  }
}

/** First 8 bytes of SHA-256, hex: content hashes and trace-code hashes. */
export function shortHash(text: string): string {
  return hash("sha256", text, "hex").slice(0, 16);
}

const NOT_PRINTABLE_ASCII = /[^\x21-\x7e]/g;

/** The last four characters of a card number, shown to people instead of it; only ASCII ones are shown. */
export function cardTailOf(cardNumber: string): string {
  return cardNumber.slice(-4).replace(NOT_PRINTABLE_ASCII, "*");
}

/** What ingest needs of a key-value store: small registers that change seldom. The key-value port has this shape. */
export interface KeyValues {
  get(key: string): Promise<Uint8Array | null>;
  /** Resolves when it is durable. */
  put(key: string, value: Uint8Array): Promise<void>;
  delete(key: string): Promise<void>;
  entries(prefix: string): AsyncIterable<{ readonly key: string; readonly value: Uint8Array }>;
}

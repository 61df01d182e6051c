import type { KeyValue } from "../../platform/key-value/key-value.js";

/** What ingest needs of a key-value store. Whoever opened it closes it. */
export type KeyValues = Omit<KeyValue, "close">;
